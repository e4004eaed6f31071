"""The rules for exclusive grants: what can stand beside them, and what cannot."""

from rules.words import BLACK, affiliation, breaks, grant, keeps, mark, revoke, withdraw_mark
from tea import GTIN, SHOP, TEA
from usual import day

UNTIL_2030 = {"until": "2030-01-01T00:00:00Z"}
ZHEJIANG = {"territories": ["CN-ZJ"], "channels": ["mall.example"]}
FUJIAN = {"territories": ["CN-FJ"], "channels": ["mall.example"]}

ALONE = revoke("trader", "trader", "distributor")
"""The distributor has granted nothing that stands."""

SOLE = grant("distributor", "rival", "distributor", platform_exclusive=True, **ZHEJIANG)

SCENARIOS = (
    breaks(
        "grant-exclusive",
        "a grant beside a standing exclusive grant of another",
        ALONE,
        grant("distributor", "rival", "distributor", exclusive=True, **ZHEJIANG),
        grant("distributor", "warehouse", "distributor"),
    ),
    breaks(
        "grant-exclusive",
        "a second exclusive grant of the same goods and place in one batch",
        ALONE,
        (
            grant("distributor", "rival", "distributor", exclusive=True, **ZHEJIANG),
            grant("distributor", "warehouse", "distributor", exclusive=True, **ZHEJIANG),
        ),
    ),
    breaks(
        "grant-exclusive",
        "a grant of one product beside an exclusive grant of its category",
        ALONE,
        grant("distributor", "rival", "distributor", exclusive=True, **ZHEJIANG),
        grant("distributor", "warehouse", "distributor", goods=[GTIN]),
    ),
    breaks(
        "grant-exclusive",
        "a subsidiary grants beside the right-holder's exclusive grant",
        affiliation("brand", "subsidiary"),
        revoke("agent", "agent", "brand"),
        grant("brand", "rival", exclusive=True, **ZHEJIANG),
        grant("subsidiary", "trader"),
    ),
    breaks(
        "grant-exclusive",
        "a right-holder grants beside its renewed trademark's exclusive grant",
        revoke("agent", "agent", "brand"),
        mark("brand", by="office"),
        grant("brand", "rival", exclusive=True, **ZHEJIANG),
        grant("brand", "trader", "second mark"),
    ),
    keeps(
        "grant-exclusive",
        "in another province",
        ALONE,
        grant("distributor", "rival", "distributor", exclusive=True, **FUJIAN),
        grant("distributor", "warehouse", "distributor", **ZHEJIANG),
    ),
    keeps(
        "grant-exclusive",
        "on another channel",
        ALONE,
        grant("distributor", "rival", "distributor", exclusive=True, **FUJIAN),
        grant("distributor", "warehouse", "distributor", channels=["market.example"]),
    ),
    keeps(
        "grant-exclusive",
        "of other goods",
        ALONE,
        grant("distributor", "rival", "distributor", exclusive=True, **FUJIAN, goods=[TEA + "/a"]),
        grant("distributor", "warehouse", "distributor", goods=[TEA + "/b"]),
    ),
    keeps(
        "grant-exclusive",
        "for another type of shop",
        ALONE,
        grant(
            "distributor", "rival", "distributor", exclusive=True, **FUJIAN, shop_types=["flagship"]
        ),
        grant("distributor", "warehouse", "distributor", shop_types=["multi-brand"]),
    ),
    keeps(
        "grant-exclusive",
        "for another shop",
        ALONE,
        grant("distributor", "rival", "distributor", exclusive=True, **ZHEJIANG, shops=[SHOP]),
        grant("distributor", "warehouse", "distributor", **ZHEJIANG, shops=[SHOP + "-2"]),
    ),
    breaks(
        "grant-exclusive",
        "for any shop, beside an exclusive grant for one",
        ALONE,
        grant("distributor", "rival", "distributor", exclusive=True, **ZHEJIANG, shops=[SHOP]),
        grant("distributor", "warehouse", "distributor", **ZHEJIANG),
    ),
    breaks(
        "grant-exclusive",
        "once the exclusive grant is revoked, but while its notice runs",
        ALONE,
        grant("distributor", "rival", "distributor", exclusive=True, **ZHEJIANG, notice_days=30),
        revoke("distributor to rival", "rival", "distributor"),
        grant("distributor", "warehouse", "distributor"),
    ),
    keeps(
        "grant-exclusive",
        "once it is revoked, from when its notice has run",
        ALONE,
        grant("distributor", "rival", "distributor", exclusive=True, **ZHEJIANG, notice_days=30),
        revoke("distributor to rival", "rival", "distributor"),
        grant("distributor", "warehouse", "distributor", from_=day(31)),
    ),
    keeps(
        "grant-exclusive",
        "once it is revoked for cause, whatever its notice",
        ALONE,
        grant("distributor", "rival", "distributor", exclusive=True, **ZHEJIANG, notice_days=30),
        revoke("distributor to rival", "rival", "distributor", for_cause=True),
        grant("distributor", "warehouse", "distributor"),
    ),
    breaks(
        "grant-exclusive",
        "on another channel, beside a grant that keeps the goods on one platform",
        ALONE,
        SOLE,
        grant("distributor", "warehouse", "distributor", channels=["market.example"]),
    ),
    breaks(
        "grant-exclusive",
        "on another channel, to who promised to keep to one",
        ALONE,
        SOLE,
        grant("distributor", "rival", "distributor", channels=["*"], called="another"),
    ),
    keeps(
        "grant-exclusive",
        "on that platform, to somebody else",
        ALONE,
        SOLE,
        grant("distributor", "warehouse", "distributor", **ZHEJIANG),
    ),
    keeps(
        "grant-exclusive",
        "on another channel of another province",
        ALONE,
        SOLE,
        grant(
            "distributor",
            "warehouse",
            "distributor",
            channels=["market.example"],
            territories=["CN-FJ"],
        ),
    ),
    breaks(
        "grant-exclusive-late",
        "for one platform alone, beside a standing grant for all",
        grant("distributor", "rival", "distributor", platform_exclusive=True, **ZHEJIANG),
    ),
    keeps(
        "grant-exclusive",
        "from the very second in which the exclusive one ends",
        ALONE,
        grant("distributor", "rival", "distributor", exclusive=True, **FUJIAN, **UNTIL_2030),
        grant("distributor", "warehouse", "distributor", from_=UNTIL_2030["until"]),
    ),
    keeps(
        "grant-exclusive",
        "to the holder of the exclusive grant itself",
        ALONE,
        grant("distributor", "rival", "distributor", exclusive=True, **ZHEJIANG),
        grant("distributor", "rival", "distributor", called="another"),
    ),
    keeps(
        "grant-exclusive",
        "of another issuer",
        ALONE,
        grant("distributor", "rival", "distributor", exclusive=True, **ZHEJIANG),
        grant("agent", "warehouse", "agent"),
    ),
    keeps(
        "grant-exclusive",
        "below the exclusive grant",
        ALONE,
        grant("distributor", "rival", "distributor", exclusive=True, **ZHEJIANG, depth=1),
        grant("rival", "warehouse", "distributor to rival", **ZHEJIANG),
    ),
    keeps(
        "grant-exclusive",
        "once the exclusive grant is revoked",
        ALONE,
        grant("distributor", "rival", "distributor", exclusive=True, **ZHEJIANG),
        revoke("distributor to rival", "rival", "distributor"),
        grant("distributor", "warehouse", "distributor"),
    ),
    keeps(
        "grant-exclusive",
        "an exclusive sole agent grants in the right-holder's stead",
        revoke("agent", "agent", "brand"),
        affiliation("brand", "agent", relation="sole-agent"),
        grant("brand", "agent", exclusive=True),
        grant("agent", "trader"),
    ),
    keeps(
        "grant-exclusive",
        "by a new right-holder beside what the former one granted",
        revoke("agent", "agent", "brand"),
        grant("brand", "trader", exclusive=True),
        withdraw_mark(),
        mark("rival", by="office"),
        grant("rival", "warehouse", "second mark"),
    ),
    breaks(
        "grant-exclusive-late",
        "an exclusive grant beside a standing grant of another",
        grant("distributor", "rival", "distributor", exclusive=True, **ZHEJIANG),
    ),
    breaks(
        "grant-exclusive-late",
        "an exclusive grant below another of its issuer's grants, beside a standing one",
        grant("brand", "distributor", depth=2, called="directly"),
        grant("distributor", "rival", "directly", exclusive=True, **ZHEJIANG),
    ),
    breaks(
        "grant-exclusive-late",
        "a subsidiary grants exclusively beside the right-holder's grant",
        affiliation("brand", "subsidiary"),
        grant("subsidiary", "rival", exclusive=True, **ZHEJIANG),
    ),
    keeps(
        "grant-exclusive-late",
        "an exclusive grant to who has the standing one",
        grant("distributor", "trader", "distributor", exclusive=True, **ZHEJIANG),
    ),
    keeps(
        "grant-exclusive-late",
        "an exclusive grant beside one that was revoked",
        revoke("trader", "trader", "distributor"),
        grant("distributor", "rival", "distributor", exclusive=True, **ZHEJIANG),
    ),
    keeps(
        "grant-exclusive-late",
        "an exclusive grant of other goods",
        grant("brand", "rival", exclusive=True, goods=[BLACK]),
    ),
)
