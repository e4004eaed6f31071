"""When a label that holds lapses by itself, if nothing more is said: the first moment, and why.

Between two moments at which something ends, begins or falls due, time changes only the weight
of outcomes in the quality index: that is followed outcome by outcome, and everything is asked
again at each such moment.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ledger.primitives.instant import DAY_US
from ledger.questions.label_grounds import Grounds, grounds_at, label_of
from ledger.questions.on_sale import at
from ledger.questions.turns import ages, points_after
from ledger.questions.verdict import Asked
from ledger.rules.outcomes import Goods, Outcome, outcomes_of
from ledger.rules.scoring import (
    Mark,
    Sum,
    groups_of,
    index_at,
    least_score,
    model_in_force,
    model_of,
    weighed,
)
from ledger.rules.usual_model import USUAL_MODEL
from ledger.statements.quality_family import QualityModel

ASKED_ELSEWHERE = ("adverse", "inspection", "examined", "sample")
"""Histories full of reports: the few that decide are known by name."""


def lapse(asked: Asked, found: Grounds) -> tuple[int, Grounds]:
    """Return when a label that holds at the time asked about does no more, and its grounds then.

    It ends at its own end at the latest.
    """
    while found.hold:
        moment = _next_moment(asked, found)
        aged = _index_lapse(asked, found, moment)
        asked = at(asked, moment if aged is None else aged)
        if aged is None and not _weighs_anew(asked, found):
            later = grounds_at(asked, found, whole=False)
            if later.hold:
                found = later
                continue
        found = grounds_at(asked, found, whole=True)
    return asked.valid_at_us, found


def _weighs_anew(asked: Asked, found: Grounds) -> bool:
    """Return whether reports grew old, or counted again, by a time, or another quality model holds."""
    at_us = asked.valid_at_us
    if at_us in _counting_again(found):
        return True
    model = model_in_force(asked.view, USUAL_MODEL, at_us)
    if model is None or found.model is None or model.id != found.model.id:
        return True
    return any(met.decides is not None and met.decides.until_us <= at_us for met in found.criteria)


def _counting_again(found: Grounds) -> set[int]:
    """Return when results count again, nobody having decided what was objected to them."""
    return {
        one.due_us + 1
        for report in found.reports
        for one in report.objections
        if one.closed is None
    }


def _next_moment(asked: Asked, found: Grounds) -> int:
    """Return the first moment at which anything but the index may change the grounds."""
    at_us = asked.valid_at_us
    topics = [topic for topic in found.topics if topic[0] not in ASKED_ELSEWHERE]
    moments = points_after(asked.view, topics, at_us)
    moments.add(label_of(found.label).until.us)
    moments |= _counting_again(found)
    moments |= {met.decides.until_us for met in found.criteria if met.decides is not None}
    return min(moment for moment in moments if moment > at_us)


def _index_lapse(asked: Asked, found: Grounds, end_us: int) -> int | None:
    """Return the first moment before an end at which the index does not carry the label."""
    goods, start_us = found.goods, asked.valid_at_us
    assert goods is not None  # noqa: S101 - a label that holds has them, and a model
    assert found.model is not None  # noqa: S101
    model = model_of(found.model)
    window_us = model.window_days * DAY_US
    moves = [moment for moment in _places_left(goods, window_us) if start_us < moment < end_us]
    for stop_us in (*moves, end_us):
        places = goods.places(start_us, window_us)
        outcomes = outcomes_of(goods, model.fails_from, places, start_us)
        aged = _aged(outcomes, model, start_us, stop_us)
        if aged is not None or stop_us == end_us:
            return aged
        index = index_at(asked.view, goods, model, stop_us)
        if not _carries(index.total, model):
            return stop_us
        start_us = stop_us
    return None


def _carries(total: Sum, model: QualityModel) -> bool:
    return total.counted >= model.minimum and total.score(model) >= least_score(model)


def _places_left(goods: Goods, window_us: int) -> list[int]:
    """Return when places cease to count because nothing was made there for so long, ascending."""
    newest: dict[str, int] = {}
    for one in goods.made:
        newest[one.product] = max(newest.get(one.product, 0), one.made_us)
    for_good = {one.place for one in goods.made if one.made_us == newest[one.product]}
    left: dict[str, int] = {}
    for one in goods.made:
        if one.place not in for_good:
            left[one.place] = max(left.get(one.place, 0), one.made_us + window_us + 1)
    return sorted(set(left.values()))


def _aged(
    outcomes: Sequence[Outcome], model: QualityModel, start_us: int, stop_us: int
) -> int | None:
    """Return the first moment between two at which the weights no longer carry the label."""
    groups = groups_of(outcomes, model)
    marks: list[list[Mark]] = []
    total = Sum()
    moments: defaultdict[int, set[int]] = defaultdict(set)
    for number, group in enumerate(groups):
        marks.append([mark for _, mark in weighed(group, model, start_us)])
        total = _changed(total, (), marks[-1], model)
        for outcome in group:
            for moment in ages(outcome.at_us, model):
                if start_us < moment < stop_us:
                    moments[moment].add(number)
    for moment in sorted(moments):
        for number in moments[moment]:
            now = [mark for _, mark in weighed(groups[number], model, moment)]
            total = _changed(total, marks[number], now, model)
            marks[number] = now
        if not _carries(total, model):
            return moment
    return None


def _changed(total: Sum, before: Iterable[Mark], now: Iterable[Mark], model: QualityModel) -> Sum:
    """Return a sum with other marks instead."""
    for mark in before:
        total = total.plus(mark, model, -1)
    for mark in now:
        total = total.plus(mark, model)
    return total
