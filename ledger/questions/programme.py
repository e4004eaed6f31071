"""``programme``: whether as much was sampled, quarter by quarter, as a programme says."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ledger.identifiers import ancestors
from ledger.primitives.instant import format_us
from ledger.questions.executed import Found, Pick, found_draw, picks_left, witnessed_us
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.chains import Failure
from ledger.rules.drawing import draws_of, overlap
from ledger.rules.found import NAMED
from ledger.rules.standing import Standing, standing_of
from ledger.rules.state import MICROSECONDS
from ledger.statements.draw_family import SamplingProgramme

QUARTER_MONTHS = 3
MISSED = ("failed", "late", "unsealed")
MONTHS = 12


def _moment_us(months: int) -> int:
    """Return the beginning of a month in UTC, counted from the year 0, in microseconds since 1970."""
    year, month = divmod(months, MONTHS)
    return int(datetime(year, month + 1, 1, tzinfo=UTC).timestamp()) * MICROSECONDS


def quarter_at(time_us: int) -> int:
    """Return the quarter of a time in UTC, counted from the year 0."""
    moment = datetime.fromtimestamp(time_us // MICROSECONDS, UTC)
    return (moment.year * MONTHS + moment.month - 1) // QUARTER_MONTHS


def began_us(quarter: int) -> int:
    """Return when a quarter begins, in microseconds since 1970."""
    return _moment_us(quarter * QUARTER_MONTHS)


def named(quarter: int) -> str:
    """Return a quarter as people write it: 2026-Q3."""
    year, number = divmod(quarter, MONTHS // QUARTER_MONTHS)
    return f"{year}-Q{number + 1}"


def _programme(asked: Asked, name: str) -> tuple[Standing, SamplingProgramme] | None:
    for item in standing_of(asked.view, "programme", name, SamplingProgramme):
        if isinstance(item.body, SamplingProgramme):
            return item, item.body
    return None


def programme(asked: Asked, *, programme: str) -> Verdict:
    """Return yes if each whole quarter of it that is over had its picks executed, no with those that had not."""
    known = _programme(asked, programme)
    if known is None:
        absent = Failure("programme-absent", (), {"programme": programme})
        return settle(unknown=[absent], detail=_detail(None, []))
    item, body = known
    draws = list(_draws(asked, programme))
    left = {one.item.id: list(picks_left(asked.view, one, asked.newest_us)) for one in draws}
    executed, seen = _executed(asked, draws, left)
    expected, rows = body.baseline * body.multiplier, list[dict[str, Any]]()
    no, unknown = list[Failure](), list[Failure]()
    for quarter in _quarters(asked, item, body):
        count, shown = executed[quarter], seen[quarter]
        over = began_us(quarter + 1) <= asked.newest_us
        rows.append(
            {
                "quarter": named(quarter),
                "until": format_us(began_us(quarter + 1)),
                "expected": expected,
                "executed": count,
                "shown": shown,
                "over": "yes" if over else "no",
            }
        )
        facts: dict[str, str | int] = {
            "quarter": named(quarter),
            "count": count,
            "expected": expected,
        }
        if over and count < expected:
            no.append(Failure("multiplier-missed", (item.index,), facts))
        elif over and shown < expected:
            unknown.append(Failure("multiplier-unshown", (item.index,), facts | {"count": shown}))
    if not any(row["over"] == "yes" for row in rows):
        unknown.append(Failure("quarter-open", (item.index,), {"programme": programme}))
    rests_on = [item.index, *(one.item.index for one in draws)]
    rests_on += [
        pick.inspection.index
        for picks in left.values()
        for pick in picks
        if pick.state == "executed" and pick.inspection is not None
    ]
    detail = _detail(body, rows) | {"draws": [_row(asked, one, left[one.item.id]) for one in draws]}
    notes = [_failed(one) for one in draws if one.failed(asked.newest_us)]
    notes += _counted(programme, draws, left)
    notes += _beside(asked, item, body)
    return settle(no=no, unknown=unknown, notes=notes, rests_on=rests_on, detail=detail)


def _detail(body: SamplingProgramme | None, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "category": None if body is None else str(body.category),
        "baseline": None if body is None else body.baseline,
        "multiplier": None if body is None else body.multiplier,
        "quarters": rows,
        "draws": [],
    }


def _draws(asked: Asked, programme: str) -> Iterator[Found]:
    for item, answer in draws_of(asked.view, programme).values():
        found = found_draw(asked.view, item, answer)
        if found is not None:
            yield found


def _executed(
    asked: Asked, draws: list[Found], left: Mapping[str, list[Pick]]
) -> tuple[Counter[int], Counter[int]]:
    """Return how many picks were executed by quarter of registration, and of draws shown to be honest."""
    executed, seen = Counter[int](), Counter[int]()
    for found in draws:
        honest = witnessed_us(asked.view, asked.origin, found)[0] is not None
        for pick in left[found.item.id]:
            if pick.state == "executed" and pick.inspection is not None:
                quarter = quarter_at(asked.view.registered_us(pick.inspection.index))
                executed[quarter] += 1
                seen[quarter] += honest
    return executed, seen


def _quarters(asked: Asked, item: Standing, body: SamplingProgramme) -> Iterator[int]:
    """Yield the quarters that lie in a programme's time as a whole, until the one that it is.

    It begins by its registration at the earliest.
    """
    begun_us = max(body.from_.us, asked.view.registered_us(item.index))
    for quarter in range(quarter_at(begun_us), quarter_at(asked.newest_us) + 1):
        begins, ends = began_us(quarter), began_us(quarter + 1)
        if begun_us <= begins and (body.until is None or ends <= body.until.us):
            yield quarter


def _failed(found: Found) -> Failure:
    """Return that a draw failed: whoever withholds what displeases is seen to."""
    facts: dict[str, str | int] = {"draw": found.item.subject, "until": str(found.body.deadline)}
    return Failure("draw-failed", (found.item.index,), facts)


def _counted(
    programme: str, draws: list[Found], left: Mapping[str, list[Pick]]
) -> Iterator[Failure]:
    """Yield how many picks were not executed in time, and how many fell out: who chooses among them is seen to."""
    missed = {
        one.item.index: sum(pick.state in MISSED for pick in left[one.item.id]) for one in draws
    }
    fallen = {
        one.answer.index: len(one.result.substitutions)
        for one in draws
        if one.answer is not None and one.result is not None
    }
    for code, counts in (("picks-missed", missed), ("picks-substituted", fallen)):
        entries = [index for index, count in counts.items() if count]
        if entries:
            facts: dict[str, str | int] = {"programme": programme, "count": sum(counts.values())}
            yield Failure(code, tuple(entries[-NAMED:]), facts)


def _beside(asked: Asked, item: Standing, body: SamplingProgramme) -> Iterator[Failure]:
    """Yield that there are other programmes of the same goods: what one misses another may keep."""
    found = {
        other.index: other
        for category in ancestors(body.category)
        for other in standing_of(asked.view, "programmes", category, SamplingProgramme)
        if isinstance(other.body, SamplingProgramme)
        and other.id != item.id
        and overlap(body, other.body)
    }
    if found:
        facts: dict[str, str | int] = {"programme": item.subject, "count": len(found)}
        yield Failure("programmes-beside", tuple(sorted(found)[-NAMED:]), facts)


def _row(asked: Asked, found: Found, left: list[Pick]) -> dict[str, Any]:
    state = "failed" if found.failed(asked.newest_us) else "open"
    return {
        "draw": found.item.subject,
        "entry": found.item.index,
        "state": state if found.result is None else "revealed",
        "left": len(left),
        "executed": sum(pick.state == "executed" for pick in left),
    }
