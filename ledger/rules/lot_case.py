"""One lot and what was said of it, by its own history: which recalls of it are in force, and which lapsed.

The order of the log decides nothing here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ledger.histories.history import View
from ledger.rules.chains import Failure
from ledger.rules.claims import may_recall
from ledger.rules.favour import whom
from ledger.rules.found import (
    Moment,
    Trouble,
    invited,
    names_lot,
    said_of,
)
from ledger.rules.improvements import Plan, plans
from ledger.rules.offices import by_office
from ledger.rules.product_recalls import recalls_that_mean
from ledger.rules.reports import (
    Report,
    reports_among,
)
from ledger.rules.standing import Standing, corrections
from ledger.rules.taken_over import lapse, of_right_then, went_into
from ledger.rules.untied_reports import overturned_freely
from ledger.statements.inspection_family import Inspection
from ledger.statements.recall_family import Recall


@dataclass(slots=True)
class LotCase:
    """One lot and what was said of it, by its own history: ``recalls`` of it in force, and ``lapsed``.

    ``visits``: those that observers were invited to; ``plans``: improvement plans on the lot's
    own statements; ``versions``: of each correction the statement that it corrects, by id;
    ``later``: finds what shows that a lot made later passes, None where that is not asked;
    ``users``: who uses the lot, or sells what is made of it, in this answer.
    """

    at: Moment
    lot: str
    items: Sequence[Standing]
    reports: Sequence[Report]
    recalls: Sequence[Standing]
    lapsed: Sequence[Failure]
    visits: frozenset[str]
    plans: Mapping[str, Plan]
    versions: Mapping[str, str]
    later: "Callable[[LotCase, Trouble], Standing | None] | None" = None
    users: frozenset[str] = field(default_factory=frozenset)

    @property
    def view(self) -> View:
        """Return the ledger."""
        return self.at.view

    def inspections(self) -> Iterator[tuple[Standing, Inspection]]:
        """Yield the inspections made by the time asked about."""
        for item in self.items:
            if isinstance(item.body, Inspection) and item.body.on.us <= self.at.valid_at_us:
                yield item, item.body

    def favours(self, *traders: str) -> list[str]:
        """Return whom it favours that the lot passes, at these traders: nobody tied to them passes it."""
        return whom(self.view, self.lot, self.users, *traders)


def in_force(
    at: Moment,
    recalls: Iterable[Standing],
    lot: str,
    users: frozenset[str],
    used_us: int | None = None,
) -> tuple[list[Standing], list[Failure]]:
    """Return the recalls of a lot among statements that are in force then, and which lapsed.

    In force are those by who may recall it, or might then; one note of what lapsed by one party for one reason.
    None falls by decisions alone of who was tied to whom that favours. ``users``: who uses
    the lot; ``used_us``: when the first was made that was made of it, None where nothing is looked at.
    """
    made_us = at.valid_at_us if used_us is None else min(used_us, at.valid_at_us)
    force, lapsed = list[Standing](), dict[tuple[object, ...], Failure]()
    for item in recalls:
        if not (isinstance(item.body, Recall) and names_lot(item, lot)):
            continue
        if item.body.from_.us > at.valid_at_us:
            continue
        if (found := lapse(at.view, lot, item)) is not None:
            favoured, note = whom(at.view, lot, users), found.note
            if went_into(at.view, lot, item, made_us) or not found.freely(at.view, favoured):
                force.append(item)
            else:
                lapsed.setdefault((note.facts["party"], *note.entries[1:]), note)
        elif (
            by_office(at.view, item)
            or may_recall(at.view, item.issuer, lot)
            or of_right_then(at.view, lot, item)
        ):
            force.append(item)
    return force, list(lapsed.values())


def case_of(
    at: Moment, lot: str, used_us: int | None = None, users: frozenset[str] = frozenset()
) -> LotCase:
    """Return a lot with what its history says of it; no lot made later answers for it.

    ``used_us``: of what another lot was made of, when that was made; ``users``: who uses it beside
    those that the answer knows of.
    """
    users |= at.users.of(lot)

    def favours(item: Standing) -> list[str]:
        body = item.body
        return whom(
            at.view, lot, users, *([str(body.trader)] if isinstance(body, Inspection) else ())
        )

    items = list(said_of(at.view, "inspection", lot, favours))
    reports = reports_among(at.view, "inspection", lot, items)
    recalls, lapsed = in_force(at, items, lot, users, used_us)
    recalls += recalls_that_mean(at.view, lot, at.valid_at_us)
    return LotCase(
        at,
        lot,
        items,
        [overturned_freely(at, one, users) for one in reports if one.body.lot == lot],
        recalls,
        lapsed,
        invited(items),
        at.view.fold(plans, "inspection", lot),
        at.view.fold(corrections, "inspection", lot),
        users=users,
    )
