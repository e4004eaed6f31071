"""A story in which every question has something to say, and every question asked about it."""

from questions.scene import BUSINESS, audit, inspection, refusal, sanction, selling, visit_to
from questions.scenes.label import STANDARDS, again, measured
from questions.scenes.pledges import pledge
from questions.scenes.sampling import planning
from rules.laboratory_words import MOST, accredited, judging, limits, received
from rules.scenarios.sampling import inbound, row
from rules.words import affiliation, amends, grant, revoke, says
from sampled import DRAW, PROGRAMME
from tea import AGENT, DISTRIBUTOR, GARDEN, GTIN, LABORATORY, LOT, MARK, OBSERVER, SHOP, TEA
from usual import (
    LEAD,
    MODEL,
    PURITY,
    RIVAL,
    SAMPLE,
    WATER,
    Told,
    citing,
    day,
    finding,
    id_of,
    result,
    who,
)
from world import BRAND, OPERATOR, TRADER

SECOND = GTIN + "/10/B8"
STORY = (
    BUSINESS,
    says("quality-model"),
    audit(),
    says("listing"),
    inspection(),
    says("lot", subject=SECOND, called="second", serial_range=..., inputs=[LOT]),
    grant("agent", "trader", "agent", depth=0, until=day(20)),
    affiliation("brand", "subsidiary"),
    grant("subsidiary", "rival", depth=0),
    says("visit"),
    says("observation", findings=[finding("minor")]),
    says("sample-sealed", called="sample"),
    says("custody"),
    says("complaint"),
    accredited(),
    limits(),
    received(handed_by=who("carrier"), previous=id_of("custody")),
    judging(result("0.05", "pass"), number="R-0", called="passed"),
    STANDARDS[0],
    says("standard", criteria=[LEAD | {"limit": "2.0"}, WATER, PURITY, MOST]),
    *again(measured()),
    says("label", evidence=[citing("again"), citing("passed")]),
    pledge({"kind": "no-critical-failure"}, standards=[citing("standard")]),
    says("movement", called="sent"),
    says(
        "movement",
        by="trader",
        called="arrived",
        kind="receive",
        to=...,
        place=...,
        shipment=citing("sent"),
    ),
    says("draw-key"),
    says("roster"),
    says("sampling-programme"),
    says("draw"),
    says("draw-sealed"),
    says("draw-result"),
)
LATER = (
    refusal(subject=SECOND),
    *sanction(products=[GTIN]),
    revoke("distributor", "distributor", "agent"),
    *row("RR"),
    inbound(3, severity="tightened"),
    visit_to(SECOND),
    judging(result("0.2", "fail")),
    says("objection"),
    amends("appeal", "sanction", by="trader"),
    says("improvement-plan", called="plan"),
    says("improvement-step", called="step"),
    says("advice"),
    amends("appeal-decision", "sanction", changes={"outcome": "annulled"}),
    says("recall", subject=SECOND, called="second recall"),
)


def asks(told: Told) -> list[tuple[str, dict[str, str]]]:
    """Return every question, asked in several ways."""
    grants = {name: told.said[name][0].id.hex() for name in ("agent", "trader")}
    return [
        ("history", {"topic": "inspection", "subject": LOT}),
        ("may_sell", selling()),
        ("may_sell", selling(shop_type="multi-brand", territory="CN-ZJ")),
        ("may_sell", selling(trader=RIVAL, shop_type="specialty")),
        ("may_sell", selling(trader=OPERATOR)),
        ("trace", {"goods": GTIN}),
        ("trace", {"goods": LOT}),
        ("trace", {"goods": SECOND}),
        ("trace", {"goods": LOT + "/21/007"}),
        ("trace", {"goods": GTIN + "/21/999"}),
        *(
            ("where_used", {"goods": goods, "page": "1"})
            for goods in (LOT, LOT + "/21/007", SECOND)
        ),
        ("listable", selling()),
        ("listable", selling(trader=DISTRIBUTOR)),
        ("impact", {"brand": MARK, "grantee": AGENT, "grant": grants["agent"]}),
        ("impact", {"brand": MARK, "grantee": TRADER, "grant": grants["trader"]}),
        ("expiring", {"party": TRADER, "days": "30"}),
        ("admission", {"trader": TRADER}),
        ("sanctions", {"subject": TRADER}),
        ("sanctions", {"subject": SHOP}),
        ("visits", {"about": GARDEN}),
        ("visits", {"about": SECOND}),
        ("plan", planning()),
        ("plan", planning(mode="mystery", lot_size="10")),
        *(("index", {"subject": subject, "model": MODEL}) for subject in (GTIN, TRADER, MARK, TEA)),
        ("coverage", {"category": TEA} | SEPTEMBER),
        ("draw", {"draw": DRAW, "product": GTIN}),
        ("programme", {"programme": PROGRAMME}),
        ("report", {"sample": SAMPLE, "report": "*"}),
        ("report", {"sample": SAMPLE, "report": "0" * 64}),
        ("reports", {"laboratory": LABORATORY, "month": "2026-09", "report": "*"}),
        ("improvement", {"trader": TRADER}),
        ("label", {"product": GTIN}),
        ("pledges", {"party": BRAND}),
        ("pledges", {"party": LABORATORY}),
        ("invitations", {"observer": OBSERVER}),
        ("observers", {"kind": "*", "page": "1"}),
        ("grants", {"party": AGENT, "brand": "*", "page": "1"}),
        ("grants", {"party": TRADER, "brand": MARK, "page": "1"}),
        ("brand", {"brand": MARK, "under": "*", "page": "1"}),
        ("trader", {"trader": TRADER, "page": "1"}),
        ("quality_centre", {"trader": TRADER, "days": "30", "page": "1"}),
        ("market_feedback", {"product": GTIN, "page": "1"}),
        ("place", {"place": GARDEN, "maker": "*", "page": "1"}),
        ("ties", {"party": BRAND, "to": "*", "page": "1"}),
    ]


SEPTEMBER = {"start": "2026-09-01T00:00:00Z", "until": "2026-10-01T00:00:00Z"}
