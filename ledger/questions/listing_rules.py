"""A rule for listings that asks what is open against the goods: it stands with the questions."""

from collections.abc import Iterator

from ledger.identifiers import channel_of
from ledger.questions.label_rules import asked_of
from ledger.questions.listable import Listables
from ledger.questions.verdict import once
from ledger.rules.registry import Case, Refusal, resting, rule
from ledger.rules.trade import open_shop
from ledger.statements.trade_family import Listing, Shop
from ledger.texts import saying


@rule("listing-open", "listing", bite="replay-only", turn="last")
def listing_of_goods_in_order(case: Case) -> Iterator[Refusal]:
    """Nothing is open against what goes on sale: its lots, what they were made of, and where.

    The trader of (`shop`, `shop`) (*Shops and measures*): in one of `territories`, T and N both
    now, something is open or in suspense by *`listable`* 4; `reasons` all of these, once.
    """
    if not isinstance(case.body, Listing):
        return
    shop = open_shop(case.view, case.body.shop)
    if shop is None or not isinstance(shop.body, Shop):
        return
    product, sales = case.statement.subject, Listables(asked_of(case))
    where = channel_of(case.body.shop), shop.body.shop_type, str(case.body.shop)
    found = once(
        failure
        for territory in case.body.territories
        for failure in sales.open(str(shop.body.trader), product, territory, *where)
    )
    if found:
        yield resting(
            "listing-open", saying("something is open against {product}", product=product), found
        )
