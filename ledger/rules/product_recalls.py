"""Goods of a product called back by when, or where, they were made: which lots that means.

A lot is meant where anything that its rightful makers ever stated of it says so: who restates it
takes it out of nothing. One that nobody stated by right is meant, too: nobody shows that it is not.
How old goods are of which nobody spoke before the recall, the right-holder alone says: else whoever
states them late would take them out of it. Nor does what a decision rejects take a lot out of one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ledger.histories.history import View
from ledger.identifiers import product_of
from ledger.rules.chains import Failure
from ledger.rules.claims import ever_held_brand_of, rejected
from ledger.rules.found import heard
from ledger.rules.lots import rightful, stated_ever
from ledger.rules.offices import by_office
from ledger.rules.standing import Standing, standing_of
from ledger.statements.origin_family import Lot
from ledger.statements.recall_family import ProductRecall


def recalls_of_product(view: View, product: str, at_us: int) -> list[Standing]:
    """Return the recalls of a product's goods that act at a time: an office's, or of who ever held its brand."""
    return [
        item
        for item in standing_of(view, "product-recall", product, ProductRecall)
        if isinstance(item.body, ProductRecall)
        and item.body.from_.us <= at_us
        and (by_office(view, item) or ever_held_brand_of(view, product, item.issuer))
    ]


def recalls_that_mean(view: View, lot: str, at_us: int) -> Iterator[Standing]:
    """Yield the recalls of its product's goods that mean a lot."""
    product = product_of(lot)
    recalls = recalls_of_product(view, product, at_us)
    if not recalls:
        return
    stated = _stated_by_right(view, lot)
    for item in recalls:
        body = item.body
        assert isinstance(body, ProductRecall)  # noqa: S101 - chosen as such
        recalled_us = view.registered_us(item.index)
        counted = [
            said
            for said in stated
            if view.registered_us(said.index) <= recalled_us  # in one batch nobody was first
            or said.made_us >= recalled_us
            or ever_held_brand_of(view, product, said.issuer)
        ]
        meant = any(body.means(said.made_us, said.facility) for said in counted)
        if meant or all(said.rejected for said in counted):
            yield item


def is_hearsay(view: View, lot: str) -> bool:
    """Return whether nobody stated a lot by right, and nothing that binds anybody was said of it.

    Whoever names such a number adds no lot to a recall of its product's goods.
    """
    return not _rightful(view, lot) and not any(heard(view, "inspection", lot))


@dataclass(frozen=True, slots=True)
class _Said:
    """What an entry says of a lot: by whom, when and where it was made."""

    index: int
    issuer: str
    made_us: int
    facility: str
    rejected: bool
    """A decision says that its maker holds nothing."""


def _rightful(view: View, lot: str) -> list[Standing]:
    return rightful(view, product_of(lot), stated_ever(view, lot))


def _stated_by_right(view: View, lot: str) -> list[_Said]:
    """Return all that its rightful makers ever stated of a lot."""
    found = []
    for item in _rightful(view, lot):
        is_rejected = rejected(view, "lot", item)
        found += [
            _Said(entry.index, item.issuer, body.made.us, str(body.facility), is_rejected)
            for entry, body in item.versions
            if isinstance(body, Lot)
        ]
    return found


def goods_called_back(item: Standing) -> Failure:
    """Return that goods of a product are called back, as a reason."""
    body = item.body
    assert isinstance(body, ProductRecall)  # noqa: S101 - callers asked for such
    facts: dict[str, str | int] = {
        "product": item.subject,
        "by": item.issuer,
        "before": str(body.made_until),
        "since": str(body.from_),
    }
    return Failure("product-recalled", (item.index,), facts)
