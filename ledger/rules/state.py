"""What histories say about the log, a key and a party: pure folds."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import msgspec

from ledger.cose.keys import EDDSA, PublicKey
from ledger.errors import MalformedError, VerificationError
from ledger.histories.history import Entry, Fold, View
from ledger.statements.envelope import SignedStatement
from ledger.statements.fields import UNPROVEN, KeyBinding, parse_time_us
from ledger.statements.identity_family import Key, KeyRevocation, Party, PartyUpdate
from ledger.statements.log_family import Genesis, LogEnd, Rules
from ledger.tlog.note import VerifierKey, parse_vkey

MICROSECONDS = 1_000_000


class Signed(int):
    """When something was signed, in microseconds, as its signer says, and its place in the log.

    Where it is asked who was tied, its registration counts, too: a signature may be dated back.
    """

    index: int

    @classmethod
    def of(cls, statement: SignedStatement, index: int) -> "Signed":
        """Return when a statement that is registered at an index was signed."""
        found = cls(statement.issued_at * MICROSECONDS)
        found.index = index
        return found


@dataclass(frozen=True, slots=True)
class LogState:
    """What genesis and its successors in (``log``, origin) say."""

    operator: str
    genesis_id: bytes
    genesis: Genesis
    rules_version: int
    rules_digest: str
    witnesses: frozenset[bytes]
    """Public keys of the witnesses that genesis and ``rules`` list."""
    ended: int | None = None

    @property
    def reserved_kids(self) -> frozenset[bytes]:
        """Return the thumbprints of the log key and the witnesses: no statement keys."""
        kids = reserved_kids(self.genesis.log_key, ())
        return kids | {PublicKey(EDDSA, key).kid for key in self.witnesses}


def verifier_keys(texts: Iterable[str]) -> tuple[VerifierKey, ...]:
    """Return the verifier keys that are among texts: ``log-keys`` refuses what is none."""
    found = []
    for text in texts:
        with suppress(MalformedError):
            found.append(parse_vkey(text))
    return tuple(found)


def reserved_kids(log_key: str, witnesses: Sequence[str]) -> frozenset[bytes]:
    """Return the thumbprints of verifier keys; what is no verifier key has none."""
    keys = verifier_keys((log_key, *witnesses))
    return frozenset(PublicKey(EDDSA, vkey.key).kid for vkey in keys)


def _no_log() -> LogState | None:
    return None


def _log(state: LogState | None, entries: Sequence[Entry]) -> LogState | None:
    for entry in entries:
        match entry.body:
            case Genesis() as genesis if state is None:
                state = LogState(
                    operator=entry.statement.issuer,
                    genesis_id=entry.statement.id,
                    genesis=genesis,
                    rules_version=genesis.rules.version,
                    rules_digest=genesis.rules.digest,
                    witnesses=frozenset(vkey.key for vkey in verifier_keys(genesis.witnesses)),
                )
            case Rules() as rules if state is not None:
                state = replace(
                    state,
                    rules_version=rules.rules.version,
                    rules_digest=rules.rules.digest,
                    witnesses=state.witnesses.union(
                        vkey.key for vkey in verifier_keys(rules.witnesses)
                    ),
                )
            case LogEnd() if state is not None:
                state = replace(state, ended=entry.index)
            case _:
                pass
    return state


fold_log = Fold(_no_log, _log)
"""The log's state from the history (``log``, origin)."""


def _versions(
    known: tuple[tuple[int, int], ...], entries: Sequence[Entry]
) -> tuple[tuple[int, int], ...]:
    found = (
        (entry.index, entry.body.rules.version)
        for entry in entries
        if isinstance(entry.body, Genesis | Rules)
    )
    return (*known, *found)


fold_versions: Fold[tuple[tuple[int, int], ...]] = Fold(tuple, _versions)
"""The versions of the rules from the history (``log``, origin): (entry that set it, version)."""


def rules_version_at(view: View, origin: str, time_us: int) -> int:
    """Return the version of the rules in force at a time; before the log began, its first.

    A version is in force from the batch behind the one it is registered in.
    """
    (_, version), *later = view.fold(fold_versions, "log", origin)
    for index, newer in later:
        if view.registered_us(index) >= time_us:
            break
        version = newer
    return version


def log_state(view: View, origin: str) -> LogState:
    """Return the log's state.

    Raises:
        VerificationError: the log has no genesis.

    """
    state = view.fold(fold_log, "log", origin)
    if state is None:
        raise VerificationError("the log {origin!r} has no genesis", origin=origin)
    return state


@dataclass(frozen=True, slots=True)
class KeyState:
    """One key: whose, since which index, introduced under which other key, until when."""

    owner: str
    key: PublicKey
    introduced: int
    introduced_by: bytes
    """The kid that signed its introduction; its own for the operator's first keys."""
    bound_by: str
    """Who says so: ``genesis``, ``operator`` (as the party entered), ``reset`` (the operator, later:
    see ``is_reset``) or ``owner``."""
    possession: bool
    revoked: int | None = None
    suspected: int | None = None
    """The entry that says since when it is suspected."""
    suspected_since_us: int | None = None
    suspected_by: str = ""
    """Who says so: its owner, or the operator."""


def bindings_of(entry: Entry) -> tuple[KeyBinding, ...]:
    """Return the keys a statement introduces."""
    match entry.body:
        case Genesis(keys=keys) | Party(keys=keys) | PartyUpdate(keys=keys):
            return keys
        case Key(key=key):
            return (key,)
        case _:
            return ()


def _binder(entry: Entry) -> str:
    match entry.body:
        case Genesis():
            return "genesis"
        case Key():
            return "owner"
        case PartyUpdate():
            return "reset"
        case _:
            return "operator"


def _keys(keys: dict[str, KeyState], entries: Sequence[Entry]) -> dict[str, KeyState]:
    for entry in entries:
        statement = entry.statement
        for binding in bindings_of(entry):
            key = binding.public_key()
            bound_by = _binder(entry)
            keys.setdefault(
                key.kid.hex(),
                KeyState(
                    owner=statement.issuer
                    if bound_by not in ("operator", "reset")
                    else statement.subject,
                    key=key,
                    introduced=entry.index,
                    introduced_by=statement.kid,
                    bound_by=bound_by,
                    possession=binding.possession != UNPROVEN,
                ),
            )
        body = entry.body
        if isinstance(body, KeyRevocation) and body.kid in keys:
            keys[body.kid] = _revoked(keys[body.kid], entry, body)
    return keys


fold_keys: Fold[dict[str, KeyState]] = Fold(dict, _keys, dict)
"""The keys (by hexadecimal kid) that a history introduces, with their ends."""


def _revoked(state: KeyState, entry: Entry, body: KeyRevocation) -> KeyState:
    """Return a key with a revocation applied: its first end stays, suspicion may come later."""
    if state.revoked is None:
        state = replace(state, revoked=entry.index)
    if body.suspected_since is not msgspec.UNSET:
        since_us = parse_time_us(body.suspected_since)
        if state.suspected_since_us is None or since_us < state.suspected_since_us:
            state = replace(
                state,
                suspected=entry.index,
                suspected_since_us=since_us,
                suspected_by=entry.statement.issuer,
            )
    return state


def key_state(view: View, kid: bytes) -> KeyState | None:
    """Return what the history (``key``, kid) says of a key; None if it was never introduced."""
    return view.fold(fold_keys, "key", kid.hex()).get(kid.hex())


def is_reset(view: View, state: KeyState) -> bool:
    """Return whether the operator bound a key to a party that had one: its first is no reset."""
    if state.bound_by != "reset":
        return False
    before = view.fold(fold_keys, "identity", state.owner).values()
    return any(key.introduced < state.introduced for key in before)


def ended_at(view: View, state: KeyState) -> int | None:
    """Return the index from which a key is dead, None while it lives.

    By its own revocation, or because a key above it was revoked as suspected since
    before it introduced this one.
    """
    ends = [] if state.revoked is None else [state.revoked]
    ends += [doubt.entry for doubt in _doubts_above(view, state)]
    return min(ends, default=None)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A key was in other hands, perhaps: the entry that says so, by whom, since when."""

    entry: int
    by: str
    since_us: int


def _doubt(view: View, key: KeyState, index: int) -> Doubt | None:
    """Return why what a key signed at an entry is in doubt, None if it is not."""
    since_us = key.suspected_since_us
    if key.suspected is None or since_us is None or view.registered_us(index) < since_us:
        return None
    return Doubt(key.suspected, key.suspected_by, since_us)


def _doubts_above(view: View, state: KeyState) -> Iterator[Doubt]:
    """Yield why a key is in doubt: keys above it were, when they introduced what is below them."""
    below, seen = state, {state.key.kid}
    while below.introduced_by not in seen:
        above = key_state(view, below.introduced_by)
        if above is None:
            return
        doubt = _doubt(view, above, below.introduced)
        if doubt is not None:
            yield doubt
        seen.add(above.key.kid)
        below = above


def doubt_of(view: View, kid: bytes, index: int) -> Doubt | None:
    """Return why what a key signed at an entry is in doubt, None if it is not.

    The key is suspected since before, or one above it that introduced it since then.
    """
    state = key_state(view, kid)
    if state is None:
        return None
    return _doubt(view, state, index) or next(_doubts_above(view, state), None)


@dataclass(frozen=True, slots=True)
class PartyState:
    """A party as its newest ``party`` or ``party-update`` has it."""

    roles: frozenset[str]
    uscc: str | None
    country: str = ""
    """ISO 3166 alpha-2; empty where genesis alone speaks of it."""
    operator: bool = False
    """Whether it began this log."""


def _no_party() -> PartyState | None:
    return None


def _party(state: PartyState | None, entries: Sequence[Entry]) -> PartyState | None:
    for entry in entries:
        match entry.body:
            case Party() | PartyUpdate() as body:
                number = (
                    body.uscc if isinstance(body.uscc, str) else (state.uscc if state else None)
                )
                operator = state is not None and state.operator
                state = PartyState(frozenset(body.roles), number, body.country, operator)
            case Genesis():
                state = PartyState(frozenset(), None, operator=True)
            case _:
                pass
    return state


fold_party = Fold(_no_party, _party)
"""A party's state from the history (``identity``, party)."""
