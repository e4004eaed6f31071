"""Who held an office: as of the entry that was said by it, never as of today.

The operator gives and takes roles. If it could take the rank from what an authority decided, it
would overrule it; so roles are read at the place in the log of what rests on them.
"""

from collections.abc import Sequence

from ledger.histories.history import Entry, Fold, View
from ledger.rules.standing import Standing
from ledger.rules.state import PartyState, fold_party

States = tuple[tuple[int, PartyState], ...]


def _states(known: States, entries: Sequence[Entry]) -> States:
    for entry in entries:
        state = fold_party.step(known[-1][1] if known else None, [entry])
        if state is not None:
            known = (*known, (entry.index, state))
    return known


fold_states: Fold[States] = Fold(tuple, _states)
"""What a party was, from the history (``identity``, party): (entry that says so, state), oldest first."""


def said_as(view: View, item: Standing) -> PartyState | None:
    """Return what a statement's issuer was when it was registered."""
    known = view.fold(fold_states, "identity", item.issuer)
    return next((state for index, state in reversed(known) if index < item.index), None)


def country_at(view: View, party: str, at_us: int) -> str:
    """Return a party's country at a time, its first one before; empty where nobody said."""
    known = view.fold(fold_states, "identity", party)
    if not known:
        return ""
    first, *later = known
    # Times are asked for only where something changed: a bundle carries each.
    then = (state for index, state in reversed(later) if view.registered_us(index) <= at_us)
    return next(then, first[1]).country


def by_authority(view: View, item: Standing) -> bool:
    """Return whether an authority that is not the operator said so."""
    known = said_as(view, item)
    return known is not None and not known.operator and "authority" in known.roles


def by_office(view: View, item: Standing) -> bool:
    """Return whether the operator of the log, or an authority, said so."""
    known = said_as(view, item)
    return known is not None and (known.operator or "authority" in known.roles)


def ever_office(view: View, party: str) -> bool:
    """Return whether a party is the operator of the log, or was an authority at any time."""
    known = view.fold(fold_states, "identity", party)
    return any(state.operator or "authority" in state.roles for _, state in known)
