"""One range of entries, checked alone: what a worker process does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.cose.keys import EDDSA, PublicKey
from ledger.cose.receipt import BatchClaims
from ledger.cose.sign1 import signed_bytes
from ledger.errors import (
    AuditError,
    CheckpointError,
    MalformedError,
    PinyuanError,
    SignatureError,
)
from ledger.evidence.proven import open_leaf
from ledger.files.reader import EntryRange, LedgerReader, SignedSize
from ledger.histories.history import Entry, history_key
from ledger.histories.terms import terms_of
from ledger.rules.state import bindings_of
from ledger.statements.catalogue import InvalidBody, read_payload
from ledger.statements.envelope import SignedStatement
from ledger.statements.log_family import Genesis
from ledger.texts import saying
from ledger.tlog.checkpoint import open_checkpoint
from ledger.tlog.note import parse_note, parse_vkey

RawKey = tuple[int, bytes, bytes]


@dataclass(slots=True)
class Checked:
    """A range as a worker leaves it: compact, in order, up to the first error in it."""

    start: int
    leaf_hashes: list[bytes] = field(default_factory=list)
    ids: list[bytes] = field(default_factory=list)
    claims: dict[str, Sequence[Any]] = field(default_factory=dict)
    histories: list[bytes] = field(default_factory=list)
    """Per entry, its history keys joined."""
    ours: list[tuple[int, bytes]] = field(default_factory=list)
    """Native statements that the merge reads: (index, leaf)."""
    unresolved: list[tuple[int, bytes]] = field(default_factory=list)
    """Statements whose key was not known yet where they were checked."""
    error: AuditError | None = None


def _check_statement(
    checked: Checked,
    index: int,
    leaf: bytes,
    keys: dict[bytes, PublicKey],
    terms: set[bytes] | None,
) -> None:
    """Parse one entry, verify its signature if its key is known, note what the merge needs.

    ``terms``: what the reader's search index holds of it, None if it does not hold it.
    """
    statement = open_leaf(leaf)
    body, topics = read_payload(statement)
    if isinstance(body, InvalidBody):
        raise AuditError(saying("entry {index}", index=index), "payload", body.message)
    if body is not None:
        checked.ours.append((index, leaf))
    if isinstance(body, Genesis):
        introduce(Entry(index, statement, body), keys)
    key = keys.get(statement.kid)
    if key is None:
        checked.unresolved.append((index, leaf))
    else:
        verify_signature(statement, key, index)
    if body is not None and not isinstance(body, Genesis):
        introduce(Entry(index, statement, body), keys)
    if terms is not None and terms != terms_of(statement, body):
        raise AuditError(
            saying("entry {index}", index=index),
            "search.term",
            saying("not the terms that follow from the entry"),
        )
    checked.leaf_hashes.append(statement.leaf_hash)
    checked.ids.append(statement.id)
    checked.histories.append(b"".join([history_key(*topic) for topic in topics]))


def introduce(entry: Entry, keys: dict[bytes, PublicKey]) -> None:
    """Add the keys a statement introduces."""
    for binding in bindings_of(entry):
        key = binding.public_key()
        keys[key.kid] = key


def verify_signature(statement: SignedStatement, key: PublicKey, index: int) -> None:
    """Check one entry's signature.

    Raises:
        AuditError: another algorithm than the key's, or it does not verify.

    """
    if key.alg != statement.alg:
        raise AuditError(
            saying("entry {index}", index=index), "alg", saying("not the algorithm of its key")
        )
    try:
        statement.verify(key)
    except SignatureError as error:
        raise AuditError(saying("entry {index}", index=index), "signature", error) from error


def check_range(reader: LedgerReader, start: int, stop: int, known: list[RawKey]) -> Checked:
    """Check what can be checked of entries [start, stop) alone."""
    checked = Checked(start)
    keys = {key.kid: key for key in (PublicKey(*raw) for raw in known)}
    index = start
    try:
        found: EntryRange = reader.entries(start, stop)
        checked.claims = found.claims
        if len(found.leaves) != stop - start:
            missing = start + len(found.leaves)
            raise AuditError(
                saying("entry {missing}", missing=missing), "leaf", saying("it is missing")
            )
        terms = reader.terms(start, stop)
        for index, leaf in enumerate(found.leaves, start):
            _check_statement(checked, index, leaf, keys, terms.get(index))
    except MalformedError as error:
        checked.error = AuditError(saying("entry {index}", index=index), "leaf", error)
    except AuditError as error:
        checked.error = error
    return checked


_worker_reader: LedgerReader | PinyuanError | None = None


def open_worker(reopen: Callable[[Any], LedgerReader], source: Any) -> None:
    """Open the ledger in a worker process."""
    global _worker_reader  # noqa: PLW0603 - one reader for each worker process
    try:
        _worker_reader = reopen(source)
    except PinyuanError as error:
        _worker_reader = error  # raised by the first range: an initializer's error names nothing


def work(start: int, stop: int, known: list[RawKey]) -> Checked:
    """Check a range of the ledger that this worker opened."""
    if isinstance(_worker_reader, PinyuanError):
        raise _worker_reader
    assert _worker_reader is not None  # noqa: S101 - set by the initializer
    return check_range(_worker_reader, start, stop, known)


def check_signed(vkey: str, kid: bytes, items: list[tuple[SignedSize, int]]) -> AuditError | None:
    """Verify checkpoints and their receipt signatures; return what is wrong with the first."""
    key = parse_vkey(vkey)
    for item, time_us in items:
        where = saying("checkpoint {size}", size=item.size)
        try:
            note = parse_note(item.note)
            found = open_checkpoint(note, key)
            if found.size != item.size:
                return AuditError(where, "note", saying("it is of size {size}", size=found.size))
            claims = BatchClaims(kid, key.name, item.size, time_us // 1_000_000)
        except (MalformedError, SignatureError, CheckpointError) as error:
            return AuditError(where, "note", error)
        try:
            PublicKey(EDDSA, key.key).verify(
                signed_bytes(claims.protected(), found.root), item.receipt_signature
            )
        except SignatureError as error:
            return AuditError(where, "receipt_signature", error)
    return None
