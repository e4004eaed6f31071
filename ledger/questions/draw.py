"""``draw``: whether a draw was honest, what was drawn, and what became of it."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from typing import Any

from ledger.draws import beta_of, ticket_of
from ledger.errors import SignatureError
from ledger.histories.views import AsOfView
from ledger.identifiers import ALL, number_of, programme_of
from ledger.primitives.instant import format_us
from ledger.questions.draw_notes import draw_notes
from ledger.questions.executed import (
    Found,
    Pick,
    found_draw,
    invited_by,
    picks_left,
    witnessed_us,
)
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.chains import Failure
from ledger.rules.drawing import Frame, draws_of, frame_at, left_of, stratum_of
from ledger.statements.draw_family import OBJECT, OBSERVER, RolePicks


def draw(asked: Asked, *, draw: str, product: str) -> Verdict:
    """Return yes if it was committed to in time and followed through, no if it failed."""
    view = asked.view
    named = draws_of(view, programme_of(draw)).get(draw)
    found = None if named is None else found_draw(view, *named)
    if found is None:
        return settle(unknown=[Failure("draw-absent", (), {"draw": draw})], detail=_nothing(draw))
    no, unknown = list[Failure](), list[Failure]()
    seen_us, quorum = witnessed_us(view, asked.origin, found)
    facts: dict[str, str | int] = {"draw": draw, "until": str(found.body.deadline)}
    if found.failed(asked.newest_us):
        no.append(Failure("draw-failed", (found.item.index,), facts))
    elif found.result is None:
        unknown.append(Failure("draw-waits", (found.item.index,), facts))
    elif seen_us is None:
        unseen: dict[str, str | int] = {"draw": draw, "quorum": quorum}
        unknown.append(Failure("draw-unwitnessed", (found.item.index,), unseen))
    picks = list(picks_left(view, found, asked.newest_us))
    invited = invited_by(view, found.answer)
    frame = cache(partial(frame_at, view, found.programme, found.body.size))
    rests_on = [found.plan.index, found.item.index]
    rests_on += [] if found.answer is None else [found.answer.index]
    rests_on += [one.inspection.index for one in picks if one.inspection is not None]
    detail = {
        "programme": found.plan.subject,
        "number": number_of(draw),
        "candidates": found.body.candidates,
        "size": found.body.size,
        "round": found.body.round,
        "due": format_us(found.due_us),
        "deadline": str(found.body.deadline),
        "result": None if found.answer is None else found.answer.index,
        "witnessed": None if seen_us is None else format_us(seen_us),
        "product": None if product == ALL else _product(asked, found, frame(), product),
        "picks": list(_rows(found, picks, invited)),
    }
    return settle(
        no=no,
        unknown=unknown,
        notes=list(draw_notes(asked, found, frame, picks)),
        rests_on=rests_on,
        detail=detail,
    )


def _nothing(draw: str) -> dict[str, Any]:
    """Return what an answer about no draw has beside."""
    names = ("candidates", "size", "round", "due", "deadline", "result", "witnessed", "product")
    own = {"programme": programme_of(draw), "number": number_of(draw)}
    return {**own, **dict.fromkeys(names), "picks": []}


def _product(asked: Asked, found: Found, frame: Frame, product: str) -> dict[str, Any]:
    """Return whether a product was in the frame, with its ticket and rank where they are known."""
    then = AsOfView(asked.view, found.body.size)
    role = f"{OBJECT}{stratum_of(then, product)}"
    among = frame.candidates.get(role, ())
    row: dict[str, Any] = {"role": role, "in_frame": "no", "ticket": None, "rank": None}
    if product not in among:
        return row
    row["in_frame"] = "yes"
    if found.result is None:
        return row
    try:
        beta = beta_of(bytes.fromhex(found.result.proof))
    except SignatureError:
        return row  # and what was read is reviewed again, which says so
    own = ticket_of(role, beta, product)
    before = sum((ticket_of(role, beta, key), key) < (own, product) for key in among)
    return row | {"ticket": own.hex(), "rank": before + 1}


def _rows(
    found: Found, picked: Iterable[Pick], invited: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """Yield each who is drawn, stands by or is passed over, with what became of it."""
    if found.result is None:
        return
    became = {(pick.role, pick.product): pick for pick in picked}
    for picks in found.result.picks:
        why = {
            str(item.key): item.reason
            for item in found.result.substitutions
            if item.role == picks.role
        }
        left = left_of(picks, found.result.substitutions) or ()
        asked = invited if picks.role == OBSERVER else {}
        for rank, item in enumerate((*picks.drawn, *picks.spares), start=1):
            key = str(item.key)
            pick = became.get((str(picks.role), key))
            inspection = None if pick is None else pick.inspection
            yield {
                "role": str(picks.role),
                "key": key,
                "rank": rank,
                "ticket": item.ticket,
                "state": _state(key, why, left, asked) if pick is None else pick.state,
                "reason": why.get(key),
                "sealing": None if pick is None else pick.sealing,
                "entry": asked.get(key) if inspection is None else inspection.index,
            }
        yield from _passed_over(picks)


def _state(
    key: str, why: Mapping[str, str], left: tuple[str, ...], invited: Mapping[str, int]
) -> str:
    if key in why:
        return "substituted"
    if key in invited:
        return "invited"
    return "drawn" if key in left else "spare"


def _passed_over(picks: RolePicks) -> Iterator[dict[str, Any]]:
    for party in picks.passed_over:
        nothing = dict.fromkeys(("rank", "ticket"))
        rest = dict.fromkeys(("reason", "sealing", "entry"))
        own = {"role": str(picks.role), "key": str(party)}
        yield {**own, **nothing, "state": "passed-over", **rest}
