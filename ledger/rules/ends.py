"""When papers and grants end: of themselves, or by another entry; a grant may say when a revocation takes effect."""

from dataclasses import dataclass

from ledger.histories.history import Entry, View
from ledger.rules.standing import Standing
from ledger.statements.brand_family import Authorisation, revokes_for_cause
from ledger.statements.fields import PeriodBody


@dataclass(frozen=True, slots=True)
class End:
    """What ended a paper or grant, by ``entry``.

    ``notice_us``: when that takes effect by the grant's own terms, in microseconds since 1970; None
    where it does by its place in the log.
    """

    entry: Entry
    notice_us: int | None = None


def end_of(view: View, item: Standing) -> End | None:
    """Return what ended a paper or grant, None where nothing did.

    A grant says itself when a revocation takes effect that is not for cause: so many days later, and
    not before a time. One for cause is not held up.
    """
    if not item.ends:
        return None
    body, first = item.body, item.ends[0]
    if not isinstance(body, Authorisation) or not body.has_terms or revokes_for_cause(first.body):
        return End(first)
    told = [(body.revoked_us(view.registered_us(first.index)), first)]
    # The second is for cause: it takes effect when it is registered, if that is sooner.
    told += [(view.registered_us(entry.index), entry) for entry in item.ends[1:2]]
    notice_us, entry = min(told, key=lambda one: one[0])
    return End(entry, notice_us)


def notice_us(view: View, item: Standing) -> int | None:
    """Return when a revocation takes effect by a grant's own terms; None where none does so."""
    end = end_of(view, item)
    return None if end is None else end.notice_us


def until_us(view: View, item: Standing) -> int | None:
    """Return when a paper or grant ends, of itself or by its own terms because it was revoked; None for never."""
    body = item.body
    own_us = body.until.us if isinstance(body, PeriodBody) and body.until is not None else None
    ends = (own_us, notice_us(view, item))
    return min((time_us for time_us in ends if time_us is not None), default=None)


def over_by(view: View, item: Standing, at_us: int) -> bool:
    """Return whether what is to begin at a time finds a paper or grant ended; now, or by its terms then."""
    told_us = notice_us(view, item)
    return item.ended is not None and (told_us is None or told_us <= at_us)
