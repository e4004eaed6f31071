"""The quality index: a score of integers alone, from outcomes in any order, by a stated model."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import pairwise
from typing import Literal, NamedTuple

from ledger.histories.history import View
from ledger.primitives.instant import DAY_US
from ledger.rules.adverse import Adverse
from ledger.rules.chains import Failure
from ledger.rules.favour import Users
from ledger.rules.found import NAMED, Against, Trouble, suspects
from ledger.rules.open import against_place
from ledger.rules.outcomes import Goods, Outcome, PlacesUntil, Source, outcomes_of, tied_passes
from ledger.rules.reports import fails_critically, report_of
from ledger.rules.standing import Standing, standing_in
from ledger.rules.untied_reports import overturned_freely
from ledger.statements.fields import Severity
from ledger.statements.quality_family import GRADES, Grade, QualityModel

THOUSAND = 1_000


@dataclass(frozen=True, slots=True)
class Mark:
    """One outcome as the sum counts it: its source, its weight, and its failure's severity."""

    source: Source
    weight: int
    failure: Severity | None

    @property
    def passed_inbound(self) -> bool:
        """Return whether it is a pass that counts only beside others."""
        return self.source == "inbound" and self.failure is None

    def lost(self, model: QualityModel) -> int:
        """Return what it weighs against its goods, 0 for a pass."""
        if self.failure is None:
            return 0
        factor: int = getattr(model.severities, self.failure)
        return self.weight * factor


@dataclass(frozen=True, slots=True)
class Sum:
    """Passing weight, that of inbound apart; failing weight; how many count to the minimum."""

    passed: int = 0
    inbound: int = 0
    failed: int = 0
    counted: int = 0

    def plus(self, mark: Mark, model: QualityModel, sign: Literal[1, -1] = 1) -> "Sum":
        """Return the sum with a mark more, or less."""
        if mark.failure is not None:
            failed = self.failed + sign * mark.lost(model)
            return replace(self, failed=failed, counted=self.counted + sign)
        if mark.passed_inbound:
            return replace(self, inbound=self.inbound + sign * mark.weight)
        return replace(self, passed=self.passed + sign * mark.weight, counted=self.counted + sign)

    def good(self, model: QualityModel) -> int:
        """Return G: the passing weight, inbound up to its part of the rest."""
        return self.passed + min(self.inbound, self.passed // model.inbound_part)

    def score(self, model: QualityModel) -> int:
        """Return the score, 0 to 1000, however few outcomes there are."""
        good = self.good(model) + model.prior_good
        return THOUSAND * good // (good + self.failed + model.prior_bad)


def add(marks: Iterable[Mark], model: QualityModel) -> Sum:
    """Return the sum of marks, the same in any order."""
    found = Sum()
    for mark in marks:
        found = found.plus(mark, model)
    return found


def grade_of(score: int, model: QualityModel) -> Grade:
    """Return the grade of a score."""
    limits = (model.grades.a, model.grades.b, model.grades.c)
    return next((g for g, least in zip(GRADES, limits, strict=False) if score >= least), "D")


@dataclass(frozen=True, slots=True)
class Index:
    """The index of goods at a time.

    ``score``: None where the outcomes are fewer than the model asks for. ``capped``: the
    critical failures that are open, which cap the grade; ``suspended``: those that somebody
    objected to, which cap it until that is decided; ``closed``: those that were closed.
    """

    score: int | None
    grade: Grade | Literal["insufficient"]
    counted: tuple[tuple[Outcome, Mark], ...]
    total: Sum
    capped: tuple[Failure, ...]
    suspended: tuple[Failure, ...]
    closed: tuple[Failure, ...]

    @property
    def inputs(self) -> str:
        """Return the digest of the outcomes: SHA-256 of what they say now, by id, ascending."""
        ids = sorted(bytes.fromhex(outcome.item.version) for outcome, _ in self.counted)
        return sha256(b"".join(ids)).hexdigest()


@dataclass(frozen=True, slots=True)
class At:
    """The ledger as it is known, about one time, for who uses some goods."""

    view: View
    valid_at_us: int
    users: Users


def weight_of(outcome: Outcome, model: QualityModel, at_us: int) -> int | None:
    """Return what an outcome weighs at a time, None if it does not count then."""
    age_days = (at_us - outcome.at_us) // DAY_US
    if not 0 <= age_days < model.window_days:
        return None
    base: int = getattr(model.sources, outcome.source)
    return base << max(0, model.doublings - age_days // model.step_days)


Weighed = tuple[Outcome, Mark]


def groups_of(outcomes: Iterable[Outcome], model: QualityModel) -> list[list[Outcome]]:
    """Return outcomes by who found them, of what, in which step of time: these are bounded together."""
    step_us = model.step_days * DAY_US
    groups: dict[tuple[str, str, int], list[Outcome]] = {}
    for outcome in outcomes:
        key = outcome.item.issuer, outcome.thing, outcome.at_us // step_us
        groups.setdefault(key, []).append(outcome)
    return list(groups.values())


def weighed(group: Iterable[Outcome], model: QualityModel, at_us: int) -> list[Weighed]:
    """Return what weighs of a group at a time: ``most_of_one`` outcomes at most.

    Failures and passes share the places by how many there are of each, failures rounded up;
    the weightiest come first. So another failure makes room for no pass, and a worse one is
    never driven out.
    """
    found = []
    for outcome in group:
        weight = weight_of(outcome, model, at_us)
        if weight is not None:
            found.append((outcome, Mark(outcome.source, weight, outcome.failure)))
    most = model.most_of_one
    if len(found) <= most:
        return found

    def weightiest(pair: Weighed) -> tuple[int, int, bytes]:
        outcome, mark = pair
        id_ = outcome.item.entry.statement.id
        return mark.lost(model), mark.weight, id_

    found.sort(key=weightiest, reverse=True)
    failed = [pair for pair in found if pair[0].failure is not None]
    passed = [pair for pair in found if pair[0].failure is None]
    places = -(-most * len(failed) // len(found))
    return [*failed[:places], *passed[: most - places]]


def index_at(view: View, goods: Goods, model: QualityModel, at_us: int) -> Index:
    """Return the index of goods at a time, by all that the ledger knows."""
    window_us = model.window_days * DAY_US
    places = goods.places(at_us, window_us)
    counted: list[Weighed] = []
    for group in groups_of(outcomes_of(goods, model.fails_from, places, at_us), model):
        counted += weighed(group, model, at_us)
    counted.sort(key=lambda pair: pair[0].item.index)
    total = add((mark for _, mark in counted), model)
    found = _critical(view, goods, places, at_us, window_us)
    if total.counted < model.minimum:
        return Index(None, "insufficient", tuple(counted), total, *found)
    score = total.score(model)
    grade = grade_of(score, model)
    if found.capped or found.suspended:
        grade = max(grade, model.critical_cap)  # letters rise as grades fall
    return Index(score, grade, tuple(counted), total, *found)


class _Critical(NamedTuple):
    """Critical failures found within a time before: open, in suspense, and who closed others."""

    capped: tuple[Failure, ...]
    suspended: tuple[Failure, ...]
    closed: tuple[Failure, ...]


def tied_notes(goods: Goods, model: QualityModel, at_us: int, subject: str) -> list[Failure]:
    """Return the passes that count for nothing, their issuers being tied to whom they favour."""
    places = goods.places(at_us, model.window_days * DAY_US)
    return index_tied(
        subject,
        (
            outcome.item.index
            for outcome in tied_passes(goods, model.fails_from, places)
            if weight_of(outcome, model, at_us) is not None
        ),
    )


def index_tied(subject: str, passes: Iterable[int]) -> list[Failure]:
    """Return that passes of a subject count for nothing, in one note; none where there are none."""
    entries = sorted(passes)
    if not entries:
        return []
    facts: dict[str, str | int] = {"subject": subject, "count": len(entries)}
    return [Failure("index-tied", tuple(entries[:NAMED]), facts)]


def _critical(
    view: View, goods: Goods, places: PlacesUntil, at_us: int, window_us: int
) -> _Critical:
    at = At(view, at_us, goods.users)
    found: list[Against] = []
    for product in goods.products:
        when = view.fold(suspects, "adverse", product)
        if not any(at_us - window_us < time_us <= at_us for time_us in when):
            continue
        adverse = Adverse(at, product)
        found += [
            adverse.against(lot)
            for lot in adverse.named()
            if goods.trader is None or lot in goods.lots
        ]
    found += [against_place(at, place, until_us=places[place]) for place in sorted(places)]

    def counts(trouble: Trouble) -> bool:
        recent = at_us - window_us < trouble.at_us <= at_us
        return recent and _is_critical(at, goods, trouble)

    capped = [one.reason for against in found for one in against.open if counts(one)]
    suspended = [one.reason for against in found for one in against.suspended if counts(one)]
    closed = [one.note for against in found for one in against.closed if counts(one.trouble)]
    return _Critical(tuple(capped), tuple(suspended), tuple(closed))


def _is_critical(at: At, goods: Goods, trouble: Trouble) -> bool:
    """Return whether something open caps a grade: of a trader what was found at it."""
    if trouble.kind == "report":
        report = report_of(at.view, trouble.item)
        users = at.users.of(trouble.about)
        return fails_critically(at.view, overturned_freely(at, report, users))
    return trouble.kind == "finding" and trouble.trader in (None, goods.trader or trouble.trader)


def model_in_force(view: View, model: str, at_us: int) -> Standing | None:
    """Return the newest version of a model that holds at a time, None if there is none."""
    found = None
    for item in standing_in(view, "model", model):
        if isinstance(item.body, QualityModel) and item.body.from_.us <= at_us:
            found = item
    return found


WORSE = (*GRADES[:-1], "insufficient", GRADES[-1])
"""Grades, each worse than those before it."""


def otherwise_before(
    view: View, goods: Goods, chosen: Standing, index: Index, at_us: int
) -> list[Failure]:
    """Return that goods were of another grade by a model that this one took the place of, within either's window.

    Of several such the worst grade is told: who restates a model in small steps changes no less, nor who
    forgets sooner, by which what that leaves out is told as long as it would have counted.
    """
    days = model_of(chosen).window_days
    versions = [
        item
        for item in standing_in(view, "model", chosen.subject)
        if isinstance(item.body, QualityModel) and item.body.from_.us <= at_us
    ]
    found = [
        (WORSE.index(index_at(view, goods, model_of(before), at_us).grade), before)
        for before, behind in pairwise(versions)
        if at_us - _remembered_days(days, model_of(before).window_days) * DAY_US
        < model_of(behind).from_.us
    ]
    rank, before = max(found, key=lambda pair: pair[0], default=(None, chosen))
    if rank is None or WORSE[rank] == index.grade:
        return []
    facts: dict[str, str | int] = {
        "model": chosen.subject,
        "on": str(model_of(chosen).from_),
        "grade": WORSE[rank],
    }
    return [Failure("model-restated", (chosen.index, before.index), facts)]


def _remembered_days(newer: int, older: int) -> int:
    """Return how long a model that took the place of another is told: within the longer window of the two."""
    return max(newer, older)


def model_of(item: Standing) -> QualityModel:
    """Return the body of a model's statement."""
    assert isinstance(item.body, QualityModel)  # noqa: S101 - callers asked for models
    return item.body


def least_score(model: QualityModel) -> int:
    """Return the score that a label asks for: grade B, by whatever model is in force."""
    return model.grades.b
