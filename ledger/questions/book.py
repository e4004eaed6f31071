"""The whole rule book: importing it registers every rule.

Most rules stand below the questions; those for labels ask some of them, so the book that binds
them all stands here.
"""

from typing import Final

from ledger.questions import label_rules, listing_rules
from ledger.rules import (
    appeals,
    brands,
    checklists,
    citations,
    claim_rules,
    common,
    draw_results,
    draws,
    events,
    goods,
    identity,
    improvements,
    laboratories,
    log,
    loosening,
    lot_sizes,
    market,
    movements,
    objections,
    observer_group,
    observers,
    often,
    papers,
    picks,
    quality,
    report_parts,
    report_results,
    reviewed,
    sampling,
    sanctions,
    standards,
    trade,
    units,
)
from ledger.rules.registry import REGISTRY, Case, Refusal, Rule, review

FAMILIES = (
    common, identity, log, citations, loosening, papers, brands, claim_rules, goods, sampling, lot_sizes, movements, units,
    standards, laboratories, report_results, report_parts, objections,
    trade, reviewed, sanctions, appeals, market, improvements, observer_group, observers, checklists, quality, draws, draw_results, picks, often, events, label_rules, listing_rules,
)  # fmt: skip

REGISTRY.arrange([family.__name__ for family in FAMILIES])

MALFORMED: Final = "malformed"
MALFORMED_SENTENCE = "The bytes are a COSE_Sign1 in the documented form, at most 65,535 of them."
MALFORMED_STEPS = "As under Signed statement. What breaks it is asked nothing else."


__all__ = ["REGISTRY", "Case", "Refusal", "Rule", "review"]
