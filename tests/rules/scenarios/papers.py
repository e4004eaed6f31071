"""The rules for papers and products: what is held, and what is declared under it."""

from rules.words import (
    BLACK,
    MARKED,
    OTHER_MARK,
    affiliation,
    amends,
    breaks,
    citing,
    keeps,
    mark,
    product,
    revoke,
    says,
    withdraw_mark,
)
from tea import EVER
from usual import LICENCE, day, who

PAPERS = (
    breaks(
        "qualification-country",
        "a licence of a country that its holder is not in",
        says("qualification", country="JP"),
    ),
    breaks(
        "qualification-country",
        "a Chinese licence that says so",
        says("qualification", country="CN"),
    ),
    breaks(
        "qualification-country",
        "a certificate that every country shares",
        says("qualification", kind="compulsory-certification", country="DE"),
    ),
    keeps(
        "qualification-country",
        "a licence of its holder's country",
        says("qualification", country="DE"),
    ),
    breaks(
        "qualification-scope",
        "a licence without goods",
        says("qualification", categories=[]),
    ),
    breaks(
        "qualification-scope",
        "an accreditation without methods",
        says("qualification", kind="accreditation", categories=...),
    ),
    breaks(
        "qualification-scope",
        "an affiliation with nobody",
        affiliation("parent", "brand", of=...),
    ),
    breaks(
        "qualification-scope",
        "an affiliation without its relation",
        affiliation("parent", "brand", relation=...),
    ),
    breaks(
        "qualification-scope",
        "a party affiliated with itself",
        affiliation("brand", "brand"),
    ),
    breaks(
        "qualification-scope",
        "a licence that says whose subsidiary its holder is",
        says("qualification", of=who("parent"), relation="wholly-owned"),
    ),
    keeps("qualification-scope", "a licence for goods", says("qualification")),
    keeps(
        "qualification-scope",
        "an accreditation for a method on goods",
        says(
            "qualification",
            subject=who("laboratory"),
            kind="accreditation",
            number="urn:qualification:cnas.cn:L1",
            scheme="CNAS",
            categories=...,
            methods=[{"method": "GB 23200.113", "categories": ["food/tea"]}],
        ),
    ),
    keeps("qualification-scope", "an affiliation", affiliation("parent", "brand")),
    breaks(
        "qualification-number",
        "a licence under a trademark's number",
        says("qualification", number=OTHER_MARK),
    ),
    breaks(
        "qualification-number",
        "a trademark under a licence's number",
        says("qualification", **MARKED | {"number": "urn:qualification:samr.cn:SP-2"}),
    ),
    keeps(
        "qualification-number",
        "a pending trademark under a trademark's number",
        says("qualification", **MARKED | {"kind": "trademark-pending", "number": OTHER_MARK}),
    ),
    breaks(
        "qualification-expired",
        "a paper that expires in the second it is signed",
        says("qualification", until=day(0)),
    ),
    keeps(
        "qualification-expired",
        "a paper that expires a second after it is signed",
        says("qualification", until=day(1 / 86_400)),
    ),
    keeps("qualification-expired", "a paper for ever", says("qualification", until=None)),
    breaks(
        "trademark-taken",
        "a second office says that a rival holds the mark",
        mark(),
    ),
    breaks(
        "trademark-taken",
        "the operator says that a rival holds the mark",
        mark(by="operator"),
        refused=("trademark-taken", "trademark-authority"),
    ),
    breaks(
        "trademark-authority",
        "the operator gives a friend the mark that the office withdrew",
        withdraw_mark(),
        mark(by="operator"),
    ),
    breaks(
        "trademark-authority",
        "the operator renews the brand's mark for the office",
        mark("brand", by="operator", from_=EVER["until"], until=None),
    ),
    keeps(
        "trademark-authority",
        "the operator transcribes a mark that no authority issued here",
        mark(by="operator", number=OTHER_MARK),
    ),
    keeps(
        "trademark-taken",
        "an office withdraws what the operator wrote of a mark first, and says whose it is",
        mark(by="operator", number=OTHER_MARK),
        says(
            "qualification-withdrawal",
            by="office",
            subject=who("rival"),
            target=citing("second mark"),
            number=OTHER_MARK,
        ),
        mark("brand", by="office", number=OTHER_MARK),
    ),
    keeps(
        "trademark-authority",
        "another authority gives a rival the mark that the office withdrew",
        withdraw_mark(),
        mark(by="registrar"),
    ),
    breaks(
        "withdrawal-authority",
        "the operator withdraws the brand's mark",
        withdraw_mark("operator"),
    ),
    keeps("withdrawal-authority", "the office withdraws it", withdraw_mark()),
    keeps(
        "withdrawal-authority",
        "the operator withdraws a mark that it transcribed itself",
        mark(by="operator", number=OTHER_MARK),
        amends("qualification-withdrawal", "second mark", by="operator"),
    ),
    keeps(
        "withdrawal-authority",
        "the operator withdraws a licence for the office",
        amends("qualification-withdrawal", "licence", by="operator"),
    ),
    breaks(
        "trademark-taken",
        "the mark is pending for a rival while the brand holds it",
        mark(kind="trademark-pending"),
    ),
    keeps("trademark-taken", "the brand renews its mark", mark("brand", by="office")),
    keeps(
        "trademark-taken",
        "a rival holds the mark once it was withdrawn from the brand",
        withdraw_mark(),
        mark(),
    ),
    keeps(
        "trademark-taken",
        "a rival holds the mark from when it expires for the brand",
        mark(from_=EVER["until"], until=None),
    ),
    breaks(
        "number-taken",
        "a second trader under the first one's licence",
        says("qualification", subject=who("agent")),
    ),
    keeps("number-taken", "a trader's licence is renewed", says("qualification")),
    keeps(
        "number-taken",
        "a second trader under a licence of its own",
        says("qualification", subject=who("agent"), number=LICENCE + "-2"),
    ),
)

PRODUCTS = (
    breaks(
        "product-right",
        "a rival declares goods of the brand under its trademark",
        product(by="rival"),
    ),
    breaks(
        "product-right",
        "an agent declares goods outside its grant",
        product(by="agent", under=citing("agent"), category=BLACK),
    ),
    breaks(
        "product-right",
        "the brand declares goods outside its trademark",
        product(category="food/coffee"),
    ),
    breaks(
        "product-right",
        "the brand declares under a grant that is not its own",
        product(under=citing("agent")),
    ),
    breaks(
        "product-right",
        "an agent declares after its grant was revoked above",
        revoke("agent", "agent", "brand"),
        product(by="distributor", under=citing("distributor")),
    ),
    breaks(
        "product-right",
        "a brand's goods under the trademark of another brand",
        mark("rival", number=OTHER_MARK),
        product(by="rival", under=citing("second mark")),
    ),
    keeps("product-right", "the brand declares its goods", product()),
    keeps(
        "product-right",
        "a trader declares goods that its grant covers",
        product(by="trader", under=citing("trader")),
    ),
    keeps(
        "product-right",
        "a subsidiary declares goods of the right-holder",
        affiliation("brand", "subsidiary"),
        product(by="subsidiary"),
    ),
)


SCENARIOS = (*PAPERS, *PRODUCTS)
