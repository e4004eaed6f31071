"""What comes back from the market: the platform's figures of a month, product by product."""

from ecosystem.pen import DAY_S, Said, time_of
from ecosystem.share import Share
from ledger.identifiers import product_of

MONTH_DAYS = 30
BEFORE_DAYS = 2
"""Figures of a month end so long before they are stated."""
REASONS = ("quality", "not-as-described", "damaged", "unwell", "packaging", "no-reason")


def state_returns(share: Share, thing: str, end_s: int) -> Said:
    """State what was sold and what came back of a product in the month behind which one is."""
    until_s = end_s - BEFORE_DAYS * DAY_S
    sold = share.rng.randrange(50, 20_000)
    reasons = share.rng.sample(REASONS, share.rng.randrange(1, 4))
    fields = {
        "from": time_of(until_s - MONTH_DAYS * DAY_S),
        "until": time_of(until_s),
        "sold": sold,
        "returned": [
            {"reason": one, "count": share.rng.randrange(1 + sold // 50)} for one in reasons
        ],
    }
    share.told["figures of a month"] += 1
    return share.pen.tell("feedback", share.pen.operator, product_of(thing), fields)
