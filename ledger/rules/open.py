"""What is open against goods and places: one answer to it, whoever asks.

Against a lot: recalls in force, refusals that nothing answers, final results that failed,
critical findings. Against a product: against any of its lots, on record or not. Against a
place: critical findings of audits and observers. All that was found counts; what closes it has
to be at least as independent as who found it, later in the world, and tied to nobody whom it
favours. The order of the log decides nothing here.

A refusal, or an inspection with a critical finding, is closed by an inspection of the same lot
at the same trader that cites it, is made in as independent a mode, passes, and judges every
class in which it failed. What an observer found of a lot is closed by an inspector who looks at
it later and passes it; a result by its retest alone; what was found at a place by a later audit
that finds nothing critical. Of a recalled lot, which nobody can inspect again, it is closed by
an improvement found effective and a lot made later that passes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ledger.histories.history import View
from ledger.identifiers import about_topic, product_of
from ledger.rules.chains import Failure
from ledger.rules.claims import Claim, held, held_product, holding, is_office, makers_of, may_recall
from ledger.rules.found import (
    INSPECTOR,
    LABORATORY,
    OBSERVER,
    RANK,
    WAREHOUSE,
    Against,
    Closing,
    Moment,
    Trouble,
    critical,
    critical_in,
    favoured,
    invited,
    lot_of,
    names_lot,
    observed,
    passed,
    uninvited,
    untied,
)
from ledger.rules.improvements import Plan, plans, plans_about
from ledger.rules.naming import same_name
from ledger.rules.reports import Report, failed_by, grouped_reports, tested
from ledger.rules.standing import Standing, corrections, recalled_lots, standing_in
from ledger.statements.improvement_family import ImprovementVerified
from ledger.statements.inspection_family import Inspection, Recall, plans_of, refused_classes
from ledger.statements.laboratory_family import Result
from ledger.statements.origin_family import Lot, OriginAudit

MAX_INPUTS = 1_000
"""So many lots that a later lot was made of are looked at; one of more answers nothing."""


@dataclass(slots=True)
class _Case:
    """One lot and what was said of it: ``items`` in any order, ``recalls`` of it in force.

    ``visits``: those that observers were invited to; ``plans``: improvement plans on the lot's
    own statements; ``versions``: of each correction the statement that it corrects, by id;
    ``later``: finds what shows that a lot made later passes, None where that is not asked.
    """

    at: Moment
    lot: str
    items: Sequence[Standing]
    reports: Sequence[Report]
    recalls: Sequence[Standing]
    visits: frozenset[str]
    plans: Mapping[str, Plan]
    versions: Mapping[str, str]
    later: "Callable[[_Case, Trouble], Standing | None] | None" = None

    @property
    def view(self) -> View:
        """Return the ledger."""
        return self.at.view

    def inspections(self) -> Iterator[tuple[Standing, Inspection]]:
        """Yield the inspections made by the time asked about."""
        for item in self.items:
            if isinstance(item.body, Inspection) and item.body.on.us <= self.at.valid_at_us:
                yield item, item.body


def _inspected(case: _Case) -> Iterator[Trouble]:
    """Yield what inspections found against a lot: refusals, and critical findings."""
    for item, body in case.inspections():
        made = (item, case.lot, body.on.us, RANK[body.mode], str(body.trader))
        if body.decision == "refused":
            facts: dict[str, str | int] = {"lot": case.lot, "mode": body.mode}
            facts["since"] = str(body.on)
            yield Trouble("refusal", Failure("lot-refused", (item.index,), facts), *made)
        for reason in critical(item, case.lot, body.findings):
            yield Trouble("finding", reason, *made)


def _reported(case: _Case) -> Iterator[Trouble]:
    """Yield the final results that failed a lot."""
    for report in case.reports:
        body = report.body
        if body.issued.us > case.at.valid_at_us:
            continue
        for result in report.results():
            if result.outcome == "fail":
                yield _failed(report, result)


def _failed(report: Report, result: Result) -> Trouble:
    """Return a result that failed, or missed somebody's limit, as something found of its lot."""
    lot, at_us = str(report.body.lot), report.body.tested_until.us
    return Trouble("report", failed_by(report, result), report.item, lot, at_us, LABORATORY)


def _overturned(case: _Case) -> Iterator[Closing]:
    """Yield the results that failed a lot and that a retest overturned."""
    for report in case.reports:
        if report.body.issued.us > case.at.valid_at_us:
            continue
        for result in report.results("overturned"):
            if result.outcome != "fail":
                continue
            closed = next(
                item.closed
                for item in report.objections
                if item.outcome == "overturned" and result.property in item.properties
            )
            assert closed is not None  # noqa: S101 - an overturned objection is closed
            facts: dict[str, str | int] = {"about": case.lot, "by": closed.statement.issuer}
            note = Failure("finding-closed", (report.item.index, closed.index), facts)
            yield Closing(_failed(report, result), note)


def _answered(case: _Case) -> dict[str, list[Standing]]:
    """Return which inspections answer which, by the id of what is answered: to any depth."""
    direct: dict[str, list[Standing]] = {}
    for item, body in case.inspections():
        for citation in body.answers:
            direct.setdefault(case.versions.get(citation.id, citation.id), []).append(item)
    found: dict[str, list[Standing]] = {}
    for id_, first in direct.items():
        todo, seen = list(first), dict[str, Standing]()
        for item in todo:  # grows on the way
            if item.id not in seen and item.id != id_:
                seen[item.id] = item
                todo += direct.get(item.id, ())
        found[id_] = list(seen.values())
    return found


def _failed_classes(body: Inspection) -> frozenset[tuple[str, str]]:
    """Return the classes in which an inspection failed; all it judged for a critical finding."""
    return refused_classes(body) or frozenset(plan.key for plan in plans_of(body))


def _closed_by_inspection(
    case: _Case, trouble: Trouble, answered: Mapping[str, list[Standing]]
) -> Standing | None:
    """Return the inspection of the lot that closes what was found of it, None if none does."""
    found, body = trouble.item, trouble.item.body
    fit: list[Standing] = []
    if isinstance(body, Inspection):
        asked = _failed_classes(body)
        for item in answered.get(found.id, ()):
            again = item.body
            if (
                isinstance(again, Inspection)
                and passed(again)
                and again.trader == body.trader
                and RANK[again.mode] >= trouble.rank
                and again.on.us >= body.on.us
                and asked <= frozenset(plan.key for plan in plans_of(again))
            ):
                fit.append(item)
    elif trouble.rank == OBSERVER:
        fit = [
            item
            for item, again in case.inspections()
            if passed(again) and RANK[again.mode] > OBSERVER and again.on.us >= trouble.at_us
        ]
    return next((item for item in fit if _independent(case.view, case.lot, item)), None)


def _independent(view: View, lot: str, item: Standing) -> bool:
    body = item.body
    assert isinstance(body, Inspection)  # noqa: S101 - callers asked for inspections
    return untied(view, item, body.on.us, favoured(view, lot, str(body.trader)))


def _mended(case: _Case, trouble: Trouble) -> Failure | None:
    """Return what closes something found of a recalled lot: an improvement, and a later lot's pass."""
    if case.later is None or not case.recalls:
        return None
    causes = {trouble.item.id, *(recall.id for recall in case.recalls)}
    known = [plan for plan in case.plans.values() if _cause(case, plan) in causes]
    if not isinstance(trouble.item.body, Inspection):
        known += plans_about(case.view, trouble.item)
    parties = favoured(case.view, case.lot, *([trouble.trader] if trouble.trader else ()))
    for plan in known:
        verified = plan.closed
        if plan.outcome != "effective" or verified is None:
            continue
        body, item = verified.body, Standing(verified, verified.body, plan.id)  # type: ignore[arg-type]
        if not isinstance(body, ImprovementVerified) or body.on.us > case.at.valid_at_us:
            continue
        if untied(case.view, item, body.on.us, parties):
            later = case.later(case, trouble)
            if later is None:
                return None
            facts: dict[str, str | int] = {"lot": case.lot, "later": lot_of(later) or later.subject}
            return Failure("lot-answered", (trouble.item.index, verified.index, later.index), facts)
    return None


def _cause(case: _Case, plan: Plan) -> str:
    return case.versions.get(plan.body.cause.id, plan.body.cause.id)


def _recalled(case: _Case) -> Iterator[Trouble]:
    for item in case.recalls:
        body = item.body
        assert isinstance(body, Recall)  # noqa: S101 - chosen as such
        facts: dict[str, str | int] = {"lot": case.lot, "since": str(body.from_)}
        reason = Failure("lot-recalled", (item.index,), facts)
        yield Trouble("recall", reason, item, case.lot, body.from_.us, WAREHOUSE)


def _judge(case: _Case) -> Against:
    """Return what is open against a lot, and what was closed and by whom."""
    found = Against(open=list(_recalled(case)), closed=list(_overturned(case)))
    answered, by_visit = _answered(case), (case.at, case.lot, case.items, case.visits)
    found.uninvited += uninvited(*by_visit)
    for trouble in (*_inspected(case), *observed(*by_visit)):
        closing = _closed_by_inspection(case, trouble, answered)
        if closing is None:
            _take(case, found, trouble)
        else:
            facts: dict[str, str | int] = {"about": case.lot, "by": closing.issuer}
            note = Failure("finding-closed", (trouble.item.index, closing.index), facts)
            found.closed.append(Closing(trouble, note))
    for trouble in _reported(case):
        _take(case, found, trouble)
    return found


def _take(case: _Case, found: Against, trouble: Trouble) -> None:
    """Add what was found of a lot: open, or closed by what was made later."""
    note = _mended(case, trouble)
    if note is None:
        found.open.append(trouble)
    else:
        found.closed.append(Closing(trouble, note))


def in_force(at: Moment, recalls: Iterable[Standing], lot: str) -> list[Standing]:
    """Return the recalls of a lot among statements that are in force then, by who may recall it."""
    return [
        item
        for item in recalls
        if isinstance(item.body, Recall)
        and item.body.from_.us <= at.valid_at_us
        and names_lot(item, lot)
        and (is_office(at.view, item.issuer) or may_recall(at.view, item.issuer, lot))
    ]


def against_lot(at: Moment, lot: str) -> Against:
    """Return what is open against a lot, by its own history."""
    return _judge(_by_name(at, lot))


def _by_name(at: Moment, lot: str) -> _Case:
    items = list(standing_in(at.view, "inspection", lot))
    return _Case(
        at,
        lot,
        items,
        grouped_reports(at.view, "inspection", lot).get(lot, []),
        in_force(at, items, lot),
        invited(items),
        at.view.fold(plans, "inspection", lot),
        at.view.fold(corrections, "inspection", lot),
        lambda case, trouble: Examined(at, product_of(lot)).later(case, trouble),
    )


class Examined:
    """What was found of a product's lots, on record or not, by the histories of the product."""

    def __init__(self, at: Moment, product: str) -> None:
        """Read them: ``examined`` and ``recall``."""
        self.at, self.product = at, product
        self._items: dict[str, list[Standing]] = {}
        said = list(standing_in(at.view, "examined", product))
        self._visits = invited(said)
        for item in said:
            lot = lot_of(item)
            if lot is not None:
                self._items.setdefault(lot, []).append(item)
        self._reports = grouped_reports(at.view, "examined", product)
        self._recalls: dict[str, list[Standing]] = {}
        self._in_force: dict[str, list[Standing]] = {}
        for item in standing_in(at.view, "recall", product):
            if isinstance(item.body, Recall) and item.body.from_.us <= at.valid_at_us:
                for lot in recalled_lots(item):
                    if product_of(lot) == product:
                        self._recalls.setdefault(lot, []).append(item)
        self._plans = at.view.fold(plans, "examined", product)
        self._versions = at.view.fold(corrections, "examined", product)

    def lots(self) -> list[str]:
        """Return the lots of which anything was found, or that are recalled."""
        return list(dict.fromkeys((*self._items, *self._recalls)))

    def against(self, lot: str) -> Against:
        """Return what is open against a lot."""
        return _judge(replace(self._case(lot), later=self.later))

    def mended(self, report: Report, result: Result) -> Failure | None:
        """Return what closes a final result that failed, or missed a limit; None if nothing does."""
        trouble = _failed(report, result)
        return _mended(replace(self._case(trouble.about), later=self.later), trouble)

    def answered(self, recall: Trouble) -> Standing | None:
        """Return what shows that the product may be sold again although a lot of it is recalled."""
        return self.later(self._case(recall.about), recall)

    def _case(self, lot: str) -> _Case:
        if lot not in self._in_force:
            self._in_force[lot] = in_force(self.at, self._recalls.get(lot, ()), lot)
        return _Case(
            self.at,
            lot,
            self._items.get(lot, ()),
            self._reports.get(lot, ()),
            self._in_force[lot],
            self._visits,
            self._plans,
            self._versions,
        )

    def later(self, case: _Case, trouble: Trouble) -> Standing | None:
        """Return what shows that a lot made later passes: an inspection, of a result a report.

        It is as independent as who found what it answers, and nothing is open against that lot,
        nor against what it was made of: not of the other one, whose serial numbers are not its own
        either. It is the right-holder's or of who made the other one: no fellow reseller's answers it.
        Later than the other was made counts of a right-holder's lot, of others than it was found.
        """
        bad = self._stated(case.lot)
        after_us = trouble.at_us
        if bad is not None and self._of_brand(bad[0]):
            after_us = bad[1].made.us
        for lot in self.lots():
            shown = None if lot == case.lot else next(self._passes(lot, trouble), None)
            stated = None if shown is None else self._stated(lot)
            if stated is None or stated[1].made.us <= after_us:
                continue
            same = bad is not None and bad[0] == stated[0]
            apart = bad is None or not bad[1].shares_serials(stated[1])
            if (
                apart
                and (same or self._of_brand(stated[0]))
                and not _judge(self._case(lot)).open
                and made_of_good(self.at, stated[1], case.lot)
            ):
                return shown
        return None

    def _passes(self, lot: str, trouble: Trouble) -> Iterator[Standing]:
        """Yield what passed a lot, at least as independent as who found something of another."""
        if trouble.kind == "report":
            name = str(trouble.reason.facts["property"])
            for report in self._reports.get(lot, ()):
                until_us = tested(report.item).tested_until.us
                results = [one for one in report.results() if same_name(one.property, name)]
                good = results and all(one.outcome == "pass" for one in results)
                if good and trouble.at_us <= until_us <= self.at.valid_at_us:
                    yield report.item
            return
        for item in self._items.get(lot, ()):
            body = item.body
            if (
                isinstance(body, Inspection)
                and passed(body)
                and RANK[body.mode] >= trouble.rank
                and trouble.at_us <= body.on.us <= self.at.valid_at_us
                and _independent(self.at.view, lot, item)
            ):
                yield item

    def _stated(self, lot: str) -> tuple[str, Lot] | None:
        """Return who holds the claim on a lot, and what it says of it; None where nobody does."""
        held = holding(self.at.view, "lot", lot)
        if isinstance(held, Claim) and isinstance(held.item.body, Lot):
            return held.maker, held.item.body
        return None

    def _of_brand(self, party: str) -> bool:
        return held_product(self.at.view, self.product, party)


def made_of_good(at: Moment, lot: Lot, bad: str | None = None) -> bool:
    """Return whether a lot was made of nothing that something is open against, nor of a bad one."""
    todo, seen = list(map(str, lot.inputs)), set[str]()
    while todo:
        above = todo.pop()
        if above == bad or len(seen) > MAX_INPUTS:
            return False
        if above not in seen:
            seen.add(above)
            if _judge(replace(_by_name(at, above), later=None)).open:
                return False
            todo += [one for item in held(at.view, "lot", above) for one in _inputs(item)]
    return True


def _inputs(item: Standing) -> tuple[str, ...]:
    return tuple(map(str, item.body.inputs)) if isinstance(item.body, Lot) else ()


def against_place(at: Moment, facility: str, since_us: int | None = None) -> Against:
    """Return what is open against a place.

    Args:
        at: the ledger, and the time asked about.
        facility: the place.
        since_us: from when on it matters, when a lot was made there for instance; what was
            closed before is no note.

    """
    said = list(standing_in(at.view, "facility", facility))
    by_visit = (at, facility, said, invited(said))
    found = Against(uninvited=uninvited(*by_visit))
    audited = [
        (item, item.body)
        for item in said
        if isinstance(item.body, OriginAudit) and item.body.on.us <= at.valid_at_us
    ]
    troubles = [
        Trouble("finding", reason, item, facility, body.on.us, INSPECTOR)
        for item, body in audited
        for reason in critical(item, facility, body.findings)
    ]
    troubles += observed(*by_visit)
    clean = sorted(
        ((item, body) for item, body in audited if not critical_in(body.findings)),
        key=lambda pair: (pair[1].on.us, pair[0].index),
    )
    for trouble in troubles:
        closing = next(
            (
                (item, body)
                for item, body in clean
                if body.on.us >= trouble.at_us
                and (body.on.us > trouble.at_us or trouble.rank == OBSERVER)
                and untied(at.view, item, body.on.us, makers_of(at.view, "facility", facility))
            ),
            None,
        )
        if closing is None:
            found.open.append(trouble)
        elif since_us is None or closing[1].on.us >= since_us:
            facts: dict[str, str | int] = {"about": facility, "by": closing[0].issuer}
            note = Failure("finding-closed", (trouble.item.index, closing[0].index), facts)
            found.closed.append(Closing(trouble, note))
    return found


def against(at: Moment, about: str) -> Against:
    """Return what is open against a place, lot or draw; nothing closes what was found of a draw."""
    match about_topic(about):
        case "facility":
            return against_place(at, about)
        case "inspection":
            return against_lot(at, about)
        case topic:
            items = list(standing_in(at.view, topic, about))
            by_visit = (at, about, items, invited(items))
            return Against(open=list(observed(*by_visit)), uninvited=uninvited(*by_visit))
