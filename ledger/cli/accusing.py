"""Accusing: where a check finds a fraud, a proof of it for somebody else is written."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.cli.common import note, write_file
from ledger.errors import (
    AdmissionError,
    AuditError,
    CannotVerifyError,
    CheckpointError,
    MalformedError,
    VerificationError,
)
from ledger.texts import saying

if TYPE_CHECKING:
    from ledger.evidence.fraud import Fraud
    from ledger.files.reader import LedgerReader
    from ledger.tlog.note import Note, VerifierKey
    from ledger.tlog.trust import TrustPolicy


@contextlib.contextmanager
def accusing(
    fraud: Path | None,
    trust: "TrustPolicy | None",
    find: "Callable[[VerificationError], Fraud | None]",
) -> Iterator[None]:
    """Write a proof of what turned out to be false, where there is one, and go on failing."""
    try:
        yield
    except VerificationError as error:
        if fraud is not None:
            raw = _fraud_proof(error, trust, find)
            if raw is None:
                note(
                    saying(
                        "{fraud}: not written: nothing here shows it to somebody else", fraud=fraud
                    )
                )
            else:
                write_file(fraud, raw)
                note(saying("{fraud}: a proof of it for others", fraud=fraud))
        raise


def _fraud_proof(
    error: VerificationError,
    trust: "TrustPolicy | None",
    find: "Callable[[VerificationError], Fraud | None]",
) -> bytes | None:
    """Return a fraud proof's bytes if one is found and proves it to whoever has this trust file."""
    from ledger.evidence.fraud import encode_fraud, verify_fraud

    try:
        found = find(error)
        if found is None:
            return None
        raw = encode_fraud(found)
        if trust is not None:
            verify_fraud(raw, trust)
    except (MalformedError, VerificationError, CannotVerifyError):
        return None
    return raw


def bundle_fraud(
    error: VerificationError, raw: bytes, seen: "Note | None", export: Path | None
) -> "Fraud | None":
    """Return a proof of the operator's fraud that made a bundle fail."""
    from ledger.evidence.bundle import decode_bundle
    from ledger.evidence.fraud import prove_duplicate, prove_fork, prove_rule
    from ledger.evidence.seal_fraud import prove_backdated

    bundle = decode_bundle(raw)
    if isinstance(error, AdmissionError):
        return prove_rule(bundle, error.index)
    if isinstance(error, CheckpointError) and seen is not None:
        return prove_fork(str(seen), bundle.checkpoint, bundle.consistency)
    if export is not None:
        from ledger.answering.fraud_finder import WholeLedger, find_fork, find_index_fraud
        from ledger.files.archive import DirectoryReader

        ledger = WholeLedger(DirectoryReader(export))
        found = find_fork(ledger, bundle.checkpoint) or find_index_fraud(ledger, bundle)
        if found is not None:
            return found
    return prove_duplicate(bundle) or prove_backdated(bundle, () if seen is None else (seen,))


def audit_fraud(
    reader: "LedgerReader", error: VerificationError, log_key: "VerifierKey | None"
) -> "Fraud | None":
    """Return a proof of what an audit found."""
    from ledger.answering.accuser import accuse

    return accuse(reader, error, (), log_key) if isinstance(error, AuditError) else None
