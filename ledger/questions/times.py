"""Questions about time: what had begun, what had ended, since when."""

from dataclasses import replace

from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.codes import SINCE
from ledger.statements.fields import format_time_us

ENDED_BY_ENTRY = ("grant-revoked", "trademark-withdrawn", "paper-withdrawn", "sanction-lifted")
"""Reasons whose second entry is the statement that ended the first."""


def registered_by(asked: Asked, index: int) -> bool:
    """Return whether an entry was registered at the time asked about.

    The newest seal covers all that is known; only a question about the past needs older ones.
    """
    at_us = asked.valid_at_us
    return at_us >= asked.newest_us or asked.view.registered_us(index) <= at_us


def since(asked: Asked, index: int) -> str:
    """Return when an entry was registered."""
    return format_time_us(asked.view.registered_us(index))


def dated(asked: Asked, failure: Failure) -> Failure:
    """Return a reason that also says since when, where another entry ended what it rests on."""
    if failure.code not in ENDED_BY_ENTRY or len(failure.entries) < 2:  # noqa: PLR2004 - the ended and its end
        return failure
    return replace(failure, facts={**failure.facts, SINCE: since(asked, failure.entries[1])})
