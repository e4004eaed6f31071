"""``label``: whether a product's quality label holds, since when, and when it lapses by itself.

A label is never true because it was said: it is computed from what stands. Of labels by several
standards the one that holds answers, else the one nearest to it.
"""

from typing import Any, Literal

from ledger.primitives.instant import format_us
from ledger.questions.conformance import Met
from ledger.questions.label_grounds import (
    Grounds,
    grounds,
    label_of,
    labels,
    withdrawn,
)
from ledger.questions.label_lapse import lapse
from ledger.questions.times import lasting_since
from ledger.questions.verdict import Asked, Verdict, Word, once, settle, told
from ledger.rules.chains import Failure
from ledger.rules.limits import many_unjudged
from ledger.rules.scoring import least_score, model_of
from ledger.rules.standing import Standing

State = Literal["holds", "suspended", "lapsed", "withdrawn", "none"]
_RANK: dict[Word, int] = {"yes": 2, "unknown": 1, "no": 0}


def _word(found: Grounds) -> Word:
    return "no" if found.no else "unknown" if found.unknown else "yes"


def shown_label(asked: Asked, product: str) -> Grounds | None:
    """Return the label of a product that answers for it, with its grounds; None without any.

    Of each standard the newest that was not withdrawn; of these the first that holds, newest
    first, or else one of which it is not known. Where all are withdrawn, the newest.
    """
    known = labels(asked, product)
    if not known:
        return None
    newest: dict[str, Standing] = {}
    for item in reversed(known):
        if not withdrawn(asked, item):
            newest.setdefault(label_of(item).standard.subject, item)
    best: Grounds | None = None
    for item in newest.values() or known[-1:]:
        found = grounds(asked, item)
        if best is None or _RANK[_word(found)] > _RANK[_word(best)]:
            best = found
        if best.hold:
            break
    return best


def state_of(asked: Asked, found: Grounds) -> State:
    """Return the state of a label, as listing and ranking systems take it."""
    if withdrawn(asked, found.label):
        return "withdrawn"
    return "lapsed" if found.no else "suspended" if found.unknown else "holds"


def _needed(found: Grounds) -> set[int]:
    """Return the entries without which a label would not hold: it has held since the newest."""
    needed = set[int]()
    if found.seller is not None and found.seller.shop is not None:
        needed |= {found.seller.item.index, found.seller.shop.index}
    for met in found.criteria:
        if met.decides is not None:
            closed = (item.closed for item in met.decides.report.objections)
            needed |= {entry.index for entry in closed if entry is not None}
            needed.add(met.decides.index)
    return needed.union(*(note.entries for note in found.closed))


def _criterion(met: Met) -> dict[str, Any]:
    item, decides = met.criterion, met.decides
    return {
        "property": str(item.property),
        "unit": str(item.unit),
        "direction": item.direction,
        "limit": item.asks(),
        "severity": item.severity,
        "met": "no" if met.no else "unknown" if met.unknown else "yes",
        "report": None if decides is None else decides.index,
        "lot": None if decides is None else decides.lot,
        "value": None if decides is None else decides.result.found(),
        "until": None if decides is None else format_us(decides.until_us),
    }


def _lapses(asked: Asked, found: Grounds) -> dict[str, Any] | None:
    """Return when a label lapses by itself and why; of the past what followed is on record."""
    if not found.hold or asked.valid_at_us < asked.newest_us:
        return None
    moment_us, then = lapse(asked, found)
    reasons = then.no or then.unknown
    return {"at": format_us(moment_us), "reasons": told(reasons)}


def _detail(asked: Asked, found: Grounds) -> dict[str, Any]:
    body, seller = label_of(found.label), found.seller
    index = None
    if found.index is not None and found.model is not None:
        limit = least_score(model_of(found.model))
        index = {"score": found.index.score, "grade": found.index.grade, "limit": limit}
    return {
        "state": state_of(asked, found),
        "since": lasting_since(asked, found.label.index, found.no or found.unknown, _needed(found)),
        "label": {
            "entry": found.label.index,
            "standard": str(body.standard.subject),
            "version": None if found.standard is None else found.standard.index,
            "until": str(body.until),
        },
        "lapses": _lapses(asked, found),
        "criteria": [_criterion(met) for met in found.criteria],
        "index": index,
        "seller": None
        if seller is None
        else {
            "entry": seller.item.index,
            "shop": str(seller.listing.shop),
            "trader": seller.trader,
        },
    }


_NOTHING: dict[str, Any] = {
    "state": "none",
    "since": None,
    "label": None,
    "lapses": None,
    "criteria": [],
    "index": None,
    "seller": None,
}


def label(asked: Asked, *, product: str) -> Verdict:
    """Return yes while the product's label holds; unknown while it is suspended."""
    found = shown_label(asked, product)
    if found is None:
        reason = Failure("label-absent", (), {"product": product})
        return settle(no=[reason], detail=_NOTHING)
    unjudged = many_unjudged(asked.view, product, found.reports, asked.valid_at_us)
    return settle(
        no=found.no,
        unknown=found.unknown,
        notes=once((*found.notes, *found.closed, *unjudged)),
        rests_on=found.rests_on,
        detail=_detail(asked, found),
    )
