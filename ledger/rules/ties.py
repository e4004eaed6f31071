"""Who is tied to whom: the same party, the same firm, or one group of affiliated firms."""

from ledger.histories.history import View
from ledger.rules.standing import standing_in, standing_of
from ledger.rules.state import fold_party
from ledger.statements.brand_family import Qualification
from ledger.statements.origin_family import Facility

MAX_GROUP = 20  # parties looked at upwards; a group is a few levels deep


def group(view: View, party: str, *at_us: int) -> dict[str, tuple[int, ...]]:
    """Return a party and all it is affiliated with, upwards, at any of these times.

    Each with the entries that say so, lowest first.
    """
    found: dict[str, tuple[int, ...]] = {party: ()}
    todo = [party]
    while todo and len(found) < MAX_GROUP:
        below = todo.pop(0)
        for item in standing_in(view, "qualification", below):
            body = item.body
            if (
                isinstance(body, Qualification)
                and body.kind == "affiliation"
                and isinstance(body.of, str)
                and body.of not in found
                and any(body.covers(time_us) for time_us in at_us)
            ):
                found[body.of] = (*found[below], item.index)
                todo.append(body.of)
    return found


def ties(view: View, left: str, right: str, *at_us: int) -> tuple[int, ...] | None:
    """Return the entries by which two parties are tied to each other, None if they are not.

    Tied: the same party, the same unified social credit code, or affiliated, upwards, with
    one and the same party at one of these times: one of the two, or a third above both.
    """
    if left == right:
        return ()
    one, other = (view.fold(fold_party, "identity", party) for party in (left, right))
    if one is not None and other is not None and one.uscc is not None and one.uscc == other.uscc:
        return ()
    ours, theirs = group(view, left, *at_us), group(view, right, *at_us)
    for party, entries in ours.items():
        if party in theirs:
            return tuple(dict.fromkeys((*entries, *theirs[party])))
    return None


def owners(view: View, facility: str) -> dict[str, int]:
    """Return who owns a facility by its standing statements, with the entry that says so."""
    return {
        str(item.body.owner): item.index
        for item in standing_of(view, "facility", facility, Facility)
        if isinstance(item.body, Facility)
    }
