"""``market_feedback``: what comes back of a product: returns by reason, complaints, what observers found.

Who states the figures may leave out a bad month: the time in which a product was on sale and that
no figures cover is named, and makes the answer no.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ledger.primitives.instant import DAY_US, format_us
from ledger.questions.claims import product_claim
from ledger.questions.on_sale import all_listings
from ledger.questions.pages import of_page, pages
from ledger.questions.place import finding_rows
from ledger.questions.times import registered_by
from ledger.questions.verdict import Asked, Verdict, settle
from ledger.rules.chains import Failure
from ledger.rules.favour import NOBODY
from ledger.rules.found import counting, observed_us, said_of_lots
from ledger.rules.standing import Standing, standing_in
from ledger.statements.market_family import MAX_DAYS, OF_THE_GOODS, Feedback
from ledger.statements.observer_family import Observation
from ledger.statements.sanction_family import Complaint

PAGE = 50
"""Times with figures, complaints and observations listed on one page, the newest first."""
DUE_DAYS = 15
"""Within how many days behind a time its figures are due."""
IN_SO_MANY = 10_000
"""Units sold, of which a rate says how many came back."""


def _figures(item: Standing) -> Feedback:
    assert isinstance(item.body, Feedback)  # noqa: S101 - chosen as such
    return item.body


def _rate(sold: int, back: int) -> int | None:
    return None if sold == 0 else IN_SO_MANY * back // sold


def on_sale_us(asked: Asked, product: str) -> tuple[int, int] | None:
    """Return from when until when a product was on sale by the time asked about; None if never."""
    listed = [one for one in all_listings(asked.view, product) if registered_by(asked, one.index)]
    if not listed:
        return None
    ends = [
        one.ended for one in listed if one.ended is not None and registered_by(asked, one.ended)
    ]
    over = len(ends) == len(listed)
    until_us = asked.view.registered_us(max(ends)) if over else asked.valid_at_us
    return asked.view.registered_us(listed[0].index), until_us


def _uncovered(asked: Asked, product: str, said: Sequence[Standing]) -> Iterator[tuple[int, int]]:
    """Yield the times in which a product was on sale and of which figures are due and missing."""
    sale = on_sale_us(asked, product)
    if sale is None:
        return
    at_us, until_us = sale
    until_us = min(until_us, asked.valid_at_us - (MAX_DAYS + DUE_DAYS) * DAY_US)
    for body in sorted(map(_figures, said), key=lambda body: body.from_.us):
        if at_us < min(body.from_.us, until_us):
            yield at_us, min(body.from_.us, until_us)
        at_us = max(at_us, body.until.us)
    if at_us < until_us:
        yield at_us, until_us


def _time(asked: Asked, item: Standing) -> dict[str, Any]:
    body = _figures(item)
    back = sum(body.by_reason.values())
    due_us = body.until.us + DUE_DAYS * DAY_US
    return {
        "entry": item.index,
        "from": str(body.from_),
        "until": str(body.until),
        "sold": body.sold,
        "came_back": back,
        "rate": _rate(body.sold, back),
        "late": asked.view.registered_us(item.index) > due_us,
    }


def complaint_row(item: Standing) -> dict[str, Any]:
    """Return a complaint as JSON, without who complained."""
    body = item.body
    assert isinstance(body, Complaint)  # noqa: S101 - chosen as such
    return {
        "entry": item.index,
        "product": item.subject,
        "lot": str(body.lot) if isinstance(body.lot, str) else None,
        "shop": str(body.shop) if isinstance(body.shop, str) else None,
        "on": format_us(item.signed_us),
    }


def _observed(item: Standing) -> dict[str, Any]:
    body = item.body
    assert isinstance(body, Observation)  # noqa: S101 - chosen as such
    return {
        "entry": item.index,
        "about": str(body.about),
        "on": format_us(observed_us(item)),
        "findings": finding_rows(body.findings),
    }


def market_feedback(asked: Asked, *, product: str, page: str) -> Verdict:
    """Return yes if figures cover all the time in which a product was on sale, with all that came back."""
    view = asked.view
    claim = product_claim(view, product)
    said = [
        item
        for item in standing_in(view, "market", product)
        if isinstance(item.body, Feedback) and registered_by(asked, item.index)
    ]
    complaints = [
        item
        for item in standing_in(view, "feedback", product)
        if isinstance(item.body, Complaint) and registered_by(asked, item.index)
    ]
    observed = [
        item
        for item in counting(said_of_lots(view, product, NOBODY))
        if isinstance(item.body, Observation) and registered_by(asked, item.index)
    ]
    missing = [
        {"from": format_us(at_us), "until": format_us(until_us)}
        for at_us, until_us in _uncovered(asked, product, said)
    ]
    gone = [
        Failure(
            "feedback-missing",
            (),
            {"product": product, "from": one["from"], "before": one["until"]},
        )
        for one in missing
    ]
    unknown = [claim] if isinstance(claim, Failure) else []
    if not said and not gone:
        unknown.append(Failure("feedback-absent", (), {"product": product}))
    sold = sum(_figures(item).sold for item in said)
    reasons = Counter[str]()
    for item in said:
        reasons.update(_figures(item).by_reason)
    by_count = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    newest = sorted(said, key=lambda item: (-_figures(item).from_.us, -item.index))
    lists = (newest, complaints[::-1], observed[::-1])
    times, complained, seen = (of_page(rows, page, PAGE) for rows in lists)
    return settle(
        no=gone,
        unknown=unknown,
        rests_on=(item.index for item in (*said, *complained, *seen)),
        detail={
            "page": int(page),
            "pages": pages(max(map(len, lists)), PAGE),
            "sold": sold,
            "came_back": reasons.total(),
            "of_goods": sum(reasons[one] for one in OF_THE_GOODS),
            "rate": _rate(sold, reasons.total()),
            "complained": len(complaints),
            "seen": len(observed),
            "returned": [{"reason": name, "count": count} for name, count in by_count],
            "times": [_time(asked, item) for item in times],
            "missing": missing,
            "complaints": [complaint_row(item) for item in complained],
            "observed": [_observed(item) for item in seen],
        },
    )
