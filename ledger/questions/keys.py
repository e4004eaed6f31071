"""What puts a statement at risk: its key was in doubt when it was registered, or was reset."""

from collections.abc import Iterator

from ledger.histories.history import View
from ledger.rules.chains import Failure
from ledger.rules.codes import SINCE
from ledger.rules.standing import Standing
from ledger.rules.state import key_state
from ledger.statements.fields import format_time_us


def key_risks(view: View, item: Standing) -> Iterator[Failure]:
    """Yield that a statement's key was suspected at its registration, that the operator reset it."""
    key = key_state(view, item.entry.statement.kid)
    if key is None:
        return
    issuer: dict[str, str | int] = {"issuer": item.issuer}
    suspected_us = key.suspected_since_us
    if (
        suspected_us is not None
        and key.suspected is not None
        and view.registered_us(item.index) >= suspected_us
    ):
        facts = issuer | {SINCE: format_time_us(suspected_us)}
        yield Failure("key-suspected", (item.index, key.suspected), facts)
    if key.bound_by == "reset":
        yield Failure("key-reset", (item.index, key.introduced), issuer)
