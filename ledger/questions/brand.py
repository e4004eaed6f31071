"""``brand``: who may sell a brand, from the trademark down: what was given, stands, ends, was revoked, by whom."""

from collections import deque

from ledger.identifiers import ALL
from ledger.questions.pages import of_page, pages
from ledger.questions.rights import PAGE, Mark, Right
from ledger.questions.times import registered_by
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.chains import Failure, grant, trademarks
from ledger.rules.standing import Standing, standing
from ledger.statements.brand_family import Authorisation

MAX_GRANTS = 10_000
"""Grants looked at in one answer; a note says that there are more."""


def _below(asked: Asked, brand: str, tops: list[str]) -> tuple[list[Standing], bool]:
    """Return the grants of a brand below marks or a grant, breadth first, and whether these are all.

    Whoever was let grant on and makes thousands stands behind all that are as near to the mark.
    """
    found: list[Standing] = []
    queue, seen = deque(tops), set(tops)
    while queue:
        for item in asked.view.fold(standing, "granted", queue.popleft()).values():
            if (
                not isinstance(item.body, Authorisation)
                or item.id in seen
                or grant(item).brand != brand
                or not registered_by(asked, item.index)
            ):
                continue
            if len(found) == MAX_GRANTS:
                return found, False
            seen.add(item.id)
            found.append(item)
            queue.append(item.id)
    return found, True


def brand(asked: Asked, *, brand: str, under: str, page: str) -> Verdict:
    """Return yes if somebody was granted a brand and may act for it now, with every grant there is."""
    known = (item for item in trademarks(asked.view, brand) if registered_by(asked, item.index))
    marks = [Mark(asked, item) for item in known]
    tops = [one.item.id for one in marks] if under == ALL else [under]
    found, complete = _below(asked, brand, tops)
    rights = [Right(asked, item) for item in found]
    states = [one.state for one in rights]
    notes = [] if complete else [Failure("walk-limit", (), {"limit": MAX_GRANTS})]
    no, unknown = list[Failure](), list[Failure]()
    if not marks:
        unknown.append(Failure("brand-unknown", (), {"brand": brand}))
    elif "stands" not in states:
        no += [one.failure for one in marks if one.failure is not None]
        no += [] if no else [Failure("brand-ungranted", (), {"brand": brand})]
        if not complete:
            no, unknown, notes = [], notes, no
    shown = of_page(rights, page, PAGE)
    ends = [one.ends for one in rights if one.state == "stands"]
    return settle(
        no=no,
        unknown=unknown,
        notes=notes,
        rests_on=[mark.item.index for mark in marks] + [right.item.index for right in shown],
        detail={
            "page": int(page),
            "pages": pages(len(rights), PAGE),
            "stand": states.count("stands"),
            "coming": states.count("coming"),
            "over": states.count("over") + states.count("broken"),
            "first_end": min((end for end in ends if end is not None), default=None),
            "marks": [one.row() for one in marks],
            "given": [one.row() for one in shown],
        },
    )
