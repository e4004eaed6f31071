"""What still stands in a history: statements as amended by later ones, and citations resolved.

A revocation, withdrawal or end makes its target dead from its own index on; ``supersede``
replaces what the target says from the start, as known after its index; of a claim not where its
key is in doubt, unless the claim's own is: what was said before stands.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from ledger.histories.history import Entry, Fold, View
from ledger.rules.state import Doubt, Signed, doubt_of
from ledger.statements.amendment_family import Supersede, WithdrawnInError
from ledger.statements.brand_family import Authorisation, Product, revokes_for_cause
from ledger.statements.catalogue import CATALOGUE, corrected, type_name
from ledger.statements.fields import Body, Citation
from ledger.statements.inspection_family import SampleSealed
from ledger.statements.origin_family import Facility, Lot
from ledger.statements.recall_family import Recall
from ledger.statements.sanction_family import AppealDecision, Sanction
from ledger.statements.standard_family import BaselineStandard, Standard
from ledger.statements.trade_family import Shop

CLAIMS: dict[str, tuple[type[Body], ...]] = {
    "product": (Product,),
    "lot": (Lot,),
    "facility": (Facility,),
    "shop": (Shop,),
    "sample": (SampleSealed,),
    "standard": (BaselineStandard, Standard),
}
"""The topics of things that are claimed, with the types that claim them."""
TOPIC_OF = {kind: topic for topic, kinds in CLAIMS.items() for kind in kinds}


@dataclass(frozen=True, slots=True)
class Standing:
    """One statement and what became of it.

    ``body``: what it says, corrected where it was superseded; ``ends``: the statement that ended it,
    of a grant also the first that revokes it for cause behind one that does not; ``replaced``: the
    index of the newest that corrected or varied it, ``version`` the statement id of what it says
    now: its own, or that correction's; ``taken_out``: the lots of a recall that were called back in error; ``corrections``: each
    entry that corrected it, with what it says since, oldest first.
    """

    entry: Entry
    body: Body
    version: str
    replaced: int | None = None
    taken_out: frozenset[str] = frozenset()
    corrections: tuple[tuple[Entry, Body], ...] = ()
    ends: tuple[Entry, ...] = ()

    @property
    def index(self) -> int:
        """Return its leaf index."""
        return self.entry.index

    @property
    def ended(self) -> int | None:
        """Return the index of the statement that ended it, None where none did."""
        return self.ends[0].index if self.ends else None

    @property
    def ended_by(self) -> str:
        """Return who ended it, empty for nobody."""
        return self.ends[0].statement.issuer if self.ends else ""

    @property
    def id(self) -> str:
        """Return its statement id in hexadecimal."""
        return self.entry.statement.id.hex()

    @property
    def ids(self) -> frozenset[str]:
        """Return the ids by which it may have been cited: its own, and those of all its corrections."""
        return frozenset({self.id, *(entry.statement.id.hex() for entry, _ in self.corrections)})

    @property
    def issuer(self) -> str:
        """Return who signed it."""
        return self.entry.statement.issuer

    @property
    def subject(self) -> str:
        """Return what it is about."""
        return self.entry.statement.subject

    @property
    def signed_us(self) -> Signed:
        """Return when it was signed, as its issuer says."""
        return Signed.of(self.entry.statement, self.index)

    @property
    def versions(self) -> tuple[tuple[Entry, Body], ...]:
        """Return all that was said of it, each with the entry that says it, oldest first."""
        assert self.entry.body is not None  # noqa: S101 - what stands is native
        return ((self.entry, self.entry.body), *self.corrections)

    def since(self, holds: Callable[[Body], bool]) -> int:
        """Return the entry from which on all that was said of it is so, as what it says now is."""
        found = self.versions[-1][0].index
        for entry, body in reversed(self.versions):
            if not holds(body):
                break
            found = entry.index
        return found

    @property
    def before(self) -> Iterator[tuple[Entry, Body]]:
        """Yield what it said before each correction, with that correction's entry, oldest first."""
        said = (body for _, body in self.versions)
        return zip((entry for entry, _ in self.corrections), said, strict=False)

    @property
    def cites(self) -> tuple[int, ...]:
        """Return the entries that say what it says now: its own, and its newest correction's."""
        return (self.index, *(entry.index for entry, _ in self.corrections[-1:]))

    def kept(self, corrections: tuple[tuple[Entry, Body], ...]) -> "Standing":
        """Return it with some of its corrections alone."""
        last, body = corrections[-1] if corrections else (self.entry, self.entry.body)
        assert body is not None  # noqa: S101 - what stands is native
        return replace(
            self,
            body=body,
            version=last.statement.id.hex(),
            replaced=last.index if corrections else None,
            corrections=corrections,
        )

    def amended(self, entry: Entry) -> "Standing":
        """Return it as it is behind one more amendment; the first end stays."""
        body = entry.body
        assert body is not None  # noqa: S101 - amendments are native
        match CATALOGUE[type_name(body)].effect:
            case "replaces" if isinstance(body, Supersede):
                if any(known.index == entry.index for known, _ in self.corrections):
                    return self  # one history of it said so already
                return self.kept((*self.corrections, (entry, corrected(body))))
            case "ends":
                return self._over(entry)
            case "withdraws" if isinstance(body, WithdrawnInError):
                return self._withdrawn(body, entry)
            case "decides" if isinstance(body, AppealDecision):
                return self._decided(body, entry)
            case _:
                return self

    def _over(self, entry: Entry) -> "Standing":
        """Return it ended; a grant that is, by its own terms, also for cause."""
        if not self.ends:
            return replace(self, ends=(entry,))
        known = any(one.index == entry.index for one in self.ends)
        if known or not (may_be_hastened(self) and revokes_for_cause(entry.body)):
            return self
        return replace(self, ends=(*self.ends, entry))

    def _withdrawn(self, withdrawal: WithdrawnInError, entry: Entry) -> "Standing":
        """Return it behind a withdrawal in error: ended, a recall when no lot of it is left."""
        if self.ended is not None:
            return self
        taken = self.taken_out | frozenset(withdrawal.lots)
        if isinstance(self.body, Recall) and set(recalled_lots(self)) - taken:
            return replace(self, taken_out=taken)
        return replace(self, ends=(entry,), taken_out=taken)

    def _decided(self, decision: AppealDecision, entry: Entry) -> "Standing":
        """Return what an appeal was against behind the decision on it; what has ended stays as it was."""
        if self.ended is not None:
            return self
        match decision.outcome:
            case "annulled":
                return replace(self, ends=(entry,))
            case "varied" if isinstance(self.body, Sanction):
                return replace(self, body=decision.applied(self.body), replaced=entry.index)
            case _:
                return self


def may_be_hastened(item: Standing) -> bool:
    """Return whether a grant was revoked by its own terms alone: for cause it may be so at once."""
    return isinstance(item.body, Authorisation) and not any(
        revokes_for_cause(one.body) for one in item.ends
    )


def lots_named(item: Standing) -> tuple[str, ...]:
    """Return the lots that a recall names, those called back in error too."""
    others = item.body.other_lots if isinstance(item.body, Recall) else ()
    return tuple(dict.fromkeys((item.subject, *map(str, others))))


def recalled_lots(item: Standing) -> tuple[str, ...]:
    """Return the lots that a recall calls back, but for those called back in error."""
    return tuple(lot for lot in lots_named(item) if lot not in item.taken_out)


def amends(entry: Entry) -> str | None:
    """Return the id of the statement that an entry amends, None if it stands for itself."""
    if entry.body is None or not CATALOGUE[type_name(entry.body)].amends:
        return None
    target: Citation = entry.body.target  # type: ignore[attr-defined]  # every amending body has one
    return target.id


def answers(body: Body) -> bool:
    """Return whether a payload answers its target: both stand."""
    return CATALOGUE[type_name(body)].effect == "answers"


class Standings(dict[str, Standing]):
    """A history's statements by id, in order.

    ``live``: those that have not ended, by the class of what they say; a place with a
    thousand audits has one owner, and is asked for that owner a thousand times.
    """

    __slots__ = ("live",)

    def __init__(self) -> None:
        super().__init__()
        self.live: dict[type[Body], dict[str, Standing]] = {}

    def put(self, id_: str, item: Standing) -> None:
        """Set what became of a statement."""
        before = self.get(id_)
        self[id_] = item
        if before is not None and (
            item.ended is not None or type(before.body) is not type(item.body)
        ):
            self.live.get(type(before.body), {}).pop(id_, None)
        if item.ended is None:
            self.live.setdefault(type(item.body), {})[id_] = item

    def copied(self) -> "Standings":
        """Return another one with the same content."""
        other = Standings()
        other.update(self)
        other.live = {kind: dict(items) for kind, items in self.live.items()}
        return other


def _stand(found: Standings, entries: Sequence[Entry]) -> Standings:
    for entry in entries:
        target = amends(entry)
        if entry.body is not None and (target is None or answers(entry.body)):
            id_ = entry.statement.id.hex()
            found.put(id_, Standing(entry, entry.body, id_))
        elif target is not None and target in found:
            name = type_name(found[target].entry.body)
            body = entry.body
            if body is not None and name in CATALOGUE[type_name(body)].amends:
                found.put(target, found[target].amended(entry))
    return found


standing: Fold[Standings] = Fold(Standings, _stand, Standings.copied)
"""A history's statements by id, in order, each as later ones of it amended it."""


def all_amendments(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries of a history (``statement``, id): they all amend it."""
    return tuple(entries)


def with_amendments(view: View, item: Standing) -> Standing:
    """Return a statement with everything that (``statement``, id) says of it, not of what answers it."""
    name = type_name(item.entry.body)
    for entry in view.fold(all_amendments, "statement", item.id):
        body = entry.body
        if body is None or amends(entry) != item.id:
            continue
        if name in CATALOGUE[type_name(body)].amends:
            item = item.amended(entry)
    return item


def _correct(found: dict[str, str], entries: Sequence[Entry]) -> dict[str, str]:
    for entry in entries:
        if isinstance(entry.body, Supersede):
            found[entry.statement.id.hex()] = entry.body.target.id
    return found


corrections: Fold[dict[str, str]] = Fold(dict, _correct, dict)
"""The corrections in a history by id, each with the id of what it corrects."""


def resolve(view: View, citation: Citation) -> Standing | None:
    """Return the statement that a citation names, amended; None if that history lacks it.

    A corrected statement is named by its own id or by that of a correction.
    """
    known = view.fold(standing, citation.topic, citation.subject)
    found = known.get(citation.id)
    if found is None:
        target = view.fold(corrections, citation.topic, citation.subject).get(citation.id)
        found = None if target is None else known.get(target)
    return None if found is None else with_amendments(view, found)


B = TypeVar("B", bound=Body)


def resolve_as(view: View, citation: Citation, type_: type[B]) -> tuple[Standing, B] | None:
    """Return the statement that a citation names, with what it says; None if it is none of a type, or not there."""
    found = resolve(view, citation)
    return (found, found.body) if found is not None and isinstance(found.body, type_) else None


def in_doubt(view: View, item: Standing) -> Doubt | None:
    """Return why a statement is in doubt: its key was suspected by then; None if it is not."""
    return doubt_of(view, item.entry.statement.kid, item.index)


def sound(view: View, item: Standing) -> Standing:
    """Return a claim without its corrections in doubt, unless all of it is; anything else as it is.

    Who states a thing anew by a key in other hands changes nothing of what it states soundly; nor
    does a correction, which its owner could not undo where something was found since.
    """
    if not item.corrections or type(item.entry.body) not in TOPIC_OF:
        return item
    left = tuple(
        (entry, body)
        for entry, body in item.corrections
        if doubt_of(view, entry.statement.kid, entry.index) is None
    )
    whole = len(left) == len(item.corrections) or in_doubt(view, item) is not None
    return item if whole else item.kept(left)


def beside_sound(view: View, items: Iterable[Standing]) -> frozenset[int]:
    """Return which claims are in doubt while who made them states the same thing by a sound key, too."""
    stated: dict[tuple[str, str], list[Standing]] = {}
    for item in items:
        stated.setdefault((item.subject, item.issuer), []).append(item)
    found = set[int]()
    for some in stated.values():
        if len(some) > 1:
            doubted = {item.index for item in some if in_doubt(view, item) is not None}
            found |= doubted if len(doubted) < len(some) else set()
    return frozenset(found)


def standing_of(view: View, topic: str, subject: str, kind: type[Body]) -> Iterable[Standing]:
    """Return what a history says of one type that has not ended, oldest first.

    Of claims as they are ``sound``, without those ``beside_sound``.
    """
    items = view.fold(standing, topic, subject).live.get(kind, {}).values()
    # A correction of another type, admitted against the rules, would stand behind its juniors.
    found = sorted(items, key=lambda item: item.index)
    if kind not in TOPIC_OF:
        return found
    without = beside_sound(view, found)
    return [sound(view, item) for item in found if item.index not in without]


def standing_in(view: View, topic: str, subject: str) -> Iterator[Standing]:
    """Yield what a history says that has not ended, oldest first."""
    for item in view.fold(standing, topic, subject).values():
        if item.ended is None:
            yield item
