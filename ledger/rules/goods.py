"""Rules for places and goods: facilities, audits, lots, recalls, samples, inspections."""

from collections.abc import Iterable, Iterator, Mapping

from ledger.histories.history import View
from ledger.identifiers import about_topic, product_of
from ledger.rules.authority import authority
from ledger.rules.brand_rights import brand_standing
from ledger.rules.brands import proposed
from ledger.rules.chains import Point
from ledger.rules.claims import claims_of, holding, products
from ledger.rules.common import operator_of
from ledger.rules.lots import said_to_be_of
from ledger.rules.offices import by_office
from ledger.rules.parties import owners, owners_ever
from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.samples import never_sealed
from ledger.rules.standing import Standing, standing
from ledger.rules.state import MICROSECONDS, fold_party
from ledger.rules.ties import ties
from ledger.sampling import PER_HUNDRED
from ledger.statements.fields import Body, Citation, Time
from ledger.statements.improvement_family import ImprovementVerified
from ledger.statements.inspection_family import Custody, Inspection, SampleSealed, plans_of
from ledger.statements.laboratory_family import RetestReport, TestReport
from ledger.statements.movement_family import Movement
from ledger.statements.observer_family import Visit
from ledger.statements.origin_family import Lot, OriginAudit
from ledger.statements.recall_family import ProductRecall, Recall
from ledger.statements.trade_family import Listing
from ledger.statements.words import ISSUERS
from ledger.texts import saying
from ledger.texts.joints import Parts

WAREHOUSE_MODES = ("inbound", "patrol")
RECALLED_BESIDE = 100
"""So many lots one calls back at once that are its own, of another's brand: who asks about the
product reads them all."""


DONE: Mapping[type[Body], str] = {
    OriginAudit: "on",
    Inspection: "on",
    SampleSealed: "taken",
    Custody: "at",
    TestReport: "issued",
    RetestReport: "issued",
    ImprovementVerified: "on",
    Visit: "arrived",
    Lot: "made",
    Movement: "at",
}
"""The field that says when what a statement reports was done."""


def done_at(case: Case) -> tuple[str, Time] | None:
    """Return when what a statement reports was done, with the name of the field that says so."""
    name = DONE.get(type(case.body))  # type: ignore[arg-type]  # a body that cannot be read has none
    return None if name is None else (name, getattr(case.body, name))


@rule(
    "done-ahead",
    "origin-audit",
    "lot",
    "inspection",
    "sample-sealed",
    "custody",
    "test-report",
    "retest-report",
    "improvement-verified",
    "visit",
    "movement",
)
def done_before_signed(case: Case) -> Iterator[Refusal]:
    """What was made, moved, taken, audited, inspected, reported, verified or visited was so before it is signed.

    `on`, `taken`, `at`, `issued`, `arrived` or, of a lot, `made` is later than `iat`.
    """
    found = done_at(case)
    if found is not None and found[1].us > case.statement.issued_at * MICROSECONDS:
        yield Refusal(
            "done-ahead",
            saying(
                "{found} {found_2} is later than its own signature",
                found=found[0],
                found_2=found[1],
            ),
        )


@rule(
    "facility-unknown",
    "lot",
    "origin-audit",
    "inspection",
    "visit",
    "movement",
    bite="replay-only",
)
def facility_known(case: Case) -> Iterator[Refusal]:
    """The facility it names is registered.

    Nobody holds the name (*Who holds a name*) of the place: `facility` of a lot or an inspection,
    `sub` of an audit, `about` of a visit to a place; each of `place` and `to_place` of a movement.
    """
    for facility in _places(case):
        if not owners(case.view, facility):
            yield Refusal(
                "facility-unknown",
                saying("{facility} is not registered: use facility first", facility=facility),
            )


def _places(case: Case) -> tuple[str, ...]:
    """Return the places that a statement names, and that must be known."""
    match case.body:
        case Lot(facility=facility) | Inspection(facility=str(facility)):
            return (str(facility),)
        case OriginAudit():
            return (case.statement.subject,)
        case Visit(about=about) if about_topic(about) == "facility":
            return (str(about),)
        case Movement(place=place, to_place=to_place):
            named = (place, to_place)
            return tuple(dict.fromkeys(str(one) for one in named if isinstance(one, str)))
        case _:
            return ()


@rule("audit-tied", "origin-audit")
def auditor_independent(case: Case) -> Iterator[Refusal]:
    """An origin is audited by nobody tied to who ever was its owner, nor with such a person.

    Each whose (`facility`, `sub`) ever was (*Whose it is*): tied to `iss`, and to each other of
    `team`, at `on` or `iat` (*Ties*) [the last that says so, the papers].
    """
    body, issuer = case.body, case.statement.issuer
    if not isinstance(body, OriginAudit):
        return
    times = (body.on.us, case.signed_us)
    for owner, claimed in owners_ever(case.view, case.statement.subject).items():
        found = ties(case.view, issuer, owner, *times)
        if found is not None:
            why = saying(
                "{issuer} is tied to the owner {owner}: let somebody else audit",
                issuer=issuer,
                owner=owner,
            )
            yield Refusal("audit-tied", why, (*claimed[-1:], *found))
        for member in body.team:
            near = None if member == issuer else ties(case.view, member, owner, *times)
            if near is not None:
                why = saying(
                    "{member} of the team is tied to the owner {owner}: send somebody else",
                    member=member,
                    owner=owner,
                )
                yield Refusal("audit-tied", why, (*claimed[-1:], *near))


@rule("product-unknown", "lot", "listing", bite="replay-only")
def product_known(case: Case) -> Iterator[Refusal]:
    """The product it is of is registered.

    Nobody holds the name (*Who holds a name*) of the product: `sub` of a listing, that of the lot
    `sub`.
    """
    match case.body:
        case Lot():
            product = product_of(case.statement.subject)
        case Listing():
            product = case.statement.subject
        case _:
            return
    if not products(case.view, product):
        yield Refusal(
            "product-unknown",
            saying("{product} is not registered: use product first", product=product),
        )


@rule("lot-right", "lot", bite="replay-only")
def lot_registered_by_right(case: Case) -> Iterator[Refusal]:
    """A lot is registered by its brand's right-holder, or under a live grant that covers the product.

    Somebody holds the name of its product (*Who holds a name*), and for none of these claims may
    `iss` act for its brand for the product and the claim's category, T and N both `iat` (*A chain
    of grants*).
    """
    if not isinstance(case.body, Lot):
        return
    issuer, product = case.statement.issuer, product_of(case.statement.subject)
    at_us = case.statement.issued_at * MICROSECONDS
    stated = products(case.view, product, reserved=True)
    if stated and not any(
        authority(
            case.view, claim.brand, issuer, Point(product, claim.category, at_us, at_us)
        ).granted
        for claim in stated
    ):
        why = saying(
            "{issuer} neither holds the brand of {product} nor a live grant that covers it",
            issuer=issuer,
            product=product,
        )
        yield Refusal("lot-right", why)


@rule("lot-cycle", "lot", bite="replay-only")
def lot_made_of_others(case: Case) -> Iterator[Refusal]:
    """A lot is not made of itself, nor of a lot that is made of it.

    `sub` is among `inputs` and what these were made of, to any depth: by `inputs` of every `lot` in
    (`lot`, each), whatever became of it, but of whom a decision rejects (*Who holds a name*, 3);
    `max-ancestors` lots at most, those named last first [the first found that says so].
    """
    if not isinstance(case.body, Lot):
        return
    lot = case.statement.subject
    if lot in case.body.inputs:
        yield Refusal("lot-cycle", saying("{lot} would be made of itself", lot=lot))
        return
    found = said_to_be_of(case.view, lot, case.body.inputs)
    if found is not None:
        why = saying(
            "{lot} would be made of itself: {issuer} says that {other} is made of it (entry {index}); "
            "where that is not so let an office decide on that claim",
            lot=lot,
            issuer=found.issuer,
            other=found.subject,
            index=found.index,
        )
        yield Refusal("lot-cycle", why, (found.index,))


@rule("inspection-mode", "inspection")
def inspection_mode_fits(case: Case) -> Iterator[Refusal]:
    """A warehouse inspects inbound and on patrol, an inspector by flight and mystery.

    (`identity`, `iss`) has not the role warehouse (inbound, patrol), inspector (flight, mystery).
    """
    body, issuer = case.body, case.statement.issuer
    if not isinstance(body, Inspection):
        return
    role = "warehouse" if body.mode in WAREHOUSE_MODES else "inspector"
    party = case.view.fold(fold_party, "identity", issuer)
    if party is None or role not in party.roles:
        yield Refusal(
            "inspection-mode",
            saying(
                "an inspection of this mode ({mode}) is signed by {role}, which {issuer} is not",
                mode=body.mode,
                role=ISSUERS[role],
                issuer=issuer,
            ),
        )


@rule("inspection-counts", "inspection")
def inspection_counts_fit(case: Case) -> Iterator[Refusal]:
    """No more are found nonconforming than were sampled; a lot is accepted where each plan's Ac accepts it.

    Each plan (*Plans of an inspection*): more nonconforming than sampled, at an AQL of at most 10;
    or it says another decision than follows. With `plans`: `decision` is not refused where refused
    follows for one of them, else accepted.
    """
    body = case.body
    if not isinstance(body, Inspection):
        return
    for plan in plans_of(body):
        if plan.nonconforming > plan.sample_size and plan.aql not in PER_HUNDRED:
            why = saying(
                "{nonconforming} nonconforming of {sample_size} sampled",
                nonconforming=plan.nonconforming,
                sample_size=plan.sample_size,
            )
            yield Refusal("inspection-counts", why)
        if plan.said not in (None, plan.follows):
            why = saying(
                "{nonconforming} nonconforming with Ac {accept}: {follows}",
                nonconforming=plan.nonconforming,
                accept=plan.accept,
                follows=plan.follows,
            )
            yield Refusal("inspection-counts", why)
    follows = "refused" if any(p.follows == "refused" for p in plans_of(body)) else "accepted"
    if body.plans and body.decision != follows:
        why = saying(
            "decision: {follows}, a lot is accepted if every plan accepts it", follows=follows
        )
        yield Refusal("inspection-counts", why)


def custodian(view: View, sample: str) -> Standing | None:
    """Return the newest link of a sample's custody: its issuer has it. None for a new sample."""
    links = [
        item
        for item in view.fold(standing, "sample", sample).values()
        if isinstance(item.body, SampleSealed | Custody)
    ]
    return links[-1] if links else None


@rule("sample-inspection", "sample-sealed")
def sample_of_the_lot_inspected(case: Case) -> Iterator[Refusal]:
    """An inspection that a sample cites is of the sample's lot.

    `inspection.subject` is not `lot`.
    """
    body = case.body
    if (
        isinstance(body, SampleSealed)
        and isinstance(body.inspection, Citation)
        and str(body.inspection.subject) != body.lot
    ):
        why = saying(
            "the inspection is of {subject!r}, the sample of {lot}",
            subject=body.inspection.subject,
            lot=body.lot,
        )
        yield Refusal("sample-inspection", why)


@rule("custody-sequence", "custody")
def custody_unbroken(case: Case) -> Iterator[Refusal]:
    """Custody follows from who had the sample last, link by link, for the same lot, not back in time.

    The last link (`sample-sealed`, `custody`) in (`sample`, `sub`): there is none [those that stand in
    (`inspection`, `lot`) of a sample near it]; or each: `previous` is not its id, `handed_by` not its issuer, `lot` not its lot; `at` is before its
    `taken` or `at` [it].
    """
    body = case.body
    if not isinstance(body, Custody):
        return
    found = custodian(case.view, case.statement.subject)
    if found is None:
        yield from never_sealed(
            case.view, "custody-sequence", case.statement.subject, str(body.lot)
        )
        return
    before = found.body
    assert isinstance(before, SampleSealed | Custody)  # noqa: S101 - custodian looks for them
    for name, told, there in (
        ("previous", body.previous, found.id),
        ("handed_by", body.handed_by, found.issuer),
        ("lot", body.lot, before.lot),
    ):
        if told != there:
            why = saying("{name}: {told}, expected {there}", name=name, told=told, there=there)
            yield Refusal("custody-sequence", why, (found.index,))
    since = before.taken if isinstance(before, SampleSealed) else before.at
    if body.at < since:
        why = saying(
            "at: {at}, when {issuer} had it from {since} on",
            at=body.at,
            issuer=found.issuer,
            since=since,
        )
        yield Refusal("custody-sequence", why, (found.index,))


@rule("custody-named", "custody")
def custody_by_who_is_named(case: Case) -> Iterator[Refusal]:
    """A sample is taken over by whom its holder named, or by the holder itself, to name others.

    The last link in (`sample`, `sub`), as in `custody-sequence`, is of another than `iss`, and has
    not `iss` in `to` [it].
    """
    body, issuer = case.body, case.statement.issuer
    found = custodian(case.view, case.statement.subject) if isinstance(body, Custody) else None
    if found is None or found.issuer == issuer:
        return
    assert isinstance(found.body, SampleSealed | Custody)  # noqa: S101 - custodian looks for them
    if issuer not in found.body.to:
        named = (
            saying("and named {parties}", parties=Parts(found.body.to))
            if found.body.to
            else saying("and named nobody to take it over")
        )
        why = saying(
            "{holder} has it {named}: it has to sign a custody whose to names {issuer}, then {issuer} can sign this one",
            holder=found.issuer,
            named=named,
            issuer=issuer,
        )
        yield Refusal("custody-named", why, (found.index,))


@rule("recall-right", "recall")
def recall_by_right(case: Case) -> Iterator[Refusal]:
    """Lots are recalled by who holds their claim, their brand's right-holder, or the operator.

    Not asked of the operator, by (`log`, origin). Each of `sub`, `other_lots`: `iss` neither holds,
    nor counts as the holder of, a mark that has not ended and covers `iat` of a brand that the
    product is held for (*A chain of grants*, T and N both `iat`; *Who holds a name*), nor is among
    who holds the lot [what these claim by].
    """
    body, issuer = case.body, case.statement.issuer
    if not isinstance(body, Recall) or issuer == operator_of(case):
        return
    lots = (case.statement.subject, *map(str, body.other_lots))
    right = _of_brands(case, lots)
    for lot in lots:
        if right[product_of(lot)]:
            continue
        stated = claims_of(holding(case.view, "lot", lot, reserved=True))
        if all(claim.maker != issuer for claim in stated):
            why = saying(
                "{issuer} neither holds the claim on {lot} nor its brand", issuer=issuer, lot=lot
            )
            yield Refusal("recall-right", why, tuple(claim.first.index for claim in stated))


@rule("product-recall-right", "product-recall")
def product_recalled_by_right(case: Case) -> Iterator[Refusal]:
    """A product's goods are recalled by its brand's right-holder, or the operator.

    Not asked of the operator, by (`log`, origin): `iss` neither holds, nor counts as the holder of, a
    mark that has not ended and covers `iat` of a brand that `sub` is held for (*A chain of grants*, T
    and N both `iat`; *Who holds a name*).
    """
    body, issuer, product = case.body, case.statement.issuer, case.statement.subject
    if not isinstance(body, ProductRecall) or issuer == operator_of(case):
        return
    if not _of_brand(case, product):
        why = saying(
            "{issuer} does not hold the brand of {product}", issuer=issuer, product=product
        )
        yield Refusal("product-recall-right", why)


@rule("product-recall-time", "product-recall")
def product_recalled_of_what_is_made(case: Case) -> Iterator[Refusal]:
    """Nothing is called back that is not made yet.

    `made_until` is after `iat`.
    """
    body = case.body
    if (
        isinstance(body, ProductRecall)
        and body.made_until.us > case.statement.issued_at * MICROSECONDS
    ):
        why = saying("made_until {until} has not come yet", until=body.made_until)
        yield Refusal("product-recall-time", why)


def _of_brand(case: Case, product: str) -> bool:
    """Return whether a statement's issuer holds the brand of a product, or counts as who does."""
    at_us = case.statement.issued_at * MICROSECONDS
    return any(
        brand_standing(case.view, claim.brand, case.statement.issuer, at_us)
        for claim in products(case.view, product, reserved=True)
    )


def _of_brands(case: Case, lots: Iterable[str]) -> dict[str, bool]:
    """Return of each product of lots whether a statement's issuer holds its brand, or counts as who does."""
    return {product: _of_brand(case, product) for product in dict.fromkeys(map(product_of, lots))}


@rule("recall-size", "recall")
def recall_of_few(case: Case) -> Iterator[Refusal]:
    """Who has neither an office nor the brand calls back no more lots at once than every answer can carry.

    `sub` and `other_lots` are more than `recalled-beside` lots; `iss` is no office, by (`identity`,
    `iss`), and of a product of these neither holds, nor counts as the holder of, a mark that has not
    ended and covers `iat` of a brand that it is held for (*A chain of grants*, T and N both `iat`;
    *Who holds a name*).
    """
    body = case.body
    if not isinstance(body, Recall):
        return
    lots = dict.fromkeys((case.statement.subject, *map(str, body.other_lots)))
    if len(lots) <= RECALLED_BESIDE or by_office(case.view, proposed(case)):
        return
    if not all(_of_brands(case, lots).values()):
        why = saying(
            "{count} lots: call back {recalled_beside} in one statement, or have the right-holder, an authority or the operator call them back",
            count=len(lots),
            recalled_beside=RECALLED_BESIDE,
        )
        yield Refusal("recall-size", why)
