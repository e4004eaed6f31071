"""What mends a chain of grants."""

from questions.mends.telling import Mend
from rules.telling import Step
from rules.words import OTHER_MARK, affiliation, grant, mark, revoke
from tea import EVER

WIDE = {"goods": ["food/tea"], "territories": ["*"], "channels": ["*"], "shop_types": ["*"]}
LONG = {"until": "2046-01-01T00:00:00Z"}


def anew(by: str = "distributor", under: str = "distributor", **axes: object) -> Step:
    """Who granted to the rival grants to it again."""
    fields = {"depth": 0, "called": "anew"} | axes
    return grant(by, "rival", under, **fields)


def remarked(**changes: object) -> Step:
    """The office registers the brand's mark anew."""
    fields = {"holder": "brand", "by": "office", "called": "new mark"} | EVER | changes
    return mark(**fields)


DIRECT = grant("brand", "rival", depth=0, called="anew", **WIDE)
AFFILIATED = affiliation(
    "brand", "subsidiary", **EVER, number="urn:qualification:samr.cn:S-2", called="again"
)

MENDS = (
    Mend("no-grant", (DIRECT,)),
    Mend("no-grant", (anew(),), "a stranger may not"),
    Mend("parent-absent", (anew(),)),
    Mend("parent-other-brand", (anew(),)),
    Mend("parent-not-issuers", (anew(),)),
    Mend("parent-no-grant", (anew(),)),
    Mend("chain-endless", (DIRECT,)),
    Mend("not-right-holder", (DIRECT,)),
    Mend(
        "not-right-holder", (AFFILIATED,), "what the subsidiary granted ends with its affiliation"
    ),
    Mend("trademark-withdrawn", (remarked(), grant("brand", "trader", "new mark", called="anew"))),
    Mend("trademark-not-yet", later=400),
    Mend(
        "trademark-expired",
        (remarked(**LONG), grant("brand", "trader", "new mark", called="anew", **LONG)),
    ),
    Mend("trademark-goods", (remarked(categories=["*"]),)),
    Mend("trademark-pending", (mark(number=OTHER_MARK, called="registered"),)),
    Mend("grant-revoked", (grant("distributor", "trader", "distributor", depth=0, called="anew"),)),
    Mend("grant-not-yet", later=1),
    Mend("grant-expired", (anew(),)),
    Mend("grant-depth", (DIRECT,)),
    Mend("grant-goods", (anew(),)),
    Mend("grant-territory", (anew(),)),
    Mend("grant-channel", (anew(),)),
    Mend("grant-shop-type", (anew(),)),
    Mend(
        "flagship-needs-exclusive",
        (revoke("agent", "agent", "brand"), grant("brand", "rival", exclusive=True, depth=0)),
    ),
    Mend("specialty-needs-direct", (grant("brand", "trader", depth=0, called="anew"),)),
    Mend("specialty-needs-country", (DIRECT,)),
    Mend("multi-brand-too-long", (grant("brand", "carrier", depth=0, called="anew", **WIDE),)),
)
