"""What a quality label rests on at a time: its standard, reports, listings, failures since, the index."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ledger.histories.views import TracingView
from ledger.identifiers import ancestors
from ledger.questions.claims import claimed, product_claim
from ledger.questions.conformance import VALID_US, Finding, Met, findings, meets, outdated
from ledger.questions.listable import Listables
from ledger.questions.on_sale import OnSale, ground, on_sale
from ledger.questions.times import dated, registered_by
from ledger.questions.verdict import Asked, once
from ledger.rules.adverse import Adverse
from ledger.rules.chains import Failure
from ledger.rules.found import lot_of, said_of_lots
from ledger.rules.open import against_place
from ledger.rules.outcomes import MAX_GOODS, Goods, TooManyError, counts_at, goods_of
from ledger.rules.report_parts import incomplete
from ledger.rules.reports import Report, objected_to, reports_among
from ledger.rules.scoring import (
    Index,
    index_at,
    least_score,
    model_in_force,
    model_of,
    otherwise_before,
    tied_notes,
)
from ledger.rules.standards import version_in_force
from ledger.rules.standing import Standing, resolve, standing
from ledger.rules.untied_reports import counted_freely
from ledger.rules.usual_model import USUAL_MODEL
from ledger.statements.envelope import Topic
from ledger.statements.fields import critical_in
from ledger.statements.label_family import Label
from ledger.statements.standard_family import Standard


@dataclass(slots=True)
class Grounds:
    """What a label rests on, and what it lacks.

    ``criteria``: how each criterion is met; ``seller``: the listing that has its ground;
    ``model`` and ``index``: the quality index. None where it is not known. ``reports``: all about
    its lots. ``closed``: what was found since it was given, and closed. ``topics``: the histories
    that were read to know all this.
    """

    label: Standing
    no: list[Failure] = field(default_factory=list)
    unknown: list[Failure] = field(default_factory=list)
    notes: list[Failure] = field(default_factory=list)
    rests_on: list[int] = field(default_factory=list)
    standard: Standing | None = None
    criteria: list[Met] = field(default_factory=list)
    seller: OnSale | None = None
    goods: Goods | None = None
    reports: tuple[Report, ...] = ()
    model: Standing | None = None
    index: Index | None = None
    closed: list[Failure] = field(default_factory=list)
    topics: tuple[Topic, ...] = ()

    @property
    def hold(self) -> bool:
        """Return whether they carry the label."""
        return not self.no and not self.unknown


def label_of(item: Standing) -> Label:
    """Return the body of a label's statement."""
    assert isinstance(item.body, Label)  # noqa: S101 - callers asked for labels
    return item.body


def labels(asked: Asked, product: str) -> list[Standing]:
    """Return the labels of a product that were registered at the time asked about, oldest first."""
    known = asked.view.fold(standing, "label", product).values()
    found = (item for item in known if isinstance(item.body, Label))
    return [item for item in found if registered_by(asked, item.index)]


def withdrawn(asked: Asked, item: Standing) -> bool:
    """Return whether a label had been withdrawn at the time asked about."""
    return item.ended is not None and registered_by(asked, item.ended)


def grounds(asked: Asked, item: Standing) -> Grounds:
    """Return what a label rests on at the time asked about."""
    trace = TracingView(asked.view)
    asked = replace(asked, view=trace)
    found = Grounds(item, rests_on=[item.index])
    try:
        goods = goods_of(asked.view, item.subject)
    except TooManyError:
        found.unknown.append(Failure("walk-limit", (), {"limit": MAX_GOODS}))
    else:
        found.goods = goods
        at = asked.about(goods.users)
        found.reports = tuple(
            counted_freely(at, one)
            for one in reports_among(
                asked.view,
                "examined",
                item.subject,
                said_of_lots(asked.view, item.subject, goods.users),
            )
        )
    _weigh(asked, found)
    found.topics = tuple(trace.histories)
    return found


def grounds_at(asked: Asked, before: Grounds, *, whole: bool) -> Grounds:
    """Return what a label rests on at another time, by what is known of it already.

    Args:
        asked: about that time, as of the same size.
        before: the grounds at an earlier time.
        whole: whether criteria and index are asked again, too; else they are those of before.

    """
    trace = TracingView(asked.view)
    asked = replace(asked, view=trace)
    item = before.label
    found = Grounds(item, rests_on=[item.index], goods=before.goods, reports=before.reports)
    if whole:
        _weigh(asked, found)
    else:
        found.criteria = before.criteria
        found.model, found.index = before.model, before.index
        _term(asked, found)
        _standard(asked, found)
        _listable(asked, found)
    found.topics = tuple(dict.fromkeys((*before.topics, *trace.histories)))
    return found


def _weigh(asked: Asked, found: Grounds) -> None:
    _term(asked, found)
    _standard(asked, found)
    if found.goods is not None:
        _criteria(asked, found)
        _critical(asked, found, found.goods)
        _index(asked, found, found.goods)
    _listable(asked, found)


def _term(asked: Asked, found: Grounds) -> None:
    """The label was not withdrawn, and its end has not come."""
    item, body = found.label, label_of(found.label)
    facts: dict[str, str | int] = {"product": item.subject}
    if item.ended is not None and withdrawn(asked, item):
        entries = (item.index, item.ended)
        found.no.append(dated(asked, Failure("label-withdrawn", entries, facts)))
    else:
        found.notes += _given_anew(asked, item)
    if body.until.us <= asked.valid_at_us:
        facts = facts | {"until": str(body.until)}
        found.no.append(Failure("label-expired", (item.index,), facts))


def _given_anew(asked: Asked, item: Standing) -> list[Failure]:
    """Return that a label follows one that was withdrawn before: the newest of these."""
    before = [one for one in labels(asked, item.subject) if one.index < item.index]
    ended = [(one.ended, one.index) for one in before if one.ended and one.ended < item.index]
    return [
        Failure("label-again", (index, end, item.index), {"product": item.subject})
        for end, index in sorted(ended)[-1:]
    ]


def _standard(asked: Asked, found: Grounds) -> None:
    """The standard is for these goods, and not weaker than its baselines as they are by now."""
    view, cited = asked.view, label_of(found.label).standard
    item = resolve(view, cited)
    if item is None or not isinstance(item.body, Standard):
        facts: dict[str, str | int] = {"standard": cited.subject}
        found.unknown.append(Failure("standard-absent", (found.label.index,), facts))
        return
    found.standard = item
    found.rests_on.append(item.index)
    facts = {"standard": item.subject}
    claim = product_claim(view, found.label.subject)
    category = item.body.category
    if isinstance(claim, Standing):
        category = claimed(claim).category
        if item.body.category not in ancestors(category):
            of_goods = facts | {"category": str(category)}
            entries = (item.index, claim.index)
            found.no.append(Failure("standard-other-goods", entries, of_goods))
    found.no += outdated(asked, item, category)
    newest = version_in_force(view, item.subject, asked.valid_at_us)
    if newest is not None and newest.id != item.id:
        found.notes.append(Failure("standard-restated", (item.index, newest.index), facts))


def _criteria(asked: Asked, found: Grounds) -> None:
    """Every criterion of the standard is met."""
    if found.standard is None or not isinstance(found.standard.body, Standard):
        return
    for criterion in found.standard.body.criteria:
        met = meets(asked, found.reports, criterion)
        found.criteria.append(met)
        found.no += [item for item in met.no if item not in found.no]
        found.unknown += [item for item in met.unknown if item not in found.unknown]
        if met.decides is not None:
            found.rests_on.append(met.decides.index)
    decided = {met.decides.index for met in found.criteria if met.decides is not None}
    issued = (one for one in found.reports if one.body.issued.us <= asked.valid_at_us)
    found.notes += [note for note in incomplete(issued) if not decided.isdisjoint(note.entries)]


def _critical(asked: Asked, found: Grounds, goods: Goods) -> None:
    """Nothing critical is open that was found since the label was given: by entries behind it."""
    since = found.label.index
    places = goods.places(asked.valid_at_us, VALID_US)
    said = said_of_lots(asked.view, found.label.subject, goods.users)
    of_lots = ((lot, item) for item in said if (lot := lot_of(item)) is not None)
    there = ((place, item) for place, item in goods.found if counts_at(places, place, item))
    about = dict.fromkeys(
        thing
        for thing, item in (*of_lots, *there)
        if critical_in(getattr(item.body, "findings", ())) and _critical_from(item) > since
    )
    missed = [
        one
        for one in failures(found, asked.valid_at_us)
        if one.criterion.severity == "critical" and one.shown_since > since
    ]
    if not about and not missed:
        return
    asked = asked.about(goods.users)
    adverse = Adverse(asked, found.label.subject)
    open_: list[tuple[int, str]] = []
    for thing in about:
        if thing in places:
            against = against_place(asked, thing, until_us=places[thing])
        else:
            against = adverse.against(thing)
        behind = [one for one in against.open if _critical_from(one.item) > since]
        open_ += [(one.item.index, thing) for one in behind if one.kind == "finding"]
        found.closed += once(one.note for one in against.closed if one.note.entries[0] > since)
        found.notes += [note for note in against.idle if note.entries[0] > since]
    for one in missed:
        note = adverse.mended(one.report, one.result)
        if note is not None:
            found.closed.append(note)
        elif one.report.state_of(one.result, asked.valid_at_us) == "objected":
            found.unknown.append(objected_to(one.report, one.result, asked.valid_at_us))
        else:
            open_.append((one.index, one.lot))
    found.no += once(
        Failure("critical-since", (index,), {"about": thing}) for index, thing in open_
    )


def _critical_from(item: Standing) -> int:
    """Return the entry by which something critical was found first: a correction, if none was before."""
    return item.since(lambda body: bool(critical_in(getattr(body, "findings", ()))))


def failures(found: Grounds, at_us: int) -> Iterator[Finding]:
    """Yield the results that miss a criterion of the label's standard, unless they were overturned."""
    if found.standard is not None and isinstance(found.standard.body, Standard):
        for criterion in found.standard.body.criteria:
            for one in findings(found.reports, criterion, at_us):
                if one.shows == "fail" and one.report.state_of(one.result, at_us) != "overturned":
                    yield one


def _index(asked: Asked, found: Grounds, goods: Goods) -> None:
    """The product's quality index is of the grade that a label asks for, no critical failure open."""
    model = model_in_force(asked.view, USUAL_MODEL, asked.valid_at_us)
    if model is None:
        found.unknown.append(Failure("model-absent", (), {"model": USUAL_MODEL}))
        return
    index = index_at(asked.view, goods, model_of(model), asked.valid_at_us)
    found.model, found.index = model, index
    found.rests_on.append(model.index)
    found.no += [item for item in index.capped if item not in found.no]
    found.unknown += [item for item in index.suspended if item not in found.unknown]
    found.notes += otherwise_before(asked.view, goods, model, index, asked.valid_at_us)
    found.notes += tied_notes(goods, model_of(model), asked.valid_at_us, found.label.subject)
    found.notes += index.closed
    subject, limit = found.label.subject, least_score(model_of(model))
    if index.score is None:
        facts: dict[str, str | int] = {
            "subject": subject,
            "count": index.total.counted,
            "minimum": model_of(model).minimum,
        }
        found.unknown.append(Failure("index-insufficient", (), facts))
    elif index.score < limit:
        facts = {"product": subject, "score": index.score, "limit": limit}
        found.no.append(Failure("label-index-low", (), facts))


def _listable(asked: Asked, found: Grounds) -> None:
    """The product is listable in one of the shops it is on sale in."""
    no: list[Failure] = []
    unknown: list[Failure] = []
    notes: list[Failure] = []
    listings = on_sale(asked, found.label.subject)
    listables = Listables(asked)
    for one in listings:
        answer = ground(asked, one, listables)
        if answer.verdict == "yes":
            found.seller = one
            found.notes += answer.notes
            found.rests_on += answer.rests_on
            return
        (no if answer.verdict == "no" else unknown).extend(answer.reasons)
        notes += answer.notes
    found.notes += notes
    if not listings:
        no.append(Failure("not-on-sale", (), {"product": found.label.subject}))
    # Where one listing is only not known to be listable, nothing says that none is.
    into = found.unknown if unknown else found.no
    into[:] = once((*into, *unknown, *no))
