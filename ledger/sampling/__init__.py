"""Acceptance sampling by attributes after GB/T 2828.1-2012 (= ISO 2859-1:1999), single sampling.

Pure: numbers in, plans and severities out. What was inspected, and when, is the ledger's.
"""

from ledger.sampling.switching import (
    DISCONTINUED_AT,
    SCORE_NEEDED,
    START,
    STREAK,
    WINDOW,
    Outcome,
    Stage,
    State,
    outcome_of,
    step,
    switched,
)
from ledger.sampling.tables import (
    AQLS,
    LEVELS,
    MAX_LOT_SIZE,
    PER_HUNDRED,
    SEVERITIES,
    Aql,
    Level,
    Plan,
    Severity,
    cell,
    code_letter,
    plan_for,
    printed,
)

__all__ = [
    "AQLS",
    "DISCONTINUED_AT",
    "LEVELS",
    "MAX_LOT_SIZE",
    "PER_HUNDRED",
    "SCORE_NEEDED",
    "SEVERITIES",
    "START",
    "STREAK",
    "WINDOW",
    "Aql",
    "Level",
    "Outcome",
    "Plan",
    "Severity",
    "Stage",
    "State",
    "cell",
    "code_letter",
    "outcome_of",
    "plan_for",
    "printed",
    "step",
    "switched",
]
