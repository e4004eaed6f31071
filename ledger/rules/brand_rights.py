"""What a party is to a brand: its right-holder, who counts as it, somebody in its chains; ever, or at a time."""

from collections.abc import Collection

from ledger.histories.history import View
from ledger.rules.chains import AFFILIATED, holds_for, trademarks
from ledger.rules.standing import standing
from ledger.statements.brand_family import (
    TRADEMARK_KINDS,
    Authorisation,
    Qualification,
    grant_subject,
)


def brand_standing(view: View, brand: str, party: str, at_us: int) -> int:
    """Return 2 for a brand's right-holder at a time, 1 for who counts as it, 0 for others."""
    best = 0
    for mark in trademarks(view, brand):
        body = mark.body
        if mark.ended is None and isinstance(body, Qualification) and body.covers(at_us):
            if mark.subject == party:
                return 2
            if holds_for(view, party, mark.subject, at_us) is not None:
                best = 1
    return best


def acted(view: View, brand: str, party: str) -> bool:
    """Return whether a party ever was a brand's right-holder, counted as it, or was granted it."""
    granted = view.fold(standing, "grant", grant_subject(brand, party)).values()
    return ever_held_brand(view, brand, party) or any(
        isinstance(item.body, Authorisation) for item in granted
    )


def acted_for(view: View, brands: Collection[str], party: str) -> bool:
    """Return whether a party ever acted for one of some brands; anybody does for none."""
    return not brands or any(acted(view, brand, party) for brand in brands)


def ever_held_brand(view: View, brand: str, party: str) -> bool:
    """Return whether a party ever was a brand's right-holder, or counted as it."""
    marks = list(view.fold(standing, "qualification-number", brand).values())
    holders = {
        mark.subject
        for mark in marks
        if isinstance(mark.body, Qualification) and mark.body.kind in TRADEMARK_KINDS
    }
    return party in holders or any(
        isinstance(item.body, Qualification)
        and item.body.of in holders
        and item.body.relation in AFFILIATED
        for item in view.fold(standing, "qualification", party).values()
    )
