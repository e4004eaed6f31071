"""The rules for grants: no wider than what they come from, up to the right-holder."""

from rules.words import (
    BLACK,
    OTHER_MARK,
    WHITE,
    affiliation,
    breaks,
    citing,
    disputed,
    grant,
    keeps,
    mark,
    product,
    revoke,
    says,
    withdraw_mark,
)
from tea import EVER, GTIN, SHOP, TEA
from usual import day, who

ALL = ["*"]
OTHER_SHOP = "urn:shop:mall.example:second"
ELSEWHERE = "urn:shop:market.example:third"
WIDER = (
    breaks(
        "grant-wider",
        "in territories",
        grant("distributor", "trader", "distributor", territories=["CN", "US"]),
    ),
    breaks(
        "grant-wider",
        "everywhere, under a grant for one country",
        grant("distributor", "trader", "distributor", territories=ALL),
    ),
    breaks(
        "grant-wider",
        "for a country, under a grant for its province",
        grant("brand", "rival", territories=["CN-ZJ"], depth=2),
        grant("rival", "trader", "brand to rival"),
    ),
    keeps(
        "grant-wider",
        "for a province, under a grant for its country",
        grant("distributor", "trader", "distributor", territories=["CN-ZJ", "CN-BJ"]),
    ),
    breaks(
        "grant-wider",
        "for a province, under a grant for one of its cities",
        grant("brand", "rival", territories=["CN-ZJ-330100"], depth=2),
        grant("rival", "trader", "brand to rival", territories=["CN-ZJ"]),
    ),
    breaks(
        "grant-wider",
        "for another city of the province",
        grant("brand", "rival", territories=["CN-ZJ-330100"], depth=2),
        grant("rival", "trader", "brand to rival", territories=["CN-ZJ-330200"]),
    ),
    keeps(
        "grant-wider",
        "for a county, under a grant for its city",
        grant("brand", "rival", territories=["CN-ZJ-330100"], depth=2),
        grant("rival", "trader", "brand to rival", territories=["CN-ZJ-330106"]),
    ),
    breaks(
        "grant-wider",
        "for any shop, under a grant for a named one",
        grant("brand", "rival", shops=[SHOP], channels=["mall.example"], depth=2),
        grant("rival", "trader", "brand to rival", channels=["mall.example"]),
    ),
    breaks(
        "grant-wider",
        "for a second shop, under a grant for a named one",
        grant("brand", "rival", shops=[SHOP], channels=["mall.example"], depth=2),
        grant(
            "rival", "trader", "brand to rival", channels=["mall.example"], shops=[SHOP, OTHER_SHOP]
        ),
    ),
    keeps(
        "grant-wider",
        "for one of the named shops",
        grant("brand", "rival", shops=[SHOP, OTHER_SHOP], channels=["mall.example"], depth=2),
        grant("rival", "trader", "brand to rival", channels=["mall.example"], shops=[SHOP]),
    ),
    breaks(
        "grant-shops",
        "every channel, for a shop on one",
        grant("brand", "rival", shops=[SHOP]),
    ),
    breaks(
        "grant-shops",
        "two shops, and the channel of one",
        grant("brand", "rival", shops=[SHOP, ELSEWHERE], channels=["mall.example"]),
    ),
    keeps(
        "grant-shops",
        "two shops and their channels",
        grant(
            "brand", "rival", shops=[SHOP, ELSEWHERE], channels=["mall.example", "market.example"]
        ),
    ),
    breaks(
        "grant-wider",
        "in categories: all tea, under a grant for green tea",
        grant("distributor", "trader", "distributor", goods=["food/tea"]),
    ),
    breaks(
        "grant-wider",
        "in categories: black tea, under a grant for green tea",
        grant("distributor", "trader", "distributor", goods=[TEA, BLACK]),
    ),
    breaks(
        "grant-wider",
        "in categories: one whose name only begins like the parent's",
        grant("distributor", "trader", "distributor", goods=[TEA + "-blend"]),
    ),
    breaks(
        "grant-wider",
        "all goods, under a trademark for tea",
        grant("brand", "trader", goods=ALL),
    ),
    breaks(
        "grant-wider",
        "coffee, under a trademark for tea",
        grant("brand", "trader", goods=["food/coffee"]),
    ),
    keeps(
        "grant-wider",
        "a category below the parent's",
        grant("distributor", "trader", "distributor", goods=[TEA + "/longjing"]),
    ),
    keeps(
        "grant-wider",
        "a product that its own statement puts into the parent's category",
        grant("distributor", "trader", "distributor", goods=[GTIN]),
    ),
    breaks(
        "grant-wider",
        "a product that no statement puts into any category",
        grant("distributor", "trader", "distributor", goods=[WHITE]),
    ),
    breaks(
        "grant-wider",
        "a product that its own statement puts elsewhere",
        product(category=BLACK),
        grant("distributor", "trader", "distributor", goods=[WHITE]),
    ),
    breaks(
        "grant-wider",
        "a product whose category its declarers dispute",
        product(called="as green tea"),
        *disputed(WHITE),
        grant("brand", "agent", "mark again", depth=3),
        grant("agent", "trader", "brand to agent", goods=[WHITE]),
    ),
    breaks(
        "grant-wider",
        "a category, under a grant for one product of it",
        grant("brand", "rival", goods=[GTIN], depth=1),
        grant("rival", "trader", "brand to rival"),
    ),
    breaks(
        "grant-wider",
        "in channels: all, under a grant for one",
        grant("brand", "rival", channels=["mall.example"], depth=1),
        grant("rival", "trader", "brand to rival"),
    ),
    breaks(
        "grant-wider",
        "in channels: another, under a grant for one",
        grant("brand", "rival", channels=["mall.example"], depth=1),
        grant("rival", "trader", "brand to rival", channels=["market.example"]),
    ),
    keeps(
        "grant-wider",
        "for the channel of the parent",
        grant("brand", "rival", channels=["mall.example", "market.example"], depth=1),
        grant("rival", "trader", "brand to rival", channels=["market.example"]),
    ),
    breaks(
        "grant-wider",
        "in types of shop",
        grant("brand", "rival", shop_types=["multi-brand"], depth=1),
        grant("rival", "trader", "brand to rival", shop_types=["multi-brand", "specialty"]),
    ),
    breaks(
        "grant-wider",
        "for any type of shop, under a grant for one",
        grant("brand", "rival", shop_types=["multi-brand"], depth=1),
        grant("rival", "trader", "brand to rival"),
    ),
    keeps(
        "grant-wider",
        "for the type of shop of the parent",
        grant("brand", "rival", shop_types=["multi-brand"], depth=1),
        grant("rival", "trader", "brand to rival", shop_types=["multi-brand"]),
    ),
    breaks(
        "grant-wider",
        "until a second after its parent's end",
        grant("distributor", "trader", "distributor", until="2036-01-01T00:00:01Z"),
    ),
    breaks(
        "grant-wider",
        "for ever, under a grant with an end",
        grant("distributor", "trader", "distributor", until=None),
    ),
    breaks(
        "grant-wider",
        "for ever, under a trademark with an end",
        grant("brand", "trader", until=None),
    ),
    keeps(
        "grant-wider",
        "until its parent's end",
        grant("distributor", "trader", "distributor", until=EVER["until"]),
    ),
    keeps(
        "grant-wider",
        "from before its parent, since it bites from its registration only",
        grant("distributor", "trader", "distributor", from_="2020-01-01T00:00:00Z"),
    ),
    breaks(
        "fields",
        "a grant with an empty axis",
        grant("distributor", "trader", "distributor", channels=[]),
    ),
)

CHAINS = (
    breaks(
        "grant-parent",
        "a rival grants from the brand's trademark",
        grant("rival", "trader"),
    ),
    breaks(
        "grant-parent",
        "a distributor grants from the agent's grant, which is not its own",
        grant("distributor", "trader", "agent"),
    ),
    breaks(
        "grant-parent",
        "a grant of one brand from the trademark of another",
        grant("brand", "trader", brand=OTHER_MARK),
    ),
    breaks(
        "grant-parent",
        "a grant of one brand from a grant of another",
        grant("distributor", "trader", "distributor", brand=OTHER_MARK),
    ),
    breaks(
        "grant-parent",
        "a grant from a food licence",
        grant("brand", "trader", "licence"),
    ),
    breaks(
        "grant-parent",
        "a party merely tied to the right-holder grants from its trademark",
        affiliation("brand", "subsidiary", relation="tied"),
        grant("subsidiary", "trader"),
    ),
    breaks(
        "grant-parent",
        "a right-holder's parent company grants from its trademark",
        affiliation("parent", "brand"),
        grant("parent", "trader"),
    ),
    breaks(
        "grant-parent",
        "a subsidiary grants after its affiliation expired",
        affiliation("brand", "subsidiary", until=day(0.001)),
        grant("subsidiary", "trader", how={"age_s": -120}),
    ),
    breaks(
        "grant-parent",
        "a subsidiary grants after its affiliation was withdrawn",
        affiliation("brand", "subsidiary"),
        says(
            "qualification-withdrawal",
            subject=who("subsidiary"),
            target=citing("subsidiary of brand"),
            number="urn:qualification:samr.cn:SUBSIDIARY-BRAND",
        ),
        grant("subsidiary", "trader"),
    ),
    keeps(
        "grant-parent",
        "a wholly-owned subsidiary grants from the right-holder's trademark",
        affiliation("brand", "subsidiary"),
        grant("subsidiary", "trader"),
    ),
    keeps(
        "grant-parent",
        "a sole general agent grants from the right-holder's trademark",
        affiliation("brand", "agent", relation="sole-agent"),
        grant("agent", "trader"),
    ),
    keeps("grant-parent", "a right-holder grants from its trademark", grant("brand", "trader")),
    keeps(
        "grant-parent",
        "a right-holder grants from a trademark still pending",
        mark("rival", number=OTHER_MARK, kind="trademark-pending"),
        grant("rival", "trader", "second mark", brand=OTHER_MARK),
    ),
    breaks(
        "grant-dead",
        "a distributor grants below an agent whose grant was revoked",
        revoke("agent", "agent", "brand"),
        grant("distributor", "trader", "distributor"),
    ),
    breaks(
        "grant-dead",
        "a distributor grants below an agent whose grant was revoked in the same batch",
        (revoke("agent", "agent", "brand"), grant("distributor", "trader", "distributor")),
    ),
    breaks(
        "grant-dead",
        "an agent grants after the trademark was withdrawn",
        withdraw_mark(),
        grant("agent", "trader", "agent"),
    ),
    keeps(
        "grant-dead",
        "a distributor grants while its sister's grant is revoked",
        grant("agent", "rival", "agent", depth=1),
        revoke("agent to rival", "rival", "agent"),
        grant("distributor", "trader", "distributor"),
    ),
    keeps(
        "grant-dead",
        "an agent whose grant was revoked has a new one",
        revoke("agent", "agent", "brand"),
        grant("brand", "agent", depth=1),
        grant("agent", "trader", "brand to agent"),
    ),
    breaks(
        "grant-depth",
        "a trader with depth 0 grants on",
        grant("trader", "rival", "trader"),
    ),
    breaks(
        "grant-depth",
        "a distributor with depth 2 hands on depth 2",
        grant("distributor", "trader", "distributor", depth=2),
    ),
    keeps(
        "grant-depth",
        "a distributor with depth 2 hands on depth 1",
        grant("distributor", "trader", "distributor", depth=1),
    ),
    breaks("fields", "a grant of depth 21", grant("brand", "trader", depth=21)),
    breaks(
        "grant-cycle",
        "a distributor grants to itself",
        grant("distributor", "distributor", "distributor"),
    ),
    breaks(
        "grant-cycle",
        "a distributor grants back to the agent above it",
        grant("distributor", "agent", "distributor"),
    ),
    breaks(
        "grant-cycle",
        "a distributor grants back to the right-holder",
        grant("distributor", "brand", "distributor"),
    ),
    breaks("grant-cycle", "a right-holder grants to itself", grant("brand", "brand")),
    keeps(
        "grant-cycle",
        "an agent grants to a distributor that also has another's grant",
        grant("brand", "distributor"),
        grant("agent", "distributor", "agent"),
    ),
)

SCENARIOS = (*WIDER, *CHAINS)
