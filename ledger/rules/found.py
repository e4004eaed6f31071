"""What is found against goods and places, by whom and how independently: before anything closes it."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

import msgspec

from ledger.histories.history import Entry, Fold, View
from ledger.identifiers import about_topic
from ledger.rules.chains import Failure
from ledger.rules.favour import Users, untied, whom
from ledger.rules.standing import Standing, recalled_lots, standing
from ledger.rules.state import MICROSECONDS, Signed
from ledger.statements.amendment_family import WithdrawnInError
from ledger.statements.catalogue import said_by
from ledger.statements.fields import Body, Findings, critical_in
from ledger.statements.inspection_family import Inspection
from ledger.statements.laboratory_family import Tested
from ledger.statements.observer_family import Observation, Visit
from ledger.statements.origin_family import OriginAudit
from ledger.statements.recall_family import Recall

NAMED = 10
"""How many entries a note about many of one kind names."""

Kind = Literal["recall", "refusal", "finding", "report"]

# How independent who found or closes something is: the more, the higher.
WAREHOUSE, OBSERVER, INSPECTOR, LABORATORY = range(4)
RANK: Mapping[str, int] = {
    "inbound": WAREHOUSE, "patrol": WAREHOUSE, "flight": INSPECTOR, "mystery": INSPECTOR,
}  # fmt: skip


class Moment(Protocol):
    """The ledger as it is known, the time in the world that is asked about, and whom the answer is about."""

    @property
    def view(self) -> View:
        """Return the ledger."""
        ...

    @property
    def valid_at_us(self) -> int:
        """Return the time, in microseconds."""
        ...

    @property
    def users(self) -> Users:
        """Return who uses and who sells the goods that are asked about."""
        ...


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something found against a lot or place: what a verdict says of it, who found it, and when.

    ``trader``: at whom an inspection was; ``rank``: how independent who found it was.
    """

    kind: Kind
    reason: Failure
    item: Standing
    about: str
    at_us: int
    rank: int
    trader: str | None = None

    @property
    def critical(self) -> bool:
        """Return whether it bears on everybody who sells the goods, not on one trader's stock."""
        return self.kind != "refusal" or self.rank > WAREHOUSE


@dataclass(frozen=True, slots=True)
class Closing:
    """Something found that does not count any more, and the note that says by whom."""

    trouble: Trouble
    note: Failure


@dataclass(slots=True)
class Against:
    """What is open against a lot or place, what was closed, and what opens nothing.

    ``suspended``: what somebody objected to, undecided: neither open nor closed. ``idle``: what the
    uninvited said of it, and recalls that lapsed.
    """

    open: list[Trouble] = field(default_factory=list)
    suspended: list[Trouble] = field(default_factory=list)
    closed: list[Closing] = field(default_factory=list)
    idle: list[Failure] = field(default_factory=list)

    @property
    def reasons(self) -> list[Failure]:
        """Return what is open, as reasons."""
        return [trouble.reason for trouble in self.open]

    @property
    def doubts(self) -> list[Failure]:
        """Return what is in suspense, as reasons why nobody knows."""
        return self.doubts_from(None)

    def doubts_from(self, since_us: int | None) -> list[Failure]:
        """Return what is in suspense and was found at a time or later; None: whenever it was."""
        return [one.reason for one in self.suspended if since_us is None or one.at_us >= since_us]

    @property
    def unsettled(self) -> list[Trouble]:
        """Return what is not closed: what has it answers for nothing, an objection or not."""
        return [*self.open, *self.suspended]

    @property
    def notes(self) -> list[Failure]:
        """Return what is to be known: what was closed, each once, then what opens nothing."""
        found: list[Failure] = []
        for closing in self.closed:
            if closing.note not in found:
                found.append(closing.note)
        return [*found, *self.idle]


def passed(body: Inspection) -> bool:
    """Return whether an inspection accepted its lot and found nothing critical."""
    return body.decision == "accepted" and not critical_in(body.findings)


def observed_us(item: Standing) -> int:
    """Return when an observation was made: as its observer signed it."""
    return item.signed_us


def done_us(item: Standing) -> int:
    """Return when an inspection, audit or observation was made."""
    body = item.body
    return body.on.us if isinstance(body, Inspection | OriginAudit) else observed_us(item)


def _against(body: Body | None) -> bool:
    """Return whether something said speaks against a lot or place; a visit, whatever was observed on it."""
    match body:
        case Inspection():
            return not passed(body)
        case OriginAudit() | Observation():
            return bool(critical_in(body.findings))
        case Tested():
            return body.failed
        case _:
            return isinstance(body, Visit | Recall)


def said_of(
    view: View, topic: str, subject: str, parties: Callable[[Standing], Iterable[str]]
) -> Iterator[Standing]:
    """Yield what stands in the history of a lot or place, oldest first.

    What was found there, or called back, and withdrawn in error by none but who was then tied to
    whom that favours stands. ``parties``: whom it favours that something falls.
    """
    for item in view.fold(standing, topic, subject).values():
        if item.ended is None and subject not in item.taken_out:
            yield item
        elif _against(item.body) and not _taken_back(view, topic, item, subject, parties(item)):
            yield replace(item, taken_out=item.taken_out - {subject})


def _taken_back(
    view: View, topic: str, item: Standing, subject: str, parties: Iterable[str]
) -> bool:
    """Return whether somebody tied to none of these withdrew a statement in error: a recall, of this lot."""
    favoured = tuple(parties)
    return any(
        untied(view, by.statement.issuer, (Signed.of(by.statement, by.index),), favoured)
        for by in view.history(topic, subject).entries()
        if isinstance(by.body, WithdrawnInError) and by.body.target.id == item.id
    )


def said_at(view: View, facility: str, parties: Sequence[str]) -> list[Standing]:
    """Return what stands of a place, or was withdrawn in error by who was tied to one of these parties."""
    return list(said_of(view, "facility", facility, lambda _: parties))


def said_of_lots(view: View, product: str, users: Users) -> list[Standing]:
    """Return what stands of a product's lots, or was withdrawn in error by who was tied to whom that favours."""

    def parties(item: Standing) -> list[str]:
        body = item.body
        lot = str(body.about) if isinstance(body, Visit) else lot_of(item)
        traders = (str(body.trader),) if isinstance(body, Inspection) else ()
        return [] if lot is None else whom(view, lot, users.of(lot), *traders)

    return list(said_of(view, "examined", product, parties))


def names_lot(recall: Standing, lot: str) -> bool:
    """Return whether a statement is a recall of a lot."""
    return isinstance(recall.body, Recall) and lot in recalled_lots(recall)


def lot_of(item: Standing) -> str | None:
    """Return the lot that an inspection, report or observation is about."""
    return lot_in(item.subject, item.body)


def lot_in(subject: str, body: Body | None) -> str | None:
    """Return the lot that an inspection, report or observation is about, by its subject and payload."""
    match body:
        case Inspection():
            return subject
        case Tested(lot=lot):
            return str(lot)
        case Observation(about=about) if about_topic(about) == "inspection":
            return str(about)
        case _:
            return None


CRITICAL = {
    "inspection": ("lot-critical", "lot"),
    "facility": ("place-critical", "facility"),
    "draw": ("draw-critical", "draw"),
}
"""The topic of what something critical was found of -> the code of the reason, its fact that names it."""


def critical(item: Standing, about: str, findings: Findings) -> Iterator[Failure]:
    """Yield each critical finding as a reason: of a place, a lot or a draw, each closed in its own way."""
    for finding in findings:
        if finding.severity == "critical":
            code, name = CRITICAL[about_topic(about)]
            facts: dict[str, str | int] = {name: about, "point": str(finding.point)}
            yield Failure(code, (item.index,), facts | {"by": item.issuer})


def invited(items: Iterable[Standing]) -> frozenset[str]:
    """Return the visits, by id, that cite an invitation: it is for what was visited, and for then."""
    return frozenset(item.subject for item in items if is_invited(item.body))


def is_invited(body: Body | None) -> bool:
    """Return whether a statement says of a visit on an invitation."""
    return isinstance(body, Visit) and body.invitation is not msgspec.UNSET


def counting(said: Iterable[Standing]) -> list[Standing]:
    """Return what was said of lots or a place but for what the uninvited observed: that opens nothing, and binds nobody."""
    said = list(said)
    asked = invited(said)
    return [one for one in said if not isinstance(one.body, Observation) or one.subject in asked]


def heard(view: View, topic: str, subject: str) -> Iterator[Entry]:
    """Yield the entries of a history, oldest first, but what binds nobody, and what became of that.

    That is what observers whom nobody invited said, and that a warehouse passed a lot and found nothing:
    any warehouse may say so of anybody's goods, and it speaks against nobody.
    """
    entries = list(view.history(topic, subject).entries())
    said = [said_by(entry.body) for entry in entries]
    asked = {
        entry.statement.subject
        for entry, body in zip(entries, said, strict=True)
        if is_invited(body)
    }
    idle = set[str]()
    for entry, body in zip(entries, said, strict=True):
        target = getattr(entry.body, "target", None)
        if _binds(entry, body, asked, None if target is None else target.id, idle):
            yield entry
        elif target is None:
            idle.add(entry.statement.id.hex())


def _binds(
    entry: Entry, body: Body | None, asked: Container[str], target: str | None, idle: Container[str]
) -> bool:
    """Return whether an entry binds somebody; ``target``: what it amends, ``idle``: what bound nobody."""
    match body:
        case Visit() | Observation():
            return entry.statement.subject in asked
        case Inspection():
            return RANK[body.mode] > WAREHOUSE or not passed(body) or bool(body.findings)
        case _:
            return target is None or target not in idle


def _critically_observed(at: Moment, items: Iterable[Standing]) -> Iterator[Standing]:
    for item in items:
        body = item.body
        if (
            isinstance(body, Observation)
            and observed_us(item) <= at.valid_at_us
            and critical_in(body.findings)
        ):
            yield item


def observed(
    at: Moment, about: str, items: Iterable[Standing], visits: Container[str]
) -> Iterator[Trouble]:
    """Yield the critical findings of observers on visits that they were invited to."""
    for item in _critically_observed(at, items):
        if item.subject in visits:
            assert isinstance(item.body, Observation)  # noqa: S101 - chosen as such
            for reason in critical(item, about, item.body.findings):
                yield Trouble("finding", reason, item, about, observed_us(item), OBSERVER)


def uninvited(
    at: Moment, about: str, items: Iterable[Standing], visits: Container[str]
) -> list[Failure]:
    """Return that observers whom nobody invited found something critical: in one note, if any did."""
    found = [i.index for i in _critically_observed(at, items) if i.subject not in visits]
    if not found:
        return []
    facts: dict[str, str | int] = {"about": about, "count": len(found)}
    return [Failure("finding-uninvited", tuple(found[:NAMED]), facts)]


def _suspect(found: tuple[int, ...], entries: Sequence[Entry]) -> tuple[int, ...]:
    more = []
    for entry in entries:
        body = said_by(entry.body)
        match body:
            case Inspection() if critical_in(body.findings):
                more.append(body.on.us)
            case Observation() if critical_in(body.findings):
                more.append(entry.statement.issued_at * MICROSECONDS)
            case Tested(failed=True):
                more.append(body.tested_until.us)
            case _:
                pass
    return (*found, *more)


suspects: Fold[tuple[int, ...]] = Fold(tuple, _suspect)
"""When something was found that may be critical, by a product's history (``adverse``)."""
