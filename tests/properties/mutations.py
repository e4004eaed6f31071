"""What a property must notice when it is left out: rules, and mechanisms of the questions."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import reduce
from importlib import import_module
from typing import Any
from unittest.mock import patch

from ledger.identifiers import product_of
from ledger.questions import lots as walking
from ledger.questions.book import REGISTRY
from ledger.questions.measures import measure
from ledger.questions.open import Opened
from ledger.rules import lot_open
from ledger.rules.adverse import Adverse
from ledger.rules.claims import holding, products
from ledger.rules.concerns import deals_in
from ledger.rules.found import RANK
from ledger.rules.lots import lots_of
from ledger.rules.standing import standing_of
from ledger.statements.inspection_family import plans_of
from ledger.statements.origin_family import Lot


@dataclass(frozen=True)
class Mutation:
    """What is left out, and which property breaks without it.

    ``rules``: rules that let everything in, the one of its name where nothing is said.
    ``instead``: "module.name" or "module:Class.name" -> what stands there instead.
    """

    name: str
    property: str
    rules: tuple[str, ...] = ()
    instead: Mapping[str, Any] = field(default_factory=dict)


def silenced(item: Mutation) -> tuple[str, ...]:
    """Return the rules that are left out."""
    return item.rules or (() if item.instead else (item.name,))


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
    # Order.
    Mutation(
        "worst-of-lot", "I10", (), {"ledger.rules.outcomes:Outcome.rank": property(lambda _: 0)}
    ),
)
"""What random worlds find out, each left out in turn."""


TOLD: Mapping[str, str] = {
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
    "lot-size": "rules/scenarios/sampling.py",
    "recall-size": "rules/scenarios/goods.py",
    "standard-kind": "rules/scenarios/standards.py",
    "report-property": "rules/scenarios/laboratories.py",
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
        for place, instead in {} if item is None else item.instead.items():
            left_out.enter_context(_replaced(place, instead))
        yield


@contextmanager
def _silenced(name: str) -> Iterator[None]:
    rule = REGISTRY.rules[name]
    REGISTRY.rules[name] = replace(rule, check=lambda _: iter(()))
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
