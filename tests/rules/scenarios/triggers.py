"""What a sanction rests on is its trader's: its goods, its places, its shops; nothing else."""

from questions.scene import observation_of, visit_to
from rules.scenarios.goods import FIELD
from rules.scenarios.trade import severe
from rules.words import breaks, citing, decides, grant, keeps, revoke, says
from tea import GTIN, LOT, SHOP
from usual import day, finding, who

RIVAL_MARK = "urn:trademark:cn:99999999:30"
RIVAL_TEA = "https://id.gs1.org/01/06901234500127"
RIVAL_LOT = f"{RIVAL_TEA}/10/R1"
FELLOW_LOT = f"{GTIN}/10/F1"
RIVALS = (
    says(
        "qualification",
        subject=who("rival"),
        called="their mark",
        kind="trademark-registered",
        number=RIVAL_MARK,
        categories=["food/tea"],
        evidence=...,
    ),
    says(
        "product",
        by="rival",
        subject=RIVAL_TEA,
        called="their tea",
        brand=RIVAL_MARK,
        under=citing("their mark"),
    ),
    says("facility", by="rival", subject=FIELD, called="field", owner=who("rival")),
    says("lot", by="rival", subject=RIVAL_LOT, called="their lot", facility=FIELD),
)
"""A rival with its own mark, tea, field and lot: nothing of the trader's."""
GARDEN_BAD = says("origin-audit", called="bad audit", findings=[finding("critical")])


UNASKED = grant("rival", "trader", "their mark", called="unasked", brand=RIVAL_MARK, depth=1)
"""The rival grants its tea to the trader, which may not know."""
ON = grant("trader", "subsidiary", "unasked", called="on", brand=RIVAL_MARK, depth=0)


def measure(name: str, **changes):
    """The operator ends the cooperation with the trader over what was called so."""
    return severe("end-cooperation", triggers=[citing(name)], **changes)


def interview(name: str, **changes):
    return says("sanction", triggers=[citing(name)], **changes)


FELLOWS = (
    grant("distributor", "rival", "distributor", depth=0, called="fellow's"),
    says("facility", by="rival", subject=FIELD, called="field", owner=who("rival")),
    says("lot", by="rival", subject=FELLOW_LOT, called="fellow's lot", facility=FIELD),
)
"""A fellow reseller has a lot of its own of the trader's tea."""
FELLOW_RECALL = says("recall", by="rival", subject=FELLOW_LOT)
AT_FELLOW = says(
    "inspection", subject=FELLOW_LOT, called="looked at", trader=who("trader"), nonconforming=0
)


SCENARIOS = (
    breaks(
        "sanction-triggers",
        "for a fellow reseller's recall of its own lot",
        *FELLOWS,
        FELLOW_RECALL,
        measure("recall"),
    ),
    breaks(
        "sanction-triggers",
        "for the operator's recall of a fellow reseller's lot",
        *FELLOWS,
        says("recall", by="operator", subject=FELLOW_LOT),
        measure("recall"),
    ),
    breaks(
        "sanction-triggers",
        "for what an observer found in a fellow reseller's lot",
        *FELLOWS,
        visit_to(FELLOW_LOT),
        observation_of(FELLOW_LOT),
        interview("observation"),
    ),
    breaks(
        "sanction-triggers",
        "for a complaint about a fellow reseller's lot",
        *FELLOWS,
        says("complaint", lot=FELLOW_LOT, shop=...),
        interview("complaint"),
    ),
    breaks(
        "sanction-triggers",
        "for an audit of where a fellow reseller's lot was made, on that lot",
        *FELLOWS,
        says("origin-audit", subject=FIELD, findings=[finding("critical")], called="bad audit"),
        severe("delist", triggers=[citing("bad audit")], lots=[FELLOW_LOT]),
    ),
    breaks(
        "sanction-triggers",
        "for the same, which a decision took from it",
        *FELLOWS,
        FELLOW_RECALL,
        decides(subject=FELLOW_LOT, upheld=..., rejected=[citing("fellow's lot")]),
        measure("recall"),
    ),
    breaks(
        "sanction-triggers",
        "for the same, of a number that the brand gave to a lot made since",
        *FELLOWS,
        FELLOW_RECALL,
        says("lot", subject=FELLOW_LOT, called="ours", made=day(0)),
        measure("recall"),
    ),
    keeps(
        "sanction-triggers",
        "for a fellow reseller's recall of a lot that the trader was inspected with",
        *FELLOWS,
        AT_FELLOW,
        FELLOW_RECALL,
        measure("recall"),
    ),
    keeps(
        "sanction-triggers",
        "for a recall by who granted the tea to the trader, of its own lot",
        says("lot", by="distributor", subject=FELLOW_LOT, called="distributor's lot"),
        says("recall", by="distributor", subject=FELLOW_LOT),
        measure("recall"),
    ),
    keeps(
        "sanction-triggers",
        "for the brand's recall of its own lot",
        says("recall"),
        measure("recall"),
    ),
    breaks(
        "sanction-triggers",
        "for a stranger's recall of a stranger's lot",
        *RIVALS,
        says("recall", by="rival", subject=RIVAL_LOT),
        measure("recall"),
    ),
    breaks(
        "sanction-triggers",
        "for a recall of a stranger's lot by the operator",
        *RIVALS,
        says("recall", by="operator", subject=RIVAL_LOT),
        measure("recall"),
    ),
    breaks(
        "sanction-triggers",
        "for an audit of a stranger's field",
        *RIVALS,
        says("origin-audit", subject=FIELD, findings=[finding("critical")], called="bad audit"),
        measure("bad audit"),
    ),
    keeps(
        "sanction-triggers",
        "for an audit of the garden of the brand it sells, on all it sells",
        GARDEN_BAD,
        measure("bad audit"),
    ),
    breaks(
        "sanction-triggers",
        "for an audit of a place where the products named were not made",
        *RIVALS,
        says("origin-audit", subject=FIELD, findings=[finding("critical")], called="bad audit"),
        severe("delist", triggers=[citing("bad audit")], products=[GTIN]),
    ),
    breaks(
        "sanction-triggers",
        "for an audit of a stranger's field, naming the stranger's lot made there",
        *RIVALS,
        says("origin-audit", subject=FIELD, findings=[finding("critical")], called="bad audit"),
        severe("delist", triggers=[citing("bad audit")], lots=[RIVAL_LOT]),
    ),
    breaks(
        "sanction-triggers",
        "for what an observer saw of a stranger's lot",
        *RIVALS,
        visit_to(RIVAL_LOT),
        observation_of(RIVAL_LOT),
        interview("observation"),
    ),
    breaks(
        "sanction-triggers",
        "for what an observer saw at a stranger's field",
        *RIVALS,
        visit_to(FIELD),
        observation_of(FIELD),
        interview("observation"),
    ),
    breaks(
        "sanction-triggers",
        "for a complaint about a stranger's tea",
        *RIVALS,
        says("complaint", subject=RIVAL_TEA, lot=...),
        interview("complaint"),
    ),
    breaks(
        "sanction-triggers",
        "for a complaint about another trader's shop",
        says("complaint", shop="urn:shop:mall.example:tea-2"),
        interview("complaint"),
    ),
    keeps(
        "sanction-triggers",
        "for a complaint about its own shop, of tea it has no grant for",
        *RIVALS,
        says("complaint", subject=RIVAL_TEA, lot=..., shop=SHOP),
        interview("complaint"),
    ),
    keeps(
        "sanction-triggers",
        "for an audit of a stranger's field where the products named are made",
        *RIVALS,
        says("lot", subject=f"{GTIN}/10/B7", facility=FIELD, called="packed there"),
        says("origin-audit", subject=FIELD, findings=[finding("critical")], called="bad audit"),
        severe("delist", triggers=[citing("bad audit")], products=[GTIN]),
    ),
    keeps(
        "sanction-triggers",
        "for an audit of the garden where the products named are made",
        GARDEN_BAD,
        severe("delist", triggers=[citing("bad audit")], products=[GTIN]),
    ),
    keeps(
        "sanction-triggers",
        "for an audit of the garden where the lot named was made",
        GARDEN_BAD,
        severe("delist", triggers=[citing("bad audit")], lots=[LOT]),
    ),
    keeps(
        "sanction-triggers",
        "for an audit of its own field",
        says("facility", by="operator", subject=FIELD, called="field", owner=who("trader")),
        says("origin-audit", subject=FIELD, findings=[finding("critical")], called="bad audit"),
        measure("bad audit"),
    ),
    keeps(
        "sanction-triggers",
        "for the garden's audit beside its own refused lot that was made there",
        says("inspection", called="failure", nonconforming=2, decision="refused"),
        GARDEN_BAD,
        severe("delist", triggers=[citing("failure"), citing("bad audit")]),
    ),
    keeps(
        "sanction-triggers",
        "for a recall of tea that was granted to it until yesterday",
        revoke("trader", "trader", "distributor"),
        says("recall"),
        measure("recall"),
    ),
    breaks(
        "sanction-triggers",
        "for a recall of a stranger's tea that was granted to it unasked",
        *RIVALS,
        UNASKED,
        says("recall", by="rival", subject=RIVAL_LOT),
        measure("recall"),
    ),
    breaks(
        "sanction-triggers",
        "for an audit of the field of a stranger that granted to it unasked",
        *RIVALS,
        UNASKED,
        says("origin-audit", subject=FIELD, findings=[finding("critical")], called="bad audit"),
        measure("bad audit"),
    ),
    keeps(
        "sanction-triggers",
        "for an audit of the field of a brand it was admitted on a grant of",
        *RIVALS,
        UNASKED,
        says("admission", evidence=[citing("licence"), citing("unasked")], called="again"),
        says("origin-audit", subject=FIELD, findings=[finding("critical")], called="bad audit"),
        measure("bad audit"),
    ),
    keeps(
        "sanction-triggers",
        "for a recall of tea that it granted on",
        *RIVALS,
        UNASKED,
        ON,
        says("recall", by="rival", subject=RIVAL_LOT),
        measure("recall"),
    ),
    keeps(
        "sanction-triggers",
        "for a recall of tea that it lists",
        *RIVALS,
        UNASKED,
        says("listing", subject=RIVAL_TEA, called="theirs"),
        says("recall", by="rival", subject=RIVAL_LOT),
        measure("recall"),
    ),
    keeps(
        "sanction-triggers",
        "for a recall of tea that it was inspected with, granted or not",
        *RIVALS,
        says("inspection", subject=RIVAL_LOT),
        says("recall", by="rival", subject=RIVAL_LOT),
        measure("recall"),
    ),
)
