"""``trader``: everything a trader has listed, whether each still may be on sale, and why not."""

from typing import Any

from ledger.questions.listable import Listables
from ledger.questions.on_sale import OnSale, ground, listed_by
from ledger.questions.pages import of_page, pages
from ledger.questions.verdict import Asked, Verdict, once, settle, told
from ledger.rules.chains import Failure

PAGE = 20
"""Listings judged in one answer: each is asked all that ``listable`` asks."""


def listing_row(found: OnSale, judged: Verdict) -> dict[str, Any]:
    """Return a listing and how it was judged, as JSON."""
    return {
        "entry": found.item.index,
        "product": found.item.subject,
        "shop": str(found.listing.shop),
        "category": str(found.listing.category),
        "territories": sorted(map(str, found.listing.territories)),
        "verdict": judged.verdict,
        "why": told(judged.reasons),
    }


def trader(asked: Asked, *, trader: str, page: str) -> Verdict:
    """Return whether all that a page lists may be on sale, with every reason why not."""
    listed, listables = listed_by(asked, trader), Listables(asked)
    shown = of_page(listed, page, PAGE)
    judged = [(found, ground(asked, found, listables)) for found in shown]
    no = [reason for _, one in judged if one.verdict == "no" for reason in one.reasons]
    unknown = [reason for _, one in judged if one.verdict == "unknown" for reason in one.reasons]
    absent = [] if listed else [Failure("nothing-listed", (), {"trader": trader})]
    return settle(
        no=once(no),
        unknown=[*absent, *(item for item in once(unknown) if item not in no)],
        notes=once(note for _, one in judged for note in one.notes),
        rests_on=[index for _, one in judged for index in one.rests_on],
        detail={
            "page": int(page),
            "pages": pages(len(listed), PAGE),
            "total": len(listed),
            "listed": [listing_row(*one) for one in judged],
        },
    )
