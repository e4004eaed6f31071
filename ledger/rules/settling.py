"""What settles claims on names: decisions, and licences of GS1 prefixes."""

import msgspec

from ledger.histories.history import View
from ledger.rules.offices import by_authority
from ledger.rules.standing import Standing, standing_of
from ledger.statements.brand_family import Qualification
from ledger.statements.claim_family import ClaimDecided

PLAIN = 0
"""How good a right is that nothing settles."""
DECIDED, DECIDED_BY_AUTHORITY = 4, 5
"""How good one is that a decision upholds; what is between is said in ``claims``."""


def decisions(view: View, topic: str, subject: str) -> list[Standing]:
    """Return the decisions on a thing's claims that bind, oldest first.

    Those that stand, that none of at least their rank overrules; where authorities decided, the
    operator's bind nobody.
    """
    found = list(standing_of(view, topic, subject, ClaimDecided))
    rank = {item.id: decided_level(view, item) for item in found}
    overruled = {
        item.body.overrules.id
        for item in found
        if isinstance(item.body, ClaimDecided)
        and item.body.overrules is not msgspec.UNSET
        and rank[item.id] >= rank.get(item.body.overrules.id, PLAIN)
    }
    left = [item for item in found if item.id not in overruled]
    top = max((rank[item.id] for item in left), default=PLAIN)
    return [item for item in left if rank[item.id] == top]


def decided_level(view: View, item: Standing) -> int:
    """Return how good the right is that a decision gives: by what its issuer was when it decided."""
    return DECIDED_BY_AUTHORITY if by_authority(view, item) else DECIDED


def licence(view: View, party: str, digits: str, at_us: int) -> Standing | None:
    """Return the licence of a GS1 prefix by which a number is a party's at a time."""
    for item in standing_of(view, "qualification", party, Qualification):
        body = item.body
        if (
            isinstance(body, Qualification)
            and isinstance(body.prefix, str)
            and digits.startswith(body.prefix)
            and body.covers(at_us)
        ):
            return item
    return None
