"""What a property must notice when it is left out: rules, and mechanisms of the questions."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from importlib import import_module
from typing import Any
from unittest.mock import patch

from ledger.identifiers import product_of
from ledger.questions import lots as walking
from ledger.questions.book import REGISTRY
from ledger.questions.measures import measure
from ledger.questions.open import Opened
from ledger.rules import audits, concerns, limits, lot_open, regrants
from ledger.rules.adverse import Adverse
from ledger.rules.claims import holding, products
from ledger.rules.concerns import deals_in
from ledger.rules.found import RANK
from ledger.rules.lots import lots_of
from ledger.rules.movements import all_movements
from ledger.rules.standing import standing, standing_of
from ledger.statements.inspection_family import plans_of
from ledger.statements.movement_family import Movement
from ledger.statements.origin_family import Lot


@dataclass(frozen=True)
class Mutation:
    """What is left out, and which property breaks without it.

    ``rules``: rules that let everything in, the one of its name where nothing is said.
    ``instead``: "module.name" or "module:Class.name" -> what stands there instead. ``widened``: rule
    -> the types that it is asked of beside its own.
    """

    name: str
    property: str
    rules: tuple[str, ...] = ()
    instead: Mapping[str, Any] = field(default_factory=dict)
    widened: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def silenced(item: Mutation) -> tuple[str, ...]:
    """Return the rules that are left out."""
    return item.rules or (() if item.instead or item.widened else (item.name,))


def nothing(*_: Any, **__: Any) -> Any:
    """Find nothing."""
    return iter(())


def _first_plan(body: Any) -> Any:
    return plans_of(body)[:1]


def _first_class(body: Any) -> frozenset[Any]:
    return frozenset(plan.key for plan in plans_of(body)[:1] if plan.refused)


def _registered(adverse: Any, lots: Any = Adverse.lots) -> list[str]:
    return [lot for lot in lots(adverse) if any(standing_of(adverse.at.view, "lot", lot, Lot))]


def _not_beyond(view: Any, lots: Any, *_: Any) -> Any:
    found, wanted = walking.walk(view, list(lots)), set(lots)
    looked = [lot for lot in found.looked_at if lot in wanted]
    return walking.Walk(looked, {lot: found.lots[lot] for lot in looked if lot in found.lots})


def _final(case: Any, reported: Any = lot_open._reported) -> Any:
    return (pair for pair in reported(case) if pair[1] is None)


def _everybodys(asked: Any, product: str, *_: Any) -> Any:
    return lots_of(asked.view, product)


def _deals_in(view: Any, lot: str, trader: str, at_us: int) -> bool:
    return deals_in(view, trader, product_of(lot), at_us)


def _unreserved(view: Any, topic: str, subject: str, *more: Any, **_: Any) -> Any:
    return holding(view, topic, subject, *more)


def _brands_now(view: Any, product: str) -> list[str]:
    return [str(item.brand) for item in products(view, product, reserved=True)]


def _signed_by(_: Any, said: int, due_us: int) -> bool:
    return said <= due_us


def _every(items: Any) -> list[Any]:
    return list(items)


def _all_said(view: Any, topic: str, subject: str) -> Any:
    return view.history(topic, subject).entries()


def _in_shop(shops: Any, listing: Any) -> Any:
    """Return the newest shop of that id, whosever it is."""
    own = [one for one in shops if one.subject == listing.body.shop]
    return own[-1] if own else None


def _dealt_whenever(view: Any, brand: str, trader: str) -> bool:
    """Return whether a trader ever listed goods that are of a brand now."""
    return any(
        any(True for _ in concerns._listed_by(view, trader, claim.subject))
        for claim in view.fold(standing, "products", brand).values()
    )


def _audited_as_typed(asked: Any, place: str, found: Any = audits.audits) -> Any:
    return sorted(found(asked, place), key=lambda pair: (pair[1].on.us, pair[0].index))


def _tested_as_typed(item: Any) -> tuple[int, int]:
    return item.report.body.tested_until.us, item.index


def _left_unjudged_alone(
    view: Any, report: Any, category: Any, found: Any = limits.unjudged
) -> Any:
    """Find what a report judged by nothing and misses a limit, alone."""
    unjudged = {str(one.property) for one in report.body.results if one.outcome == "not-judged"}
    return (
        note
        for note in found(view, report, category)
        if note.code == "limit-unjudged" and note.facts["property"] in unjudged
    )


def _by_anybody(view: Any, unit: str) -> dict[str, int]:
    """Return what anybody says that is in a unit."""
    said = standing_of(view, "unit", unit, Movement)
    packed = [item for item in said if item.body.unit == unit]  # type: ignore[attr-defined]
    return {str(one.lot): item.index for item in packed for one in item.body.goes(item.subject)}  # type: ignore[attr-defined]


def _of_chosen(newer: int, _: int) -> int:
    return newer


def _next_alone(brand: Any, chain: Any, root: Any, found: Any) -> Any:
    """Return a way in which only the first has to authorise the next below it."""
    way = found(brand, chain, root)
    return None if way is None else replace(way, parties=way.parties[:2])


UNLICENSED: dict[str, Any] = {"ledger.rules.claims._licensed": lambda _, __, claims: claims}
MUTATIONS: tuple[Mutation, ...] = (
    # The rule, and the questions that ask it again.
    Mutation(
        "recall-right",
        "I9",
        ("recall-right",),
        {"ledger.rules.lot_case.may_recall": lambda *_: True},
    ),
    Mutation(
        "product-recall-right",
        "I9",
        ("product-recall-right",),
        {"ledger.rules.product_recalls.ever_held_brand_of": lambda *_: True},
    ),
    Mutation(
        "movement-held",
        "I9",
        ("movement-held",),
        {"ledger.questions.forward.by_right": all_movements},
    ),
    Mutation(
        "unit-taken",
        "I9",
        ("unit-taken",),
        {"ledger.questions.where_used.lots_in": _by_anybody},
    ),
    Mutation(
        "lot-right",
        "I9",
        ("lot-right",),
        {f"ledger.rules.{room}.acted_for": lambda *_: True for room in ("claims", "lots")},
    ),
    Mutation(
        "product-right",
        "I9",
        ("product-right",),
        {"ledger.rules.claims._of_brand": lambda _, __, claims, ___: claims[0]},
    ),
    Mutation("target-issuer", "I9"),
    Mutation("improvement-cause", "I11"),
    Mutation("objection-party", "I9"),
    Mutation("listing-issuer", "I9"),
    Mutation("role", "I9"),
    Mutation("recall-lapsed", "I9", (), {"ledger.rules.lot_case.lapse": lambda *_: None}),
    # Who holds a name: a licensed number is not taken by who comes first, so each is tried alone.
    Mutation("claim-taken", "I9", ("claim-taken", "number-licensed"), UNLICENSED),
    Mutation("gs1-prefix", "I9", ("number-licensed",), UNLICENSED),
    Mutation(
        "names-in-doubt",
        "I9",
        ("number-licensed",),
        UNLICENSED | {"ledger.rules.claim_rules.holding": _unreserved},
    ),
    Mutation("custody-named", "I9"),
    Mutation(
        "own-lots",
        "I9",
        (),
        {
            f"ledger.questions.{room}.own_lots": _everybodys
            for room in ("listable", "impact", "may_sell")
        },
    ),
    Mutation(
        "lots-on-record",
        "I9",
        (),
        {  # a place counts neither where it was said afterwards nor where it is a grantee's
            "ledger.rules.outcomes._on_record": lambda *given: given[2],
            "ledger.rules.outcomes.ever_held_brand_of": lambda *_: True,
        },
    ),
    # Who leads among a lot's makers where nobody holds its product any more.
    Mutation("named-ever", "I9", (), {"ledger.rules.claims._brands_claimed": lambda *_: []}),
    Mutation("claim-decided", "I12", (), {"ledger.rules.claims._decided": lambda *given: given[3]}),
    # What an operator tries for a friend, an inspector for its firm.
    Mutation("sanction-triggers", "I9"),
    Mutation("fellow-lots", "I9", (), {"ledger.rules.concerns.its_lot": _deals_in}),
    Mutation("withdrawal-authority", "I9"),
    Mutation("trademark-authority", "I11"),
    Mutation("tied-passes", "I11", (), {"ledger.rules.outcomes:Favour.tied": nothing}),
    Mutation(
        "sanction-from-registration",
        "I11",
        (),
        {"ledger.questions.measures.begins_us": lambda asked, item: measure(asked, item).from_.us},
    ),
    # What is open, and who closes it.
    Mutation(
        "closer-untied",
        "I11",
        (),
        {
            f"ledger.rules.{room}.untied": lambda *_: True
            for room in ("lot_closings", "audits", "untied_reports")
        },
    ),
    Mutation(
        "dated-back", "I11", (), {"ledger.rules.ties._times": lambda _, __, moment: (moment,)}
    ),
    Mutation("users", "I11", (), {"ledger.rules.favour:Users.of": lambda *_: frozenset()}),
    Mutation("withdrawn-freely", "I11", (), {"ledger.rules.found.untied": lambda *_: True}),
    Mutation(
        "closer-rank",
        "I11",
        (),
        {
            f"ledger.rules.{room}.RANK": dict.fromkeys(RANK, 2)
            for room in ("lot_closings", "lot_open")
        },
    ),
    Mutation(
        "closer-classes",
        "I11",
        ("inspection-answers",),
        {
            "ledger.rules.lot_closings.plans_of": _first_plan,
            "ledger.rules.lot_closings.refused_classes": _first_class,
        },
    ),
    Mutation("suspense", "I11", (), {"ledger.rules.lot_open._reported": _final}),
    Mutation("failed-reports", "I11", (), {"ledger.rules.lot_open._reported": nothing}),
    Mutation("examined", "I11", (), {"ledger.rules.adverse:Adverse.lots": _registered}),
    Mutation("inputs", "I12", (), {"ledger.questions.trace.walk": _not_beyond}),
    Mutation(
        "place-while-made", "I12", (), {"ledger.questions.open:Places.opened": lambda *_: Opened()}
    ),
    Mutation("lot-answered", "I12", (), {"ledger.rules.lot_open.mended": lambda *_: None}),
    # Undoing.
    Mutation("supersede-loosens", "I11"),
    Mutation("restated-loosens", "I11"),
    Mutation("passed-on", "I11", (), {"ledger.rules.taken_over._passed_on": lambda *_: False}),
    Mutation("taken-over", "I11", (), {"ledger.rules.taken_over._of_one": lambda *_: False}),
    Mutation("recalled-before", "I11", (), {"ledger.rules.taken_over.brands_ever": _brands_now}),
    Mutation("went-into", "I11", (), {"ledger.rules.lot_case.went_into": lambda *_: False}),
    # A recall by the brand's own withdrawal stands in every answer, whatever the rules let in.
    Mutation(
        "error-gains", "I11", ("error-gains",), {"ledger.rules.found.untied": lambda *_: True}
    ),
    Mutation("grant-barred", "I11"),
    Mutation("undone", "I11", (), {"ledger.questions.grounds.undone": nothing}),
    Mutation("failures-unsaid", "I11", (), {"ledger.questions.grounds.failures_unsaid": nothing}),
    Mutation("said-again", "I11", (), {"ledger.questions.sale.said_again": nothing}),
    Mutation("admission-again", "I11"),
    Mutation(
        "refusal-overruled", "I11", (), {"ledger.questions.listable.overruled_notes": nothing}
    ),
    Mutation("renewal", "I12", (), {"ledger.questions.renewals.renewal_of": lambda *_: None}),
    # What a friend, an office or whoever has none bends (DECISIONS 228 to 252).
    Mutation("tied-coverage", "I11", (), {"ledger.questions.coverage._shows": lambda *_: True}),
    Mutation("lax-passes", "I11", (), {"ledger.rules.outcomes.judges_items": lambda _: True}),
    Mutation(
        "model-restated", "I11", (), {"ledger.questions.quality.otherwise_before": lambda *_: []}
    ),
    Mutation("model-forgets", "I11", (), {"ledger.rules.scoring._remembered_days": _of_chosen}),
    Mutation("in-time", "I11", (), {"ledger.questions.pledge_conduct.in_time": _signed_by}),
    Mutation("judged-early", "I11", widened={"improvement-closed": ("improvement-step",)}),
    Mutation("limit-unjudged", "I11", (), {"ledger.rules.lot_open.unjudged": nothing}),
    Mutation("limits-unjudged", "I11", (), {"ledger.questions.trace.many_unjudged": nothing}),
    Mutation(
        "tied-retest",
        "I11",
        (),
        {
            f"ledger.questions.{room}.counted_freely": lambda _, report: report
            for room in ("pledge_measures", "pledge_conduct")
        },
    ),
    Mutation("made-up-deliveries", "I11", (), {"ledger.rules.lot_sizes._by_same": lambda *_: True}),
    Mutation(
        "passes-bind",
        "I11",
        (),
        {f"ledger.rules.{room}.heard": _all_said for room in ("loosening", "taken_over")},
    ),
    Mutation("tied-acceptances", "I11", (), {"ledger.rules.series._refusals": lambda _: ()}),
    Mutation("sampling-idle", "I11", (), {"ledger.rules.series:Series.idle": lambda _: ()}),
    Mutation("report-parts", "I11", (), {"ledger.questions.reports.incomplete": nothing}),
    Mutation("fell-out", "I11", (), {"ledger.questions.draw_notes._fell_out": nothing}),
    Mutation(
        "judged-by-choice", "I11", (), {"ledger.rules.lot_open.unjudged": _left_unjudged_alone}
    ),
    Mutation("dealt-before", "I11", (), {"ledger.rules.concerns._deals_for": _dealt_whenever}),
    Mutation("other-checklist", "I11", (), {"ledger.rules.open._speaks_of": lambda *_: True}),
    Mutation("admitted-on-own", "I11", (), {"ledger.rules.reviewed._of": lambda *_: True}),
    Mutation(
        "uninvited",
        "I9",
        (),
        {
            "ledger.rules.loosening.heard": _all_said,
            "ledger.rules.taken_over.heard": _all_said,
            "ledger.rules.loosening.counting": _every,
            "ledger.rules.outcomes.counting": _every,
        },
    ),
    Mutation(
        "shop-passed-on",
        "I11",
        (),
        {
            f"ledger.{room}.listed_in": _in_shop
            for room in ("questions.on_sale", "questions.impact", "rules.subjects")
        },
    ),
    Mutation("application-call", "I9"),
    Mutation("application-once", "I9"),
    Mutation("visits-uninvited", "I9", (), {"ledger.questions.visits.is_invited": lambda _: True}),
    Mutation("rejected-inputs", "I11", (), {"ledger.rules.lots.rejected": lambda *_: False}),
    Mutation(
        "lacking",
        "I12",
        (),
        {
            f"ledger.rules.regrants.{name}": partial(_next_alone, found=getattr(regrants, name))
            for name in ("_from_below", "_from_above")
        },
    ),
    # Order.
    Mutation(
        "worst-of-moment",
        "I11",
        (),
        {"ledger.questions.conformance:Finding.order": property(_tested_as_typed)},
    ),
    Mutation("soonest-of-moment", "I11", (), {"ledger.rules.audits.audits": _audited_as_typed}),
    Mutation(
        "worst-of-lot", "I10", (), {"ledger.rules.outcomes:Outcome.rank": property(lambda _: 0)}
    ),
)
"""What random worlds find out, each left out in turn."""


TOLD: Mapping[str, str] = {
    "grant-shops": "rules/scenarios/grants.py",
    "product-recall-time": "rules/scenarios/goods.py",
    "feedback-over": "rules/scenarios/trade.py",
    "feedback-overlap": "rules/scenarios/trade.py",
    "improvement-measure": "rules/scenarios/improvement.py",
    "event-form": "rules/scenarios/events.py",
    "event-id": "rules/scenarios/events.py",
    "event-ahead": "rules/scenarios/events.py",
    "event-known": "rules/scenarios/events.py",
    "qualification-country": "rules/scenarios/papers.py",
    "error-lots": "rules/scenarios/undoing.py",
    "number-restricted": "rules/scenarios/claims.py",
    "prefix-taken": "rules/scenarios/claims.py",
    "decision-about": "rules/scenarios/claims.py",
    "decision-tied": "rules/scenarios/claims.py",
    "decision-rank": "rules/scenarios/claims.py",
    "decision-office": "rules/scenarios/claims.py",
    "appeal-tied": "rules/scenarios/claims.py",
    "becomes": "questions/scenes/claims.py",
    "appeal-party": "rules/scenarios/claims.py",
    "custody-sequence": "rules/scenarios/goods.py",
    "movement-lots": "rules/scenarios/movements.py",
    "movement-made": "rules/scenarios/movements.py",
    "movement-unit": "rules/scenarios/movements.py",
    "movement-balance": "rules/scenarios/movements.py",
    "movement-receipt": "rules/scenarios/movements.py",
    "movement-return": "rules/scenarios/movements.py",
    "unit-cycle": "rules/scenarios/movements.py",
    "unit-contents": "rules/scenarios/movements.py",
    "lot-size": "rules/scenarios/sampling.py",
    "recall-size": "rules/scenarios/goods.py",
    "standard-kind": "rules/scenarios/standards.py",
    "report-property": "rules/scenarios/laboratories.py",
    "report-part": "rules/scenarios/laboratories.py",
    "listing-open": "rules/scenarios/trade.py",
    "too-often": "rules/scenarios/often.py",
    "key-reset": "questions/scenes/grounds.py",
    "paper-by-operator": "questions/scenes/grounds.py",
    "tied-later": "questions/scenes/grounds.py",
    "most_of_one": "questions/scenes/quality.py",
    "recheck": "evidence/test_recheck_memory.py",
    "sanction-unfounded": "questions/scenes/remedies.py",
    "roster-role": "rules/scenarios/draws.py",
    "draw-key-sound": "rules/scenarios/draws.py",
    "draw-open": "rules/scenarios/draws.py",
    "programme-ready": "rules/scenarios/draws.py",
    "draw-number": "rules/scenarios/draws.py",
    "draw-time": "rules/scenarios/draws.py",
    "draw-frame": "rules/scenarios/draws.py",
    "sealed-count": "rules/scenarios/draws.py",
    "result-once": "rules/scenarios/draws.py",
    "result-late": "rules/scenarios/draws.py",
    "result-sealed": "rules/scenarios/draws.py",
    "result-drawn": "rules/scenarios/draws.py",
    "result-witnessed": "rules/scenarios/draws.py",
    "pick-drawn": "rules/scenarios/draws.py",
    "pick-early": "rules/scenarios/draws.py",
    "pick-seller": "rules/scenarios/draws.py",
    "call-own": "rules/scenarios/observers.py",
    "observer-seats": "rules/scenarios/observers.py",
    "declined-application": "rules/scenarios/observers.py",
    "declined-full": "rules/scenarios/observers.py",
    "observer-ended-from": "rules/scenarios/observers.py",
    "checklist-issuer": "rules/scenarios/observers.py",
    "checklist-version": "rules/scenarios/observers.py",
    "checklist-answered": "rules/scenarios/observers.py",
    "invitation-checklist": "rules/scenarios/observers.py",
    "invitation-pick": "rules/scenarios/observers.py",
}
"""What is about forms, or about the word of offices alone, which no property bounds: where told
stories hold it instead, under tests."""


BEFORE = frozenset(
    [
        "accreditation-tied",
        "admission-barred",
        "admission-evidence",
        "advice-grounds",
        "appeal-late",
        "appeal-twice",
        "audience",
        "audit-tied",
        "cited-absent",
        "cited-ended",
        "cited-topic",
        "cited-type",
        "closing-outcome",
        "closing-party",
        "complaint-lot",
        "complaint-pseudonym",
        "correction-type",
        "decision-appeal",
        "decision-terms",
        "done-ahead",
        "erasure-fields",
        "facility-unknown",
        "fields",
        "genesis-first",
        "genesis-quorum",
        "grant-cycle",
        "grant-dead",
        "grant-depth",
        "grant-exclusive",
        "grant-exclusive-late",
        "grant-parent",
        "grant-wider",
        "improvement-action",
        "improvement-closed",
        "improvement-due",
        "improvement-twice",
        "improvement-undone",
        "index-recomputed",
        "index-time",
        "inspection-counts",
        "inspection-mode",
        "inspection-plan",
        "inspection-severity",
        "invitation-own",
        "issued-ahead",
        "issued-too-old",
        "issuer-form",
        "issuer-not-owner",
        "key-not-live",
        "key-reserved",
        "key-taken",
        "key-unknown",
        "key-unsound",
        "label-evidence",
        "label-listable",
        "label-standard",
        "label-until",
        "last-operator-key",
        "listing-barred",
        "listing-category",
        "listing-may-sell",
        "log-ended",
        "log-keys",
        "log-succession",
        "lot-cycle",
        "model-retroactive",
        "named-unknown",
        "names",
        "number-taken",
        "objection-again",
        "objection-late",
        "objection-result",
        "observation-visit",
        "observer-application",
        "observer-period",
        "party-exists",
        "party-unknown",
        "pledge-over",
        "pledge-own",
        "possession",
        "product-unknown",
        "qualification-expired",
        "qualification-number",
        "qualification-scope",
        "report-custody",
        "report-dates",
        "report-number",
        "report-outcome",
        "report-scope",
        "report-standard",
        "report-tied",
        "report-trader",
        "retest-laboratory",
        "retest-objected",
        "revocation-target",
        "revocation-time",
        "rules-version",
        "sample-inspection",
        "sampling-switch",
        "sanction-appeal",
        "sanction-conduct",
        "sanction-final",
        "sanction-ground",
        "sanction-interim",
        "sanction-rules",
        "sanction-scope",
        "sanction-step",
        "shop-barred",
        "shop-unknown",
        "signature",
        "standard-baseline",
        "standard-below",
        "standard-category",
        "standard-order",
        "standard-weaker",
        "subject",
        "target-subjects",
        "trademark-taken",
        "trader-not-admitted",
        "type-unknown",
        "undeclared-tie",
        "uscc",
        "uscc-taken",
        "verifier-doer",
        "visit-taken",
    ]
)
"""Rules that are older than these properties: what each lets in and keeps out is told under
tests/rules/scenarios. A new one is not listed here."""


def mutation(name: str) -> Mutation:
    """Return the mutation of this name; any other rule is left out against I9."""
    known = {item.name: item for item in MUTATIONS}
    return known.get(name) or Mutation(name, "I9")


@contextmanager
def mutated(item: Mutation | None) -> Iterator[None]:
    """Leave this out."""
    with ExitStack() as left_out:
        for rule in () if item is None else silenced(item):
            left_out.enter_context(_silenced(rule))
        for rule, types in {} if item is None else item.widened.items():
            left_out.enter_context(_otherwise(rule, types=(*REGISTRY.rules[rule].types, *types)))
        for place, instead in {} if item is None else item.instead.items():
            left_out.enter_context(_replaced(place, instead))
        yield


def _silenced(name: str) -> AbstractContextManager[None]:
    return _otherwise(name, check=lambda _: iter(()))


@contextmanager
def _otherwise(name: str, **changes: Any) -> Iterator[None]:
    rule = REGISTRY.rules[name]
    REGISTRY.rules[name] = replace(rule, **changes)
    REGISTRY._by_type.clear()
    try:
        yield
    finally:
        REGISTRY.rules[name] = rule
        REGISTRY._by_type.clear()


def _replaced(place: str, instead: Callable[..., Any]) -> Any:
    path, of_class, name = place.rpartition(":")
    module, _, attribute = (path, "", "") if of_class else place.rpartition(".")
    owner: Any = import_module(module)
    if of_class:
        *within, attribute = name.split(".")
        owner = reduce(getattr, within, owner)
    return patch.object(owner, attribute, instead)
