"""The rules for amendments: who may end or correct what, and what a correction must keep."""

from rules.words import (
    BLACK,
    amends,
    breaks,
    citing,
    corrects,
    erases,
    grant,
    keeps,
    revoke,
    says,
)
from tea import GARDEN, GTIN, LOT, MARK, SHOP
from usual import VISIT, day, finding, who

NOBODY = {"id": "0" * 64, "topic": "grant", "subject": f"{MARK}\n{who('distributor')}"}
FAILED = {"nonconforming": 5, "decision": "refused", "findings": [finding("critical")]}
LISTED = says("listing")
VISITED = says("visit", sealed=[{"name": "phone", "digest": "7" * 64}])
INSPECTED = says("inspection", called="mystery")

SUBJECTS = (
    breaks(
        "target-subjects",
        "a revocation that says another parent",
        revoke("trader", "trader", "distributor", parent="0" * 64),
    ),
    breaks(
        "target-subjects",
        "a revocation that says another brand",
        revoke("trader", "trader", "distributor", brand="urn:trademark:cn:1:30"),
    ),
    breaks(
        "target-subjects",
        "a revocation that says it was exclusive",
        revoke("trader", "trader", "distributor", exclusive=True),
    ),
    breaks(
        "target-subjects",
        "a revocation of an exclusive grant that would stay among the exclusive ones",
        revoke("trader", "trader", "distributor"),
        grant("distributor", "rival", "distributor", exclusive=True),
        revoke("distributor to rival", "rival", "distributor", exclusive=False),
    ),
    breaks(
        "target-subjects",
        "a revocation about another grantee",
        revoke("trader", "rival", "distributor"),
    ),
    keeps(
        "target-subjects",
        "a revocation that repeats its target's",
        revoke("trader", "trader", "distributor"),
    ),
    breaks(
        "target-subjects",
        "a lifting that leaves out the shop",
        says("inspection", called="failure", **FAILED),
        says("sanction", shops=[SHOP]),
        says("sanction-lifted"),
    ),
    keeps(
        "target-subjects",
        "a lifting that repeats the shop",
        says("inspection", called="failure", **FAILED),
        says("sanction", shops=[SHOP]),
        amends("sanction-lifted", "sanction"),
    ),
    breaks(
        "target-subjects",
        "a withdrawal under another number",
        says("qualification-withdrawal", number="urn:qualification:samr.cn:SP-9"),
    ),
    breaks(
        "target-subjects",
        "the end of a listing under another category",
        LISTED,
        amends("listing-ended", "listing", changes={"category": "food/tea"}),
    ),
    breaks(
        "target-subjects",
        "a correction that moves an inspection to another trader",
        INSPECTED,
        corrects("mystery", "inspector", trader=who("distributor")),
    ),
    breaks(
        "target-subjects",
        "a correction that moves a product to another brand",
        corrects("product", "brand", brand="urn:trademark:cn:1:30"),
        refused=("target-subjects", "product-right"),
    ),
    breaks(
        "target-subjects",
        "a correction of a correction",
        INSPECTED,
        corrects("mystery", "inspector", called="first", km=1),
        corrects(
            "mystery", "inspector", km=2, target=citing("first", topic="inspection", subject=LOT)
        ),
    ),
    breaks(
        "target-subjects",
        "an erasure that leaves out a history",
        VISITED,
        erases("visit", "phone", subjects=[["visit", VISIT]]),
    ),
    breaks(
        "target-subjects",
        "an erasure that would enter the history of another garden",
        VISITED,
        erases("visit", "phone", subjects=[["visit", VISIT], ["facility", GARDEN], ["lot", LOT]]),
    ),
    breaks(
        "subject",
        "an erasure about something else than it repeats",
        VISITED,
        erases("visit", "phone", subject=GARDEN),
    ),
    keeps(
        "subject",
        "an erasure about what it repeats",
        VISITED,
        erases("visit", "phone"),
    ),
)

ISSUERS = (
    keeps(
        "target-issuer",
        "a grant is revoked by the agent above the distributor who granted it",
        revoke("trader", "trader", "agent"),
    ),
    keeps(
        "target-issuer",
        "a grant is revoked by the right-holder at the top",
        revoke("trader", "trader", "brand"),
    ),
    breaks(
        "target-issuer",
        "a grant is revoked by its grantee",
        revoke("trader", "trader", "trader"),
    ),
    breaks(
        "target-issuer",
        "a grant is revoked by a stranger",
        revoke("trader", "trader", "rival"),
    ),
    breaks(
        "target-issuer",
        "an agent's grant is revoked by the distributor below",
        revoke("agent", "agent", "distributor"),
    ),
    breaks(
        "role",
        "a grant is revoked by the operator",
        revoke("trader", "trader", "operator"),
        refused=("role", "target-issuer"),
    ),
    breaks(
        "target-issuer",
        "a paper is withdrawn by another office",
        says("qualification-withdrawal", by="registrar"),
    ),
    keeps(
        "target-issuer",
        "a paper that the operator wrote is withdrawn by an office",
        says(
            "qualification",
            by="operator",
            number="urn:qualification:samr.cn:SP-9",
            called="written",
        ),
        says(
            "qualification-withdrawal",
            target=citing("written"),
            number="urn:qualification:samr.cn:SP-9",
        ),
    ),
    keeps(
        "target-issuer",
        "a paper is withdrawn by its office",
        says("qualification-withdrawal"),
    ),
    keeps(
        "target-issuer",
        "a paper is withdrawn by the operator",
        says("qualification-withdrawal", by="operator"),
    ),
    breaks(
        "role",
        "a paper is withdrawn by its holder",
        says("qualification-withdrawal", by="trader"),
        refused=("role", "target-issuer"),
    ),
    keeps(
        "target-issuer",
        "a sanction is lifted by the operator",
        says("inspection", called="failure", **FAILED),
        says("sanction"),
        amends("sanction-lifted", "sanction"),
    ),
    breaks(
        "role",
        "a sanction is lifted by the trader it hits",
        says("inspection", called="failure", **FAILED),
        says("sanction"),
        amends("sanction-lifted", "sanction", by="trader"),
        refused=("role", "target-issuer"),
    ),
    keeps(
        "target-issuer",
        "the operator ends a trader's listing",
        LISTED,
        amends("listing-ended", "listing", by="operator"),
    ),
    keeps(
        "target-issuer",
        "a trader ends the listing that the operator made in its shop",
        says("listing", by="operator"),
        amends("listing-ended", "listing", by="trader"),
    ),
    breaks(
        "target-issuer",
        "a trader ends the listing in another's shop",
        LISTED,
        amends("listing-ended", "listing", by="distributor"),
    ),
    breaks(
        "target-issuer",
        "the operator corrects a lot that the brand registered",
        corrects("lot", "operator", made=day(-29)),
        refused=("target-subjects", "target-issuer", "role", "lot-right"),
    ),
    breaks(
        "target-issuer",
        "an inspector corrects another's inspection",
        says("inspection", called="patrol", by="warehouse", mode="patrol"),
        corrects("patrol", "inspector", km=1),
        refused=("target-issuer", "inspection-mode"),
    ),
    keeps(
        "target-issuer",
        "an inspector corrects its own inspection",
        INSPECTED,
        corrects("mystery", "inspector", km=1),
    ),
    keeps(
        "target-issuer",
        "the operator erases what an observer sealed",
        VISITED,
        erases("visit", "phone"),
    ),
    breaks(
        "role",
        "an observer erases what it sealed",
        VISITED,
        erases("visit", "phone", by="observer"),
    ),
)

CORRECTIONS = (
    breaks(
        "correction-type",
        "an inspector turns its audit into a statement of who owns the garden",
        says("origin-audit", called="audit"),
        corrects(
            "audit",
            "inspector",
            as_="facility",
            **dict.fromkeys(("checklist", "on", "findings", "team", "km", "next_due"), ...),
            names={"zh": "龙坞茶园"},
            owner=who("rival"),
            country="CN",
            place={"text": "Longwu"},
            activities=["growing"],
        ),
        refused=("correction-type", "role", "claim-taken"),
    ),
    breaks(
        "correction-type",
        "the operator turns an application into an appointment",
        corrects(
            "application",
            "operator",
            as_="observer",
            motive=...,
            call=...,
            ties=...,
            application=citing("application"),
        ),
    ),
    keeps(
        "correction-type",
        "an audit is corrected as an audit",
        says("origin-audit", called="audit"),
        corrects("audit", "inspector", km=213),
    ),
    breaks(
        "fields",
        "a grant is corrected",
        corrects("trader", "distributor", depth=1),
    ),
    breaks("fields", "a paper is corrected", corrects("licence", "office", until=None)),
    breaks(
        "fields",
        "a party is corrected",
        lambda w: w.told.write(
            "supersede",
            by="operator",
            subject=who("brand"),
            target={"id": "0" * 64, "topic": "identity", "subject": who("brand")},
            statement={"v": 1, "type": "party"} | w.party_fields("brand", who("brand")),
            reason="renamed",
        ),
    ),
    breaks(
        "fields",
        "a sanction is corrected",
        says("inspection", called="failure", **FAILED),
        says("sanction"),
        corrects("sanction", "operator", until="2027-01-01T00:00:00Z"),
    ),
    breaks(
        "fields",
        "a link of custody is corrected",
        says("sample-sealed", called="sample"),
        corrects("sample", "inspector", seals=["S-2"]),
    ),
    breaks(
        "fields",
        "a correction with a field that its type does not have",
        INSPECTED,
        corrects("mystery", "inspector", colour="green"),
    ),
    keeps(
        "fields",
        "a correction with the fields of its type",
        INSPECTED,
        corrects("mystery", "inspector", evidence=[]),
    ),
    breaks(
        "inspection-counts",
        "a correction whose decision does not follow",
        INSPECTED,
        corrects("mystery", "inspector", nonconforming=5),
    ),
    breaks(
        "product-right",
        "a correction that moves a product out of its trademark",
        corrects("product", "brand", category="food/coffee"),
    ),
    breaks(
        "names",
        "a correction that takes a product's names away",
        corrects("product", "brand", names={}),
    ),
    breaks(
        "listing-category",
        "what a correction says is what later rules see",
        corrects("product", "brand", category=BLACK),
        LISTED,
        refused=("listing-category", "listing-may-sell"),
    ),
    breaks(
        "grant-wider",
        "a corrected product is no longer in the parent's category",
        corrects("product", "brand", category=BLACK),
        grant("distributor", "rival", "distributor", goods=[GTIN]),
    ),
    breaks(
        "trader-not-admitted",
        "an admission corrected to a refusal",
        corrects("admission", "operator", decision="refused", reasons=["forged licence"]),
        LISTED,
    ),
    breaks(
        "role",
        "an inspector that lost its role corrects its audit",
        says("origin-audit", called="audit"),
        lambda w: w.statement(
            "party-update",
            w.party_fields("inspector", who("inspector"), roles=["trader"], keys=[]),
            subject=who("inspector"),
        ),
        corrects("audit", "inspector", km=1),
    ),
    keeps(
        "claim-taken",
        "a correction of a shop that stands",
        corrects("shop", "operator", names={"zh": "清河茶庄"}),
    ),
    keeps(
        "visit-taken",
        "a correction of a visit",
        VISITED,
        corrects("visit", "observer", tie="my aunt works there"),
    ),
    breaks(
        "erasure-fields",
        "a field that was never sealed",
        VISITED,
        erases("visit", "phone", "address"),
    ),
    breaks(
        "erasure-fields",
        "a field of another visit",
        says("visit"),
        erases("visit", "phone"),
    ),
    keeps(
        "erasure-fields",
        "a field that was sealed",
        VISITED,
        erases("visit", "phone"),
    ),
    keeps(
        "erasure-fields",
        "a field that a correction sealed, and the next one left out",
        VISITED,
        corrects("visit", "observer", sealed=[{"name": "address", "digest": "8" * 64}]),
        corrects("visit", "observer", sealed=[]),
        erases("visit", "phone", "address"),
    ),
)

SCENARIOS = (*SUBJECTS, *ISSUERS, *CORRECTIONS)
