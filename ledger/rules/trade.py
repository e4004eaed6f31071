"""Rules for trading: admission, shops, listings, sanctions, complaints."""

from collections.abc import Iterator

from ledger.history import View
from ledger.identifiers import PERSON_PREFIX, channel_of
from ledger.rules.chains import Point, authority, category_of
from ledger.rules.common import operator_of
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import Standing, standing, standing_in
from ledger.rules.state import log_state
from ledger.statements.brand_family import Product
from ledger.statements.sanction_family import STEPS, Complaint, Sanction
from ledger.statements.trade_family import Admission, Listing, Shop


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


@rule("trader-not-admitted", "shop", "listing")
def trader_admitted(case: Case) -> Iterator[Refusal]:
    """The trader is admitted by the newest decision on it."""
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
        word = "was refused" if decision is not None else "was never admitted"
        cites = () if decision is None else (decision.index,)
        yield Refusal("trader-not-admitted", f"{trader} {word}: admission comes first", cites)


@rule("shop-taken", "shop")
def shop_new(case: Case) -> Iterator[Refusal]:
    """A shop's id is not that of a shop that stands."""
    found = open_shop(case.view, case.statement.subject)
    if found is not None and found.id != case.corrects:
        why = f"{case.statement.subject} stands as entry {found.index}: end it first"
        yield Refusal("shop-taken", why, (found.index,))


@rule("shop-unknown", "listing")
def shop_known(case: Case) -> Iterator[Refusal]:
    """The shop of a listing stands."""
    if isinstance(case.body, Listing) and open_shop(case.view, case.body.shop) is None:
        yield Refusal("shop-unknown", f"{case.body.shop} is not open: register the shop first")


@rule("listing-issuer", "listing")
def listing_by_the_shop(case: Case) -> Iterator[Refusal]:
    """A listing is issued by the shop's trader or the operator."""
    if not isinstance(case.body, Listing):
        return
    found = open_shop(case.view, case.body.shop)
    if found is None or not isinstance(found.body, Shop):
        return
    if case.statement.issuer not in (found.body.trader, operator_of(case)):
        why = f"{case.body.shop} is the shop of {found.body.trader}"
        yield Refusal("listing-issuer", why, (found.index,))


@rule("listing-category", "listing")
def listing_repeats_category(case: Case) -> Iterator[Refusal]:
    """A listing repeats the category of its product."""
    if not isinstance(case.body, Listing):
        return
    category = category_of(case.view, case.statement.subject)
    if category is not None and category != case.body.category:
        yield Refusal("listing-category", f"{case.body.category}: the product is {category}")


@rule("listing-may-sell", "listing", bite="replay-only")
def listing_may_be_sold(case: Case) -> Iterator[Refusal]:
    """The shop's trader may sell the product, in this type of shop, in every territory listed."""
    body, product = case.body, case.statement.subject
    if not isinstance(body, Listing):
        return
    shop = open_shop(case.view, body.shop)
    if shop is None or not isinstance(shop.body, Shop):
        return
    claims = [
        item.body
        for item in standing_in(case.view, "product", product)
        if isinstance(item.body, Product)
    ]
    if len({claim.brand for claim in claims}) != 1:
        if claims:
            yield Refusal("listing-may-sell", f"{product}: claims for several brands stand")
        return
    for territory in body.territories:
        point = Point(
            product=product,
            category=body.category,
            at_us=case.now_us,
            newest_us=case.now_us,
            territory=territory,
            channel=channel_of(body.shop),
            shop_type=shop.body.shop_type,
        )
        found = authority(case.view, claims[0].brand, shop.body.trader, point)
        if not found.granted:
            codes = ", ".join(dict.fromkeys(item.code for item in found.failures))
            entries = tuple(dict.fromkeys(i for item in found.failures for i in item.entries))
            why = f"{shop.body.trader} may not sell it in {territory}: {codes}"
            yield Refusal("listing-may-sell", why, entries)


@rule("sanction-step", "sanction")
def sanction_step_by_step(case: Case) -> Iterator[Refusal]:
    """A sanction is at most one step above those before it, unless on a ground of severity."""
    body = case.body
    if not isinstance(body, Sanction) or body.severity_ground == "critical":
        return
    reached = max(
        (
            STEPS.index(item.body.step)
            for item in case.view.fold(standing, "sanction", case.statement.subject).values()
            if isinstance(item.body, Sanction)
        ),
        default=-1,
    )
    if STEPS.index(body.step) > reached + 1:
        why = f"{body.step}: {STEPS[reached + 1]} comes first, or a ground of severity"
        yield Refusal("sanction-step", why)


@rule("sanction-scope", "sanction")
def sanction_hits_its_own(case: Case) -> Iterator[Refusal]:
    """A sanction's shops are the trader's."""
    body = case.body
    if not isinstance(body, Sanction):
        return
    for shop in body.shops:
        found = open_shop(case.view, shop)
        if (
            found is None
            or not isinstance(found.body, Shop)
            or (found.body.trader != case.statement.subject)
        ):
            yield Refusal("sanction-scope", f"{shop} is no shop of {case.statement.subject}")


@rule("sanction-rules", "sanction")
def sanction_rules_in_force(case: Case) -> Iterator[Refusal]:
    """A sanction names a version of the rules that is or was in force."""
    if not isinstance(case.body, Sanction):
        return
    newest = log_state(case.view, case.origin).rules_version
    if not 1 <= case.body.rules_version <= newest:
        yield Refusal("sanction-rules", f"version {case.body.rules_version}: {newest} is in force")


@rule("complaint-pseudonym", "complaint")
def complaint_under_pseudonym(case: Case) -> Iterator[Refusal]:
    """A consumer complains under a pseudonym."""
    body = case.body
    if isinstance(body, Complaint) and not body.complainant.startswith(PERSON_PREFIX):
        yield Refusal("complaint-pseudonym", f"{body.complainant}: use {PERSON_PREFIX}<32 hex>")
