"""What puts a statement at risk: its key was in doubt when it was registered, or hangs on the operator."""

from collections.abc import Iterator

from ledger.histories.history import Entry, View
from ledger.primitives.instant import format_us
from ledger.rules.chains import Failure
from ledger.rules.codes import SINCE
from ledger.rules.standing import Standing
from ledger.rules.state import KeyState, doubt_of, is_reset, key_state


def lineage(view: View, kid: bytes) -> Iterator[KeyState]:
    """Yield a key, the key of its owner that introduced it, and so on up to the first.

    Who holds the first of them holds all: what is to be known of it is to be known of each.
    """
    seen: set[bytes] = set()
    key = key_state(view, kid)
    while key is not None and key.key.kid not in seen:
        yield key
        if key.bound_by != "owner":
            return
        seen.add(key.key.kid)
        key = key_state(view, key.introduced_by)


def key_suspicion(view: View, entry: Entry) -> Iterator[Failure]:
    """Yield that a statement's key was suspected at its registration."""
    doubt = doubt_of(view, entry.statement.kid, entry.index)
    if doubt is not None:
        facts: dict[str, str | int] = {"issuer": entry.statement.issuer, "by": doubt.by}
        facts[SINCE] = format_us(doubt.since_us)
        yield Failure("key-suspected", (entry.index, doubt.entry), facts)


def said_in(view: View, item: Standing) -> Iterator[Entry]:
    """Yield the entries by whose keys a statement says what it says: its own, and corrections.

    Of these the newest, and each before it as long as what follows is in doubt, which may count
    for nothing. Who says it again with a sound key has said all of it.
    """
    yield item.entry
    for entry, _ in reversed(item.corrections):
        yield entry
        if doubt_of(view, entry.statement.kid, entry.index) is None:
            return


def suspicions(view: View, item: Standing) -> Iterator[Failure]:
    """Yield that a key by which a statement says what it says was suspected when it signed that."""
    for entry in said_in(view, item):
        yield from key_suspicion(view, entry)


def entry_risks(view: View, entry: Entry) -> Iterator[Failure]:
    """Yield what is to be known of an entry's key: suspected, reset by the operator, unproven."""
    yield from key_suspicion(view, entry)
    for key in lineage(view, entry.statement.kid):
        entries = (entry.index, key.introduced)
        if is_reset(view, key):
            yield Failure("key-reset", entries, {"issuer": entry.statement.issuer})
        if not key.possession:
            yield Failure("possession-unproven", entries, {"issuer": entry.statement.issuer})


def key_risks(view: View, item: Standing) -> Iterator[Failure]:
    """Yield what is to be known of the keys by which a statement says what it says."""
    for entry in said_in(view, item):
        yield from entry_risks(view, entry)
