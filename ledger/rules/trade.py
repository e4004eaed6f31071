"""Rules for trading: admission, shops, listings."""

from collections.abc import Iterator

from ledger.histories.history import View
from ledger.identifiers import channel_of
from ledger.rules.chains import Failure, Point
from ledger.rules.claims import category_of, products
from ledger.rules.common import operator_of
from ledger.rules.registry import Case, Refusal, resting, rule
from ledger.rules.regrants import may_act
from ledger.rules.standing import Standing, standing, standing_in, standing_of
from ledger.statements.sanction_family import STEPS, Sanction
from ledger.statements.trade_family import Admission, Listing, Shop
from ledger.texts import saying


def newest_admission(view: View, trader: str) -> Standing | None:
    """Return the newest decision on a trader's admission, None if there is none."""
    decisions = [
        item
        for item in view.fold(standing, "admission", trader).values()
        if isinstance(item.body, Admission)
    ]
    return decisions[-1] if decisions else None


def is_admitted(item: Standing | None) -> bool:
    """Return whether a decision admits."""
    return (
        item is not None and isinstance(item.body, Admission) and (item.body.decision == "admitted")
    )


def open_shop(view: View, shop: str) -> Standing | None:
    """Return the shop that stands under an id, None if there is none."""
    return next(
        (item for item in standing_in(view, "shop", shop) if isinstance(item.body, Shop)), None
    )


def sanctions_in_force(view: View, trader: str, at_us: int) -> Iterator[tuple[Standing, Sanction]]:
    """Yield the sanctions in force against a trader at the time of a batch, oldest first."""
    for item in standing_of(view, "sanction", trader, Sanction):
        body = item.body
        if isinstance(body, Sanction) and item.subject == trader and body.covers(at_us):
            yield item, body


def overruled(view: View, trader: str) -> dict[str, Standing]:
    """Return the decisions that admitted a trader in spite of a refusal, by the refusal's id."""
    known = [
        item
        for item in view.fold(standing, "admission", trader).values()
        if isinstance(item.body, Admission)
    ]
    return {
        refusal.id: item
        for item in reversed(known)
        if is_admitted(item)
        for refusal in known
        if not is_admitted(refusal) and refusal.index < item.index and cites(item, refusal)
    }


def cites(decision: Standing, other: Standing) -> bool:
    """Return whether a decision cites another among its evidence."""
    return isinstance(decision.body, Admission) and any(
        citation.id in other.ids for citation in decision.body.evidence
    )


@rule("admission-again", "admission")
def admission_in_spite_of_refusals(case: Case) -> Iterator[Refusal]:
    """Who admits a trader that was refused cites each refusal that stands, and says why.

    Of `admitted`: each refusal in (`admission`, `sub`) before it (of a correction before its
    target) that neither its `evidence` cites, by its id or a correction's, nor that of another
    decision there that admits, behind the refusal and not the target [it]. It cites one of them,
    and has no `reasons` [the first].
    """
    body, trader = case.body, case.statement.subject
    if not isinstance(body, Admission) or body.decision != "admitted":
        return
    known = case.view.fold(standing, "admission", trader)
    corrected = None if case.corrects is None else known.get(case.corrects)
    behind = case.index if corrected is None else corrected.index
    own = {citation.id for citation in body.evidence}
    before = [
        item
        for item in known.values()
        if isinstance(item.body, Admission) and not is_admitted(item) and item.index < behind
    ]
    settled = {
        id_
        for id_, item in overruled(case.view, trader).items()
        if corrected is None or item.id != corrected.id
    }
    meant = [item for item in before if own & item.ids]
    for item in before:
        if item not in meant and item.id not in settled:
            why = saying(
                "entry {index} refused {trader}: cite it among the evidence",
                index=item.index,
                trader=trader,
            )
            yield Refusal("admission-again", why, (item.index,))
    if meant and not body.reasons:
        why = saying(
            "entry {index} refused {trader}: say why it is admitted (reasons)",
            index=meant[0].index,
            trader=trader,
        )
        yield Refusal("admission-again", why, (meant[0].index,))


@rule("trader-not-admitted", "shop", "listing", bite="replay-only")
def trader_admitted(case: Case) -> Iterator[Refusal]:
    """The trader is admitted by the newest decision on it.

    The newest decision in (`admission`, trader) refuses, or there is none [it]; the trader is
    `trader` of a shop, for a listing that of (`shop`, `shop`) (*Shops and measures*).
    """
    match case.body:
        case Shop(trader=trader):
            pass
        case Listing(shop=shop):
            found = open_shop(case.view, shop)
            if found is None or not isinstance(found.body, Shop):
                return
            trader = found.body.trader
        case _:
            return
    decision = newest_admission(case.view, trader)
    if not is_admitted(decision):
        word = saying("was refused") if decision is not None else saying("was never admitted")
        cites = () if decision is None else (decision.index,)
        yield Refusal(
            "trader-not-admitted",
            saying("{trader} {word}: admission comes first", trader=trader, word=word),
            cites,
        )


@rule("shop-barred", "shop", bite="replay-only")
def shop_not_barred(case: Case) -> Iterator[Refusal]:
    """No shop opens for a trader all of whose shops are closed, or with whom cooperation has ended.

    Not asked of a correction. Each measure in force in (`sanction`, `trader`) (*Shops and
    measures*) of step close-shop or end-cooperation without `shops` [it].
    """
    body = case.body
    if not isinstance(body, Shop) or case.corrects is not None:
        return
    for item, measure in sanctions_in_force(case.view, str(body.trader), case.now_us):
        if STEPS.index(measure.step) >= STEPS.index("close-shop") and not measure.shops:
            why = saying(
                "{step} of {trader} is in force (entry {index})",
                step=measure.step,
                trader=body.trader,
                index=item.index,
            )
            yield Refusal("shop-barred", why, (item.index,))


@rule("admission-barred", "admission", bite="replay-only")
def admission_not_barred(case: Case) -> Iterator[Refusal]:
    """A trader with whom cooperation has ended is admitted again only when that sanction is lifted.

    Of `admitted`: each measure in force in (`sanction`, `sub`) (*Shops and measures*) of step
    end-cooperation [it].
    """
    if not isinstance(case.body, Admission) or case.body.decision != "admitted":
        return
    for item, measure in sanctions_in_force(case.view, case.statement.subject, case.now_us):
        if measure.step == "end-cooperation":
            why = saying(
                "the end of cooperation is in force (entry {index}): lift it first",
                index=item.index,
            )
            yield Refusal("admission-barred", why, (item.index,))


@rule("shop-unknown", "listing")
def shop_known(case: Case) -> Iterator[Refusal]:
    """The shop of a listing stands.

    No shop stands in (`shop`, `shop`) (*Shops and measures*).
    """
    if isinstance(case.body, Listing) and open_shop(case.view, case.body.shop) is None:
        yield Refusal(
            "shop-unknown",
            saying(
                "{shop} is not open: the platform registers the shop first", shop=case.body.shop
            ),
        )


@rule("listing-issuer", "listing")
def listing_by_the_shop(case: Case) -> Iterator[Refusal]:
    """A listing is issued by the shop's trader or the operator.

    `iss` is neither the trader of (`shop`, `shop`) (*Shops and measures*) nor the operator, by
    (`log`, origin) [the shop].
    """
    if not isinstance(case.body, Listing):
        return
    found = open_shop(case.view, case.body.shop)
    if found is None or not isinstance(found.body, Shop):
        return
    if case.statement.issuer not in (found.body.trader, operator_of(case)):
        why = saying(
            "{shop} is the shop of {trader}", shop=case.body.shop, trader=found.body.trader
        )
        yield Refusal("listing-issuer", why, (found.index,))


@rule("listing-category", "listing", bite="replay-only")
def listing_repeats_category(case: Case) -> Iterator[Refusal]:
    """A listing repeats the category of its product.

    One claim holds (`product`, `sub`) (*Who holds a name*), with another category than `category`.
    """
    if not isinstance(case.body, Listing):
        return
    category = category_of(case.view, case.statement.subject)
    if category is not None and category != case.body.category:
        yield Refusal(
            "listing-category",
            saying(
                "{category}: the product is {category_2}",
                category=case.body.category,
                category_2=category,
            ),
        )


def bars(item: Sanction, shop: str, product: str, at_us: int) -> bool:
    """Return whether a sanction keeps a product from going on sale in a shop of its trader.

    From delisting on: what names neither shops nor products nor lots bars all.
    """
    if STEPS.index(item.step) < STEPS.index("delist") or not item.covers(at_us):
        return False
    if item.shops or item.products:
        return shop in item.shops or product in item.products
    return not item.lots


@rule("listing-barred", "listing", bite="replay-only")
def listing_not_barred(case: Case) -> Iterator[Refusal]:
    """No sanction in force, from delisting on, keeps the product or the shop from selling.

    Each measure in force in (`sanction`, trader) of the trader of (`shop`, `shop`) (*Shops and
    measures*), from delist on, that names neither shops, products nor lots; or with shops or
    products, this `shop` or `sub` among them [it].
    """
    body, product = case.body, case.statement.subject
    if not isinstance(body, Listing):
        return
    shop = open_shop(case.view, body.shop)
    if shop is None or not isinstance(shop.body, Shop):
        return
    for item, measure in sanctions_in_force(case.view, str(shop.body.trader), case.now_us):
        if bars(measure, body.shop, product, case.now_us):
            why = saying(
                "{step} of {trader} is in force (entry {index})",
                step=measure.step,
                trader=shop.body.trader,
                index=item.index,
            )
            yield Refusal("listing-barred", why, (item.index,))


@rule("listing-may-sell", "listing", bite="replay-only")
def listing_may_be_sold(case: Case) -> Iterator[Refusal]:
    """The shop's trader may sell the product, in this type of shop, in every territory listed.

    The trader of (`shop`, `shop`) (*Shops and measures*). The product is contested; held by one
    claim (*Who holds a name*): in each of `territories` the trader may not act for its brand, at
    the point `sub`, its category, that territory, the shop, its channel and type, T and N both now
    (*A chain of grants*). One refusal for all territories of the same reasons, `reasons` those there.
    """
    body, product = case.body, case.statement.subject
    if not isinstance(body, Listing):
        return
    shop = open_shop(case.view, body.shop)
    if shop is None or not isinstance(shop.body, Shop):
        return
    claims = products(case.view, product)
    if len(claims) != 1:
        if claims:
            yield Refusal(
                "listing-may-sell",
                saying("{product}: claims that contradict each other stand", product=product),
            )
        return
    barred: list[tuple[list[str], tuple[Failure, ...]]] = []
    for territory in body.territories:
        point = Point(
            product=product,
            category=claims[0].category,
            at_us=case.now_us,
            newest_us=case.now_us,
            territory=territory,
            channel=channel_of(body.shop),
            shop_type=shop.body.shop_type,
            shop=body.shop,
        )
        found = may_act(case.view, claims[0].brand, shop.body.trader, point)
        alike = next((where for where, failures in barred if failures == found.failures), None)
        if alike is not None:
            alike.append(territory)
        elif not found.granted:
            barred.append(([territory], found.failures))
    for where, failures in barred:
        why = saying(
            "{trader} may not sell it in {where}", trader=shop.body.trader, where=", ".join(where)
        )
        yield resting("listing-may-sell", why, failures)
