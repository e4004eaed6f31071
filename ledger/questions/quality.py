"""``index``: the quality index of a product, trader, brand or category, and what moved it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ledger.primitives.instant import DAY_US, format_us
from ledger.questions.improvement import outstanding
from ledger.questions.times import registered_by
from ledger.questions.verdict import Asked, Verdict, once, settle
from ledger.rules.chains import Failure
from ledger.rules.improvements import mended_by
from ledger.rules.outcomes import MAX_GOODS, Goods, Outcome, TooManyError, goods_of
from ledger.rules.scoring import (
    Index,
    Mark,
    index_at,
    model_in_force,
    model_of,
    otherwise_before,
    tied_notes,
)
from ledger.rules.standing import Standing, standing_in
from ledger.rules.state import MICROSECONDS
from ledger.rules.subjects import kept_by
from ledger.rules.usual_model import USUAL_MODEL
from ledger.statements.quality_family import GRADES
from ledger.statements.sanction_family import Complaint

MONTHS = 12
_FIRST_MONTH = 1970 * 12
MOVED = 10
"""How many outcomes an answer names as having moved the index most."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """An index and what it was computed from."""

    model: Standing
    goods: Goods
    index: Index


def index_of(asked: Asked, subject: str, model: str = USUAL_MODEL) -> Indexed | Failure:
    """Return the index of a subject at the time asked about, or why there is none.

    An index with too few outcomes is one: its score is None.
    """
    chosen = model_in_force(asked.view, model, asked.valid_at_us)
    if chosen is None:
        return Failure("model-absent", (), {"model": model})
    try:
        goods = goods_of(asked.view, subject)
    except TooManyError:
        return Failure("walk-limit", (), {"limit": MAX_GOODS})
    index = index_at(asked.view, goods, model_of(chosen), asked.valid_at_us)
    return Indexed(chosen, goods, index)


def index_failures(found: Indexed, subject: str) -> tuple[list[Failure], list[Failure]]:
    """Return why an index is of the lowest grade, and why there is none or it is not known."""
    model, index = model_of(found.model), found.index
    no: list[Failure] = []
    unknown: list[Failure] = []
    if model.critical_cap == GRADES[-1]:
        no += index.capped
        unknown += once(index.suspended)
    limit = model.grades.c
    if index.score is None:
        facts: dict[str, str | int] = {
            "subject": subject,
            "count": index.total.counted,
            "minimum": model.minimum,
        }
        return no, [*unknown, Failure("index-insufficient", (), facts)]
    if index.score < limit:
        facts = {"subject": subject, "score": index.score, "limit": limit}
        no.insert(0, Failure("index-low", (), facts))
    return no, unknown


def index_notes(asked: Asked, found: Indexed, subject: str) -> list[Failure]:
    """Return what an index does not count any more, or never: closed, by a model before, by who is tied."""
    at_us = asked.valid_at_us
    return [
        *once(found.index.closed),
        *otherwise_before(asked.view, found.goods, found.model, found.index, at_us),
        *tied_notes(found.goods, model_of(found.model), at_us, subject),
    ]


class _Month(NamedTuple):
    """A month of UTC, and the moment of it that an index is about: its last, or the one asked about."""

    name: str
    at_us: int


def _months(at_us: int) -> Iterator[_Month]:
    """Yield twelve months, oldest first, the last one up to the time asked about."""
    now = datetime.fromtimestamp(at_us // MICROSECONDS, UTC)
    last = now.year * 12 + now.month - 1
    for number in range(max(_FIRST_MONTH, last - MONTHS + 1), last):
        behind = datetime((number + 1) // 12, (number + 1) % 12 + 1, 1, tzinfo=UTC)
        yield _Month(_month_name(number), int(behind.timestamp()) * MICROSECONDS - 1)
    yield _Month(_month_name(last), at_us)


def _month_name(number: int) -> str:
    year, month = divmod(number, 12)
    return f"{year:04}-{month + 1:02}"


def trend(asked: Asked, found: Indexed) -> list[dict[str, Any]]:
    """Return the index at the end of each month, by what is known now and one model."""
    rows = []
    for month in _months(asked.valid_at_us):
        index = index_at(asked.view, found.goods, model_of(found.model), month.at_us)
        row = {"month": month.name, "score": index.score, "grade": index.grade}
        rows.append(row | {"outcomes": len(index.counted)})
    return rows


def _mended(asked: Asked, outcome: Outcome) -> int | None:
    """Return the entry that by then had found a failure mended, None where nobody did."""
    if outcome.failure is None:
        return None
    entry = mended_by(asked.view, outcome.item)
    return entry if entry is not None and registered_by(asked, entry) else None


def _moved(asked: Asked, found: Indexed) -> list[dict[str, Any]]:
    """Return the outcomes that weigh most: what the score would be without each.

    That a failure was mended does not unsay it: later outcomes do.
    """
    model, index = model_of(found.model), found.index
    score = index.total.score(model)

    def row(outcome: Outcome, mark: Mark) -> dict[str, Any]:
        without = index.total.plus(mark, model, -1).score(model)
        return {
            "entry": outcome.item.index,
            "source": outcome.source,
            "about": outcome.about,
            "on": format_us(outcome.at_us),
            "failure": outcome.failure,
            "weight": mark.weight,
            "points": score - without,
        }

    rows = [(row(*pair), pair[0]) for pair in index.counted]
    rows.sort(key=lambda item: _by_points(item[0]))
    return [item | {"mended_by": _mended(asked, outcome)} for item, outcome in rows[:MOVED]]


def _by_points(row: dict[str, Any]) -> tuple[int, int, int]:
    return -abs(row["points"]), -row["weight"], -row["entry"]


def _sources(index: Index) -> dict[str, dict[str, int]]:
    """Return how many outcomes of each source passed and failed."""
    found: dict[str, dict[str, int]] = {}
    for _, mark in index.counted:
        row = found.setdefault(mark.source, {"passed": 0, "failed": 0})
        row["passed" if mark.failure is None else "failed"] += 1
    return dict(sorted(found.items()))


def complaints_of(asked: Asked, found: Indexed) -> list[Standing]:
    """Return the complaints of the time that an index looks back to, of each complainant some."""
    model = model_of(found.model)
    goods, window_us = found.goods, model.window_days * DAY_US
    items: list[Standing] = []
    for product in goods.products:
        said: Counter[tuple[str, int]] = Counter()
        for item in standing_in(asked.view, "feedback", product):
            body, at_us = item.body, item.signed_us
            if not isinstance(body, Complaint) or not (
                asked.valid_at_us - window_us < at_us <= asked.valid_at_us
            ):
                continue
            if goods.trader is None or body.lot in goods.lots or _sold(asked, goods.trader, item):
                by = body.complainant, at_us // (model.step_days * DAY_US)
                said[by] += 1
                if said[by] <= model.most_of_one:
                    items.append(item)
    return items


def _complaints(asked: Asked, found: Indexed, subject: str) -> list[Failure]:
    """Return in one note that there are complaints."""
    entries = sorted(item.index for item in complaints_of(asked, found))
    if not entries:
        return []
    facts: dict[str, str | int] = {"subject": subject, "count": len(entries)}
    return [Failure("complaints-on-record", tuple(entries), facts)]


def _sold(asked: Asked, trader: str, item: Standing) -> bool:
    """Return whether a complaint is about a trader's shop."""
    shop = item.body.shop if isinstance(item.body, Complaint) else None
    return isinstance(shop, str) and kept_by(asked.view, trader, shop, item.index)


def _model_row(item: Standing) -> dict[str, Any]:
    return {"id": item.subject, "entry": item.index}


def _detail(asked: Asked, found: Indexed) -> dict[str, Any]:
    model, index = model_of(found.model), found.index
    return {
        "model": _model_row(found.model),
        "score": index.score,
        "grade": index.grade,
        "outcomes": len(index.counted),
        "inputs": index.inputs,
        "passing": index.total.good(model),
        "failing": index.total.failed,
        "sources": _sources(index),
        "moved": _moved(asked, found),
        "trend": trend(asked, found),
    }


_NOTHING: dict[str, Any] = {"model": None, "score": None, "grade": "insufficient"}


def index(asked: Asked, *, subject: str, model: str) -> Verdict:
    """Return yes if the index is of grade C or better, no if it is of D, with what moved it."""
    found = index_of(asked, subject, model)
    if isinstance(found, Failure):
        return settle(unknown=[found], detail=_NOTHING)
    no, unknown = index_failures(found, subject)
    notes = [] if no else list(found.index.capped)
    notes += index_notes(asked, found, subject)
    notes += _complaints(asked, found, subject)
    if found.goods.trader is not None:
        notes += outstanding(asked, found.goods.trader)
    entries = [outcome.item.index for outcome, _ in found.index.counted]
    return settle(
        no=no,
        unknown=unknown,
        notes=notes,
        rests_on=[found.model.index, *entries],
        counts_by=found.goods.stated,
        detail=_detail(asked, found),
    )
