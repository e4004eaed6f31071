"""Accusing: the first proof that holds for others, of what an audit found or of anything beside.

An audit stops at the first thing that is wrong, which is not always what can be shown to others.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from ledger.answering.fraud_finder import (
    WholeLedger,
    find_any_backdated,
    find_backdated,
    find_cited_fork,
    find_duplicate,
    find_rule_fraud,
    find_seal_fraud,
    true_index,
)
from ledger.errors import AuditError, CannotVerifyError, MalformedError, VerificationError
from ledger.evidence.fraud import Fraud, encode_fraud, verify_fraud
from ledger.evidence.seal_fraud import Backdated
from ledger.files.reader import LedgerReader
from ledger.histories.history import Entry
from ledger.rules.state import verifier_keys
from ledger.statements.log_family import Genesis
from ledger.tlog.note import VerifierKey
from ledger.tlog.trust import TrustPolicy

T = TypeVar("T")


def _trust(ledger: WholeLedger, log_key: VerifierKey | None) -> TrustPolicy | None:
    """Return what genesis says whom to believe, under a log key or its own; None where it names none."""
    match ledger.entry(0):
        case Entry(body=Genesis(log_key=text, witnesses=witnesses)):
            keys = verifier_keys([text])
            known = {vkey.name: vkey for vkey in verifier_keys(witnesses)}
        case _:
            keys, known = (), {}
    keys = keys if log_key is None else (log_key,)
    return TrustPolicy(keys, known, {}, None) if keys else None


def accuse(
    reader: LedgerReader,
    error: AuditError,
    seen: Sequence[str] = (),
    log_key: VerifierKey | None = None,
) -> Fraud | None:
    """Return a proof for others of what an audit found in a ledger, None where it cannot be shown.

    Where what was found first is no proof to others, whatever else the ledger shows is one: who
    breaks a replay-only rule hides nothing behind it.

    ``seen``: cosigned notes that the ledger itself does not hold. ``log_key``: the one its
    checkpoints have to be signed by; without one, the key its genesis names.
    """
    try:
        ledger = WholeLedger(reader)
    except (MalformedError, VerificationError):
        return None  # bytes that are missing: nothing is included under them
    trust = _trust(ledger, log_key)
    proofs = _proofs(ledger, error, seen, trust)
    return next((item for item in proofs if trust is None or _convinces(item, trust, seen)), None)


def _convinces(fraud: Fraud, trust: TrustPolicy, seen: Sequence[str]) -> bool:
    """Return whether a proof holds for whoever trusts these keys; of what was seen, for its cosigner."""
    if isinstance(fraud, Backdated) and fraud.cosigned in seen:
        return True
    try:
        verify_fraud(encode_fraud(fraud), trust)
    except (MalformedError, VerificationError, CannotVerifyError):
        return False
    return True


def _proofs(
    ledger: WholeLedger, error: AuditError, seen: Sequence[str], trust: TrustPolicy | None
) -> Iterator[Fraud]:
    """Yield proofs: of what was found, then of anything."""
    word, _, number = error.where.partition(" ")
    if word == "entry" and number.isdecimal():
        index = int(number)
        if error.field == "id":
            yield from _found(find_duplicate, ledger, index)
        elif error.field.startswith("seal."):
            yield from _found(find_seal_fraud, ledger, index)
            yield from _found(find_backdated, ledger, index, seen)
            yield from _found(find_cited_fork, ledger, index)
        yield from _found(find_rule_fraud, ledger, index)
    known: set[bytes | None] = {None}
    for index in range(len(ledger.leaves)):
        id_ = ledger.id(index)
        if id_ is not None and id_ in known:
            yield from _found(find_duplicate, ledger, index)
        known.add(id_)
    for entry in ledger.seals(len(ledger.leaves)):
        yield from _found(find_seal_fraud, ledger, entry.index)
        yield from _found(find_cited_fork, ledger, entry.index)
    if trust is not None:
        yield from _found(find_any_backdated, ledger, trust)
    for whole in _found(true_index, ledger):
        for index in range(len(ledger.leaves)):
            yield from _found(find_rule_fraud, ledger, index, whole)


def _found(find: Callable[..., T | None], *given: Any) -> Iterator[T]:
    """Yield what a finder finds; bytes that are missing, or no statements, show it nothing."""
    with suppress(MalformedError, VerificationError):
        found = find(*given)
        if found is not None:
            yield found
