"""Who holds a name: what settles it is noted in every answer about the thing."""

from questions.scene import BUSINESS, Scene, audit, selling
from rules.telling import key
from rules.words import (
    OTHER_MARK,
    WHITE,
    anew,
    becomes,
    citing,
    decides,
    disputed,
    lost,
    mark,
    prefixed,
    product,
    rivals,
    says,
)
from tea import GTIN, LOT
from usual import who
from world import World

GLN = "https://id.gs1.org/414/6901234500110"
SELL, TRACE = "may_sell", "trace"
FIRST = (mark(number=OTHER_MARK), rivals(WHITE))
SHED = says("facility", by="rival", subject=GLN, owner=who("rival"), called="shed")
MADE_THERE = GTIN + "/10/C1"
APPEAL = says("appeal", by="rival", subject=who("rival"), target=citing("decision"))


def answer(by: str = "office", outcome: str = "annulled"):
    return says(
        "appeal-decision", by=by, subject=who("rival"), target=citing("decision"), outcome=outcome
    )


LOST = lost("brand")
ANEW = product(subject=GTIN, how=anew("brand"))


def unheard(w: World) -> None:
    """A rival claims the tea, and is refused."""
    refused = w.refuse(rivals()(w))
    assert refused == ["claim-taken"], refused


WHITE_TEA = selling(product=WHITE)
SCENES = (
    Scene(
        "a product that a rival claimed first is nobody else's",
        FIRST,
        SELL,
        WHITE_TEA,
        "no",
        ("no-grant",),
    ),
    Scene(
        "a decision gives it to the brand, and is told",
        (*FIRST, decides(subject=WHITE), product()),
        SELL,
        WHITE_TEA,
        "yes",
        note=("claim-rejected",),
    ),
    Scene(
        "a licence of the number gives it to the brand, and is told",
        (*FIRST, prefixed(), product()),
        SELL,
        WHITE_TEA,
        "yes",
        note=("claim-licensed",),
    ),
    Scene(
        "a decision that is appealed against stands until that is decided",
        (*FIRST, decides(subject=WHITE), product(), APPEAL),
        SELL,
        WHITE_TEA,
        "yes",
        note=("claim-rejected",),
    ),
    Scene(
        "with the decision annulled both have a right",
        (*FIRST, decides(subject=WHITE), product(), APPEAL, answer()),
        SELL,
        WHITE_TEA,
        "unknown",
        ("product-contested",),
        ("decision-annulled",),
    ),
    Scene(
        "with the decision upheld on appeal the brand has it",
        (*FIRST, decides(subject=WHITE), product(), APPEAL, answer(outcome="upheld")),
        SELL,
        WHITE_TEA,
        "yes",
        note=("claim-rejected",),
    ),
    Scene(
        "an authority's decision outweighs the operator's, whichever came first",
        (
            *disputed(),
            decides("operator", called="first", rejected=[citing("product")]),
            decides(),
            audit(),
        ),
        TRACE,
        {"goods": LOT},
        "yes",
        note=("claim-rejected",),
    ),
    Scene(
        "also once the operator took its role away",
        (
            *disputed(),
            decides(),
            becomes("registrar", "brand"),
            decides("operator", called="second", rejected=[citing("product")]),
            audit(),
        ),
        TRACE,
        {"goods": LOT},
        "yes",
        note=("claim-rejected",),
    ),
    Scene(
        "the same in the other order",
        (
            *disputed(),
            decides(),
            decides("operator", called="second", rejected=[citing("product")]),
            audit(),
        ),
        TRACE,
        {"goods": LOT},
        "yes",
        note=("claim-rejected",),
    ),
    Scene(
        "two authorities that contradict each other settle nothing",
        (
            *disputed(),
            decides(),
            decides("office", called="second", rejected=[], upheld=citing("theirs")),
            audit(),
        ),
        TRACE,
        {"goods": LOT},
        "unknown",
        ("product-contested",),
        note=("claim-decided", "claim-rejected"),
    ),
    Scene(
        "unless one overrules the other",
        (
            *disputed(),
            decides("office", called="second", rejected=[], upheld=citing("theirs")),
            decides(overrules=citing("second")),
            audit(),
        ),
        TRACE,
        {"goods": LOT},
        "yes",
        note=("claim-rejected",),
    ),
    Scene(
        "what a product is, said by a key suspected since before, counts no more",
        LOST,
        SELL,
        selling(),
        "unknown",
        ("claim-in-doubt",),
        ("key-suspected",),
    ),
    *(
        Scene(
            "and that is told, not that no lot of it is on record",
            LOST,
            question,
            asks,
            "unknown",
            ("claim-in-doubt",),
            ("key-suspected",),
        )
        for question, asks in ((TRACE, {"goods": GTIN}), ("listable", selling()))
    ),
    Scene(
        "and its lots count no more, either",
        LOST,
        TRACE,
        {"goods": LOT},
        "unknown",
        ("claim-in-doubt",),
        ("key-suspected",),
    ),
    Scene(
        "said again with another key it counts, and that the operator gave that key is told",
        (*LOST, ANEW),
        SELL,
        selling(),
        "yes",
        note=("key-reset", "key-suspected"),
    ),
    Scene(
        "a rival whom nobody let in between changes nothing of it",
        (mark(number=OTHER_MARK), *LOST, unheard, ANEW),
        SELL,
        selling(),
        "yes",
        note=("key-reset", "key-suspected"),
    ),
    Scene(
        "a recall by its right-holder stands while the product is in doubt",
        (says("recall"), *LOST),
        TRACE,
        {"goods": LOT},
        "no",
        ("claim-in-doubt", "lot-recalled"),
        ("key-suspected",),
    ),
    Scene(
        "what was said by a key that a suspected one brought in is in doubt, too",
        (key("brand-3", by="brand"), product(how={"by": "brand-3"}), *LOST, ANEW),
        SELL,
        WHITE_TEA,
        "unknown",
        ("claim-in-doubt",),
        ("key-suspected",),
    ),
    Scene(
        "a place that the operator states for its owner is the owner's, and that is told",
        (SHED, says("facility", by="operator", subject=GLN)),
        "visits",
        {"about": GLN},
        "unknown",
        ("visits-absent",),
        note=("claim-assigned",),
    ),
    Scene(
        "nor are goods listable that were made at a place that two hold",
        (
            BUSINESS,
            SHED,
            prefixed(prefix="690123450011"),
            says("facility", subject=GLN, called="own"),
            prefixed("rival"),
            says("lot", subject=MADE_THERE, facility=GLN),
        ),
        "listable",
        selling(),
        "unknown",
        ("audit-absent", "place-contested"),
        note=("certificate-not-asked", "licence-contested"),
    ),
    Scene(
        "whose a place of two licences is, nobody can say",
        (
            SHED,
            prefixed(prefix="690123450011"),
            says("facility", subject=GLN, called="own"),
            prefixed("rival"),
            audit(subject=GLN),
        ),
        "place",
        {"place": GLN, "maker": "*", "page": "1"},
        "unknown",
        ("place-contested",),
        note=("licence-contested",),
    ),
    Scene(
        "a place of two licences is contested",
        (
            SHED,
            prefixed(prefix="690123450011"),
            says("facility", subject=GLN, called="own"),
            prefixed("rival"),
            says("lot", subject=MADE_THERE, facility=GLN),
        ),
        TRACE,
        {"goods": MADE_THERE},
        "unknown",
        ("place-contested",),
        note=("audit-absent", "licence-contested"),
    ),
)
