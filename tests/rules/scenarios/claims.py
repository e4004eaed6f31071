"""The rules for claims on names, and for what settles them: licences of numbers, decisions, appeals."""

from rules.telling import key
from rules.words import (
    OTHER_MARK,
    WHITE,
    affiliation,
    anew,
    becomes,
    breaks,
    citing,
    decides,
    disputed,
    grant,
    keeps,
    lost,
    mark,
    prefixed,
    product,
    rivals,
    says,
)
from stdnum import ean
from tea import GTIN, LOT
from usual import day, id_of, who

GLN = "https://id.gs1.org/414/6901234500110"
AGENTS = f"{GTIN}/10/N1"
OWN_MARK = mark(number=OTHER_MARK)
FIRST = (OWN_MARK, rivals(WHITE, called="theirs"))
"""The rival is there first with a product that the brand has not declared."""
SHED = says("facility", by="rival", subject=GLN, owner=who("rival"), called="shed")
OWN = says("facility", subject=GLN, called="own")


def appeals(by: str = "rival", **changes):
    said = {"subject": who(by), "target": citing("decision"), "called": "appeal"} | changes
    return says("appeal", by=by, **said)


def answers(by: str, outcome: str = "annulled", of: str = "rival", **changes):
    said = {"subject": who(of), "target": citing("decision"), "outcome": outcome} | changes
    return says("appeal-decision", by=by, **said)


TAKEN = (
    breaks("claim-taken", "a rival declares the brand's product", OWN_MARK, rivals()),
    breaks(
        "claim-taken",
        "a grantee declares the brand's product again",
        product(by="agent", under=citing("agent"), subject=GTIN),
    ),
    breaks("claim-taken", "the brand comes behind a rival's mark", *FIRST, product()),
    breaks(
        "claim-taken",
        "a grantee states the brand's lot otherwise",
        says("lot", by="agent", quantity={"amount": "1", "unit": "kg"}),
    ),
    breaks(
        "claim-taken",
        "a grantee says again that what it declared before the brand is of its own brand",
        OWN_MARK,
        grant("brand", "rival"),
        product(by="rival", under=citing("brand to rival"), called="theirs"),
        product(),
        rivals(WHITE, called="again"),
    ),
    breaks("claim-taken", "a rival stated the place first", SHED, OWN),
    breaks(
        "claim-taken",
        "a rival states a place again that the owner it named has stated",
        says("facility", by="rival", subject=GLN, owner=who("brand"), called="shed"),
        OWN,
        SHED,
    ),
    breaks(
        "claim-taken",
        "who a decision rejected states the lot again",
        decides(subject=LOT, rejected=[citing("lot")]),
        says("lot", called="lot again"),
    ),
    breaks(
        "claim-taken",
        "a rival whose claim was rejected comes back first",
        *FIRST,
        decides(subject=WHITE),
        rivals(WHITE, called="again"),
    ),
    keeps(
        "claim-taken",
        "the brand declares what the rejected rival claimed",
        *FIRST,
        decides(subject=WHITE),
        product(),
    ),
    keeps("claim-taken", "the brand says again what its product is", product(subject=GTIN)),
    keeps(
        "claim-taken",
        "the brand declares what its agent declared before it",
        product(by="agent", under=citing("agent"), called="agent's"),
        product(),
    ),
    keeps(
        "claim-taken",
        "a brand declares what a rival did whose trademark was withdrawn",
        *FIRST,
        says(
            "qualification-withdrawal",
            by="registrar",
            subject=who("rival"),
            target=citing("second mark"),
            number=OTHER_MARK,
        ),
        product(),
    ),
    keeps(
        "claim-taken",
        "a brand declares what a rival did whose trademark expired",
        mark(number=OTHER_MARK, until=day(0.003)),
        rivals(WHITE),
        lambda w: w.wait(seconds=600),
        product(),
    ),
    keeps(
        "claim-taken",
        "a brand declares the number of its own licence that a rival claimed first",
        *FIRST,
        prefixed(),
        product(),
    ),
    keeps(
        "claim-taken",
        "the brand states the lot that its trader stated before it",
        says("lot", by="trader", subject=GTIN + "/10/B1"),
        says("lot", subject=GTIN + "/10/B1"),
    ),
    keeps(
        "claim-taken",
        "the licensee of the number states its place behind a rival",
        SHED,
        prefixed(),
        OWN,
    ),
    keeps(
        "claim-taken",
        "the owner that a rival named states its place",
        says("facility", by="rival", subject=GLN, owner=who("brand"), called="shed"),
        OWN,
    ),
    keeps(
        "claim-taken",
        "the operator states a place for its owner behind a rival",
        SHED,
        says("facility", by="operator", subject=GLN),
    ),
)

LOST = lost("brand")
"""All that the brand ever said is in doubt; it has a new key."""
IN_DOUBT = (
    breaks(
        "claim-taken",
        "a rival declares the product of a brand whose key is suspected since before",
        OWN_MARK,
        *LOST,
        rivals(),
    ),
    breaks(
        "claim-taken",
        "by its own revocation it frees the name for nobody else, either",
        OWN_MARK,
        rivals(WHITE),
        *lost("rival"),
        product(),
    ),
    breaks(
        "claim-taken",
        "a grantee states its lot",
        *LOST,
        says("lot", by="agent"),
        refused=("claim-taken", "product-unknown"),
    ),
    breaks(
        "claim-taken",
        "a grantee states its lot once its product is known again",
        *LOST,
        product(subject=GTIN, how=anew("brand")),
        says("lot", by="agent"),
    ),
    breaks(
        "claim-taken",
        "a rival states its place",
        *LOST,
        says("facility", by="rival", owner=who("rival")),
    ),
    breaks(
        "claim-taken",
        "an authority restates a standard of one whose key is suspected",
        says("baseline-standard"),
        *lost("office", "authority"),
        says("baseline-standard", by="registrar", from_=day(1)),
    ),
    breaks(
        "claim-taken",
        "an inspector seals another bag under an id that one whose key is suspected gave",
        says("sample-sealed", called="sample"),
        *lost("inspector", "inspector"),
        says("sample-sealed", by="second-inspector", called="sample again"),
    ),
    breaks(
        "claim-taken",
        "a rival declares the product of a brand whose older key was suspected when it gave the newer one",
        OWN_MARK,
        key("brand-3", by="brand"),
        product(how={"by": "brand-3"}),
        *LOST,
        rivals(WHITE),
    ),
    keeps(
        "claim-taken", "the brand says it again", *LOST, product(subject=GTIN, how=anew("brand"))
    ),
    keeps(
        "claim-taken",
        "and its lot",
        *LOST,
        product(subject=GTIN, how=anew("brand")),
        says("lot", how=anew("brand")),
    ),
    keeps("claim-taken", "and its place", *LOST, says("facility", how=anew("brand"))),
    keeps(
        "claim-taken",
        "a rival declares what an office decided that the brand has no right to",
        OWN_MARK,
        *LOST,
        decides(rejected=[citing("product")]),
        rivals(),
    ),
    keeps(
        "claim-taken",
        "a rival declares the number that GS1 licensed to it",
        OWN_MARK,
        *LOST,
        prefixed("rival"),
        rivals(),
    ),
    keeps(
        "claim-taken",
        "a brand declares what a rival did with a suspected key, and a decision says is not the rival's",
        OWN_MARK,
        rivals(WHITE),
        *lost("rival"),
        decides(subject=WHITE),
        product(),
    ),
    breaks(
        "recall-right",
        "a rival recalls a lot of the brand whose key is suspected",
        *LOST,
        says("recall", by="rival"),
    ),
    keeps(
        "recall-right",
        "the brand recalls its lot before it says again whose it is",
        *LOST,
        says("recall", how=anew("brand")),
    ),
)

HOUSE = {
    "of a GTIN-13 of 20": "02012345678900",
    "of a GTIN-12 of 2": "00212345678908",
    "of a GTIN-12 of 4": "00412345678902",
    "of a GTIN-8 of 2": "00000020123451",
    "of a GTIN-8 of 0": "00000001234565",
    "of a carton of a GTIN-8 of 2": "10000020123458",
    "of a case of a GTIN-13 of 29": "12912345678905",
    "of a GTIN-13 of 02": "00212345678908",
}


def gtin(digits: str) -> str:
    """Return the id of a product with its check digit set right."""
    return f"https://id.gs1.org/01/{digits[:13]}{ean.calc_check_digit(digits[:13])}"


HANDED = (
    breaks(
        "custody-named",
        "a carrier whom nobody named takes the sample",
        says("sample-sealed", called="sample", to=[who("laboratory")]),
        says("custody"),
    ),
    breaks(
        "custody-named",
        "of a sample whose holder named nobody",
        says("sample-sealed", called="sample", to=[]),
        says("custody"),
    ),
    keeps(
        "custody-named",
        "the holder names another carrier",
        says("sample-sealed", called="sample", to=[who("laboratory")]),
        says("custody", by="inspector", called="named", to=[who("carrier")]),
        says("custody", previous=id_of("named"), at=day(0)),
    ),
)

RESTRICTED = (
    *(
        breaks("number-restricted", f"a product {says_}", product(subject=gtin(digits)))
        for says_, digits in HOUSE.items()
    ),
    breaks("number-restricted", "a product of no number", product(subject=gtin("0" * 14))),
    keeps("number-restricted", "a German product", product(subject=gtin("04012345678901"))),
    keeps("number-restricted", "a product of a GTIN-12", product(subject=gtin("00312345678906"))),
    keeps("number-restricted", "a product of a GTIN-8", product(subject=gtin("00000040123455"))),
    keeps("number-restricted", "a case of 2", product(subject=gtin("26901234500042"))),
)

LICENSED = (
    breaks(
        "number-licensed",
        "a rival claims a number of the brand's prefix before the brand does",
        prefixed(),
        OWN_MARK,
        rivals(WHITE),
    ),
    breaks(
        "number-licensed",
        "a rival grants its brand to the licensee, and claims the licensee's number for it",
        prefixed(),
        mark(number=OTHER_MARK),
        grant("rival", "brand", "second mark", brand=OTHER_MARK),
        rivals(WHITE),
    ),
    breaks(
        "number-licensed",
        "a rival states a place of the brand's prefix",
        prefixed(),
        SHED,
    ),
    keeps("number-licensed", "the licensee claims its number", prefixed(), product()),
    keeps(
        "number-licensed",
        "the licensee's agent declares for the licensee's brand",
        prefixed(),
        product(by="agent", under=citing("agent")),
    ),
    keeps(
        "number-licensed",
        "the brand claims a number of its manufacturer, which declared it for the brand",
        prefixed("agent"),
        product(by="agent", under=citing("agent"), called="agent's"),
        product(),
    ),
    keeps(
        "number-licensed",
        "the licensee's place is stated by whom the licensee named as its owner",
        prefixed(),
        says("facility", subject=GLN, owner=who("parent"), called="own"),
        says("facility", by="parent", subject=GLN, owner=who("parent")),
    ),
    keeps(
        "number-licensed",
        "a rival claims a number of a licence that ended",
        prefixed(until=day(0.0005)),
        OWN_MARK,
        rivals(WHITE),
    ),
    breaks(
        "prefix-taken",
        "a longer prefix below another's",
        prefixed(),
        prefixed("rival", "6901234501"),
    ),
    keeps(
        "prefix-taken", "a renewal", prefixed(), prefixed(number="urn:qualification:gs1cn.org:R-2")
    ),
    keeps("prefix-taken", "another prefix", prefixed(), prefixed("rival", "690123451")),
    breaks(
        "qualification-scope",
        "a licence of no prefix",
        prefixed(prefix=..., number="urn:qualification:gs1cn.org:N-1"),
    ),
)

DECISIONS = (
    breaks("decision-about", "about another product", *disputed(), decides(subject=WHITE)),
    keeps("decision-about", "about the product disputed", *disputed(), decides()),
    breaks(
        "decision-tied",
        "an office tied to whom it upholds",
        *disputed(),
        affiliation("brand", "registrar", relation="tied"),
        decides(rejected=[], upheld=citing("product")),
    ),
    breaks(
        "decision-tied",
        "an office tied to whom it rejects",
        *disputed(),
        affiliation("rival", "registrar", relation="tied"),
        decides(),
    ),
    breaks(
        "decision-tied",
        "an office tied to a claimant rejects the other's claim alone",
        *disputed(),
        affiliation("rival", "registrar"),
        decides(rejected=[citing("product")]),
    ),
    breaks(
        "decision-tied",
        "an office tied to the brand rejects its agent's claim on a lot",
        says("lot", by="agent", subject=AGENTS, called="agent's", serial_range=...),
        affiliation("brand", "registrar"),
        decides(subject=AGENTS, rejected=[citing("agent's")]),
    ),
    keeps("decision-tied", "an office tied to nobody", *disputed(), decides()),
    breaks(
        "decision-rank",
        "the operator overrules an authority",
        *disputed(),
        decides(),
        decides("operator", rejected=[citing("product")], overrules=citing("decision")),
    ),
    breaks(
        "decision-rank",
        "the operator overrules an authority whose role it took away",
        *disputed(),
        decides(),
        becomes("registrar", "brand"),
        decides("operator", rejected=[citing("product")], overrules=citing("decision")),
    ),
    keeps(
        "decision-rank",
        "an authority overrules whose decision came before it was an authority",
        *disputed(),
        decides("operator"),
        becomes("parent", "authority"),
        decides("parent", rejected=[citing("product")], overrules=citing("decision")),
    ),
    keeps(
        "decision-rank",
        "an authority overrules the operator",
        *disputed(),
        decides("operator"),
        decides(rejected=[citing("product")], overrules=citing("decision")),
    ),
    breaks(
        "role",
        "a brand decides for itself",
        *disputed(),
        decides("brand"),
        refused=("role", "decision-tied"),
    ),
    breaks(
        "appeal-party",
        "the brand appeals against its win",
        *disputed(),
        decides(),
        appeals("brand"),
    ),
    keeps("appeal-party", "the rejected rival appeals", *disputed(), decides(), appeals()),
    breaks("appeal-twice", "the rival appeals twice", *disputed(), decides(), appeals(), appeals()),
    breaks(
        "decision-office",
        "the operator annuls an authority's decision",
        *disputed(),
        decides(),
        appeals(),
        answers("operator"),
    ),
    breaks(
        "decision-terms",
        "a decision on claims is varied",
        *disputed(),
        decides(),
        appeals(),
        answers("office", "varied", terms={"step": "interview", "until": None}),
    ),
    breaks(
        "appeal-tied",
        "an authority annuls a decision against who belongs to it",
        *disputed(),
        decides(),
        affiliation("office", "rival", by="operator"),
        appeals(),
        answers("office"),
    ),
    breaks(
        "appeal-tied",
        "an authority annuls a decision against itself",
        *disputed(),
        decides(),
        becomes("rival", "brand", "authority"),
        appeals(),
        answers("rival"),
    ),
    breaks(
        "appeal-tied",
        "an authority upholds a decision for who is tied to it",
        *disputed(),
        decides(),
        affiliation("brand", "office", by="operator", relation="tied"),
        appeals(),
        answers("office", "upheld"),
    ),
    keeps(
        "appeal-tied",
        "an authority tied to nobody annuls a decision",
        *disputed(),
        decides(),
        affiliation("parent", "office", by="operator", relation="tied"),
        appeals(),
        answers("office"),
    ),
    keeps(
        "decision-office",
        "another authority annuls an authority's decision",
        *disputed(),
        decides(),
        appeals(),
        answers("office"),
    ),
)

SCENARIOS = (*TAKEN, *IN_DOUBT, *HANDED, *RESTRICTED, *LICENSED, *DECISIONS)
