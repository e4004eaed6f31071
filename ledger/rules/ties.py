"""Who is tied to whom: the same party, the same firm, or one group of affiliated firms.

Ties are exact to any depth and width: whoever stops looking after some number of papers
invites as many papers that lead nowhere. Papers of affiliation come from authorities and the
operator alone, so no stranger makes a group larger.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from ledger.histories.history import Entry, View
from ledger.histories.views import AsOfView
from ledger.rules.common import OFFLINE_AGE_S
from ledger.rules.offices import fold_states
from ledger.rules.standing import Standing, standing
from ledger.rules.state import MICROSECONDS, Signed, fold_party
from ledger.statements.brand_family import Qualification

CODE = "uscc "
"""Before a unified social credit code, where a group holds it beside parties."""


def _affiliated(view: View, item: Standing, at_us: tuple[int, ...]) -> bool:
    """Return whether a paper is one of affiliation that held at one of these times.

    A withdrawal bites from its registration on: the firm was tied until then. Of a signature
    (``Signed``) its registration counts, too.
    """
    body = item.body
    if not isinstance(body, Qualification) or body.kind != "affiliation":
        return False
    return any(
        body.covers(time_us) and (item.ended is None or time_us < view.registered_us(item.ended))
        for moment in at_us
        for time_us in _times(view, body, moment)
    )


def _times(view: View, body: Qualification, moment: int) -> Iterator[int]:
    """Yield a moment; of a signature also when it was registered, where a paper begins between the two."""
    yield moment
    if isinstance(moment, Signed) and 0 < body.from_.us - moment <= OFFLINE_AGE_S * MICROSECONDS:
        yield view.registered_us(moment.index)


def group(view: View, party: str, *at_us: int) -> dict[str, tuple[int, ...]]:
    """Return a party and all it is affiliated with, upwards, at any of these times.

    Each with the entries that say so, lowest first. A firm is there by its unified social
    credit code too: two parties that carry one code are one firm.
    """
    found: dict[str, tuple[int, ...]] = {party: ()}
    todo = [party]
    for below in todo:  # grows on the way
        known = view.fold(fold_party, "identity", below)
        if known is not None and known.uscc is not None:
            found.setdefault(f"{CODE}{known.uscc}", found[below])
        for item in view.fold(standing, "qualification", below).values():
            above = getattr(item.body, "of", None)
            if isinstance(above, str) and above not in found and _affiliated(view, item, at_us):
                found[above] = (*found[below], item.index)
                todo.append(above)
    return found


Group = Mapping[str, tuple[int, ...]]
"""A party and all above it, codes among them, each with the papers that lead there."""


def meeting(ours: Group, theirs: Group) -> tuple[str, tuple[int, ...]] | None:
    """Return where the groups of two parties meet, and the entries that lead there; None where they do not."""
    for party, entries in ours.items():
        if party in theirs:
            return party, tuple(dict.fromkeys((*entries, *theirs[party])))
    return None


def ties(view: View, left: str, right: str, *at_us: int) -> tuple[int, ...] | None:
    """Return the entries by which two parties are tied to each other, None if they are not.

    Tied: the same party, the same unified social credit code, or affiliated, upwards, with
    one and the same party at one of these times: one of the two, or a third above both.
    """
    if left == right:
        return ()
    found = meeting(group(view, left, *at_us), group(view, right, *at_us))
    return None if found is None else found[1]


def below(view: View, above: str, *at_us: int) -> Iterator[str]:
    """Yield who belongs to a party by a paper that held at one of these times, or carries a code."""
    if above.startswith(CODE):
        for entry in view.history("uscc", above.removeprefix(CODE)).entries():
            yield entry.statement.subject
        return
    for id_, said in view.fold(standing, "affiliates", above).items():
        # What became of a paper stands at its holder.
        item = view.fold(standing, "qualification", said.subject).get(id_)
        if item is not None and _affiliated(view, item, at_us):
            yield item.subject


class Tie(NamedTuple):
    """A tie: the papers by which it is one, and the statement that put it on record, the last of all it rests on."""

    papers: tuple[int, ...]
    said: Entry

    @property
    def entries(self) -> tuple[int, ...]:
        """Return all that say so; a code, which no paper says, by the statement that gave it."""
        return tuple(dict.fromkeys((*self.papers, self.said.index)))


def tied_later(
    view: View, left: str, right: str, at_us: tuple[int, ...], *, before: int
) -> Tie | None:
    """Return a tie that held at one of these times and was said only afterwards.

    ``before``: the index of the statement that should have minded it. None where the two were
    not tied, or where the ledger said so by then.
    """
    found = ties(view, left, right, *at_us)
    if found is None or ties(AsOfView(view, before), left, right, *at_us) is not None:
        return None
    ours, theirs = group(view, left, *at_us), group(view, right, *at_us)
    parties = [party for party in {**ours, **theirs} if not party.startswith(CODE)]
    last = max(found, default=before)
    if last <= before:
        shared = ours.keys() & theirs.keys()
        last = max(index for party in parties for index in coded(view, party, shared))
    said = next(
        entry
        for party in parties
        for topic in ("qualification", "identity")
        for entry in view.history(topic, party).entries()
        if entry.index == last
    )
    return Tie(found, said)


def coded(view: View, party: str, codes: Collection[str]) -> Iterator[int]:
    """Yield the statement that first gave a party one of these codes."""
    known = view.fold(fold_states, "identity", party)
    yield from islice((index for index, state in known if f"{CODE}{state.uscc}" in codes), 1)
