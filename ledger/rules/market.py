"""Rules for what comes back from the market: figures of a time that is over, each time once."""

from collections.abc import Iterator

from ledger.rules.registry import Case, Refusal, rule
from ledger.rules.standing import standing_of
from ledger.rules.state import MICROSECONDS
from ledger.statements.market_family import Feedback
from ledger.texts import saying


@rule("feedback-over", "feedback")
def figures_of_a_time_that_is_over(case: Case) -> Iterator[Refusal]:
    """What was sold and came back is said of a time that is over.

    `until` is later than `iat`.
    """
    body = case.body
    if isinstance(body, Feedback) and body.until.us > case.statement.issued_at * MICROSECONDS:
        yield Refusal(
            "feedback-over",
            saying("until {until} is later than its own signature", until=body.until),
        )


@rule("feedback-overlap", "feedback")
def each_time_is_counted_once(case: Case) -> Iterator[Refusal]:
    """No two statements say what was sold and came back of a product at the same time.

    Each `feedback` that stands in (`market`, `sub`), but what is corrected, whose time from `from`
    until `until` has a moment in common with this one's [it].
    """
    body = case.body
    if not isinstance(body, Feedback):
        return
    for item in standing_of(case.view, "market", case.statement.subject, Feedback):
        other = item.body
        if not isinstance(other, Feedback) or item.id == case.corrects:
            continue
        if other.from_.us < body.until.us and body.from_.us < other.until.us:
            why = saying(
                "entry {index} counts from {from_} until {until}: say what it leaves out, or correct it",
                index=item.index,
                from_=other.from_,
                until=other.until,
            )
            yield Refusal("feedback-overlap", why, (item.index,))
