"""Questions about time: what had begun, what had ended, since when."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ledger.primitives.instant import format_us, parse_us
from ledger.questions.verdict import Asked
from ledger.rules.chains import Failure
from ledger.rules.codes import SINCE
from ledger.rules.common import NATIVE_AGE_S
from ledger.rules.state import MICROSECONDS, Signed

ENDED_BY_ENTRY = (
    "grant-revoked", "trademark-withdrawn", "paper-withdrawn", "sanction-lifted", "label-withdrawn",
)  # fmt: skip
"""Reasons whose second entry is the statement that ended the first."""


def registered_by(asked: Asked, index: int) -> bool:
    """Return whether an entry was registered at the time asked about.

    The newest seal covers all that is known; only a question about the past needs older ones.
    """
    at_us = asked.valid_at_us
    return at_us >= asked.newest_us or asked.view.registered_us(index) <= at_us


def in_time(asked: Asked, said: Signed, due_us: int) -> bool:
    """Return whether something was told by a time: signed, and on record by then.

    A signature may be dated back, so its signer does not say alone. The seal is read only where it may be late.
    """
    if said > due_us:
        return False
    latest_us = said + NATIVE_AGE_S * MICROSECONDS
    return latest_us <= due_us or asked.view.registered_us(said.index) <= due_us


def since(asked: Asked, index: int) -> str:
    """Return when an entry was registered."""
    return format_us(asked.view.registered_us(index))


def began_us(asked: Asked, item: Failure) -> int | None:
    """Return since when a reason stands: as its facts say, else when its last entry was registered.

    None for one that rests on no entry: a score or an absence has no date of its own.
    """
    for name in (SINCE, "until"):
        if name in item.facts:
            return parse_us(str(item.facts[name]))
    return asked.view.registered_us(max(item.entries)) if item.entries else None


def lasting_since(
    asked: Asked, index: int, reasons: Sequence[Failure], needed: Iterable[int]
) -> str | None:
    """Return since when a state lasts, at least; None where no reason for it has a date.

    Args:
        asked: the inquiry.
        index: the entry whose state it is; it lasts no longer.
        reasons: why it does not hold: the oldest that has a date counts; none if it holds.
        needed: the entries without which it would not hold: the newest counts.

    """
    times = [asked.view.registered_us(index)]
    if reasons:
        dates = [us for item in reasons if (us := began_us(asked, item)) is not None]
        if not dates:
            return None
        times.append(min(dates))
    else:
        times += [asked.view.registered_us(item) for item in needed]
    return format_us(max(times))


def dated(asked: Asked, failure: Failure) -> Failure:
    """Return a reason that also says since when, where another entry ended what it rests on."""
    if failure.code not in ENDED_BY_ENTRY or len(failure.entries) < 2 or SINCE in failure.facts:  # noqa: PLR2004 - the ended and its end
        return failure
    return replace(failure, facts={**failure.facts, SINCE: since(asked, failure.entries[1])})
