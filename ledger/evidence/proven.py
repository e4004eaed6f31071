"""Statements and histories that carry their own proof: what evidence and fraud proofs hold.

Every statement has its audit path in the tree of one checkpoint; every history its complete
list of entries and the proof that the index of the checkpoint's seal has exactly these.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, TypeVar

import msgspec

from ledger.errors import (
    AdmissionError,
    CannotVerifyError,
    MalformedError,
    ProofError,
    VerificationError,
)
from ledger.histories.history import Entry, verify_history
from ledger.histories.views import EntryList, MemoryView
from ledger.primitives import ijson
from ledger.primitives.strict import parse_base64
from ledger.questions.book import MALFORMED
from ledger.rules.state import MICROSECONDS
from ledger.statements.catalogue import InvalidBody, decode_body, histories_of
from ledger.statements.envelope import SignedStatement, Topic, parse_statement
from ledger.statements.fault_words import fault
from ledger.statements.log_family import Seal
from ledger.texts import saying, sentence_of
from ledger.tlog.checkpoint import Checkpoint, open_checkpoint
from ledger.tlog.merkle import leaf_hash, verify_consistency, verify_inclusion
from ledger.tlog.note import Note, VerifierKey, parse_note

FIRST_SEAL = 1  # behind genesis
SKEW_S = 600  # how far clocks, and a request for a cosignature under way, may differ
MAX_LATER = 64  # checkpoints beside a bundle's own: one for each cosigner at most
MAX_FILE_SIZE = 64 * 1024 * 1024  # a hundred thousand statements

Size = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
Index = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every part of a file has in common: no field but its own."""


class ProvenHistory(Part, frozen=True):
    """A history's complete list of leaf indices and its index proof."""

    topic: str
    subject: str
    entries: tuple[Index, ...]
    proof: str


class ProvenStatement(Part, frozen=True):
    """A leaf at its index with its audit path in the checkpoint's tree."""

    index: Index
    bytes: str
    path: tuple[str, ...]


class Consistency(Part, frozen=True):
    """A proof that the checkpoint extends an older one of this size and root."""

    size: Size
    root: str
    path: tuple[str, ...]


class Later(Part, frozen=True):
    """A later checkpoint with its cosignatures, and the path that shows it to extend another."""

    checkpoint: str
    path: tuple[str, ...]


P = TypeVar("P", bound=Part)


def encode_file(part: Part) -> bytes:
    """Return the one spelling of a file: compact JSON, fields in order, one newline."""
    return ijson.encode(msgspec.to_builtins(part, enc_hook=str)) + b"\n"


def decode_value(raw: bytes, what: str) -> object:
    """Return a file's JSON value.

    Raises:
        MalformedError: too large, or no JSON; ``what`` says of what.

    """
    if len(raw) > MAX_FILE_SIZE:
        raise MalformedError(
            "{what}: more than {max_file_size} bytes", what=what, max_file_size=MAX_FILE_SIZE
        )
    try:
        return ijson.decode(raw, limit=MAX_FILE_SIZE)
    except MalformedError as error:
        raise MalformedError("{what}: {why}", what=what, why=error) from error


def decode_file(raw: bytes, kind: type[P], what: str) -> P:
    """Return a file's content; its bytes must be the canonical ones.

    Raises:
        MalformedError: too large, no JSON, other fields, or another spelling.

    """
    try:
        found = msgspec.convert(decode_value(raw, what), kind)
    except msgspec.ValidationError as error:
        raise MalformedError("{what}: {why}", what=what, why=fault(error)) from error
    if encode_file(found) != raw:
        raise MalformedError(
            "{what}: not in its canonical spelling (compact JSON, fields in order)", what=what
        )
    return found


def check_order(
    histories: Sequence[ProvenHistory], statements: Sequence[ProvenStatement], what: str
) -> None:
    """Refuse what is listed twice, or not in order: histories by name, statements by index.

    Raises:
        MalformedError: says which.

    """
    names = [(item.topic, item.subject) for item in histories]
    indices = [item.index for item in statements]
    if names != sorted(set(names)) or indices != sorted(set(indices)):
        raise MalformedError(
            "{what}: histories or statements listed twice, or out of order", what=what
        )


def check_consistency(proof: Consistency, checkpoint: Checkpoint) -> None:
    """Check that a checkpoint's tree begins with the older one that the proof names.

    Raises:
        ProofError: it is not shown.

    """
    verify_consistency(
        old=proof.size,
        size=checkpoint.size,
        old_root=parse_base64(proof.root),
        root=checkpoint.root,
        proof=[parse_base64(part) for part in proof.path],
    )


def open_later(later: Sequence[Later], checkpoint: Checkpoint, log_key: VerifierKey) -> list[Note]:
    """Return later checkpoints' notes, each signed by the log and an extension of one.

    Raises:
        MalformedError: more than there can be cosigners, out of order, or no checkpoint.
        VerificationError: one is not signed by the log, or does not extend it.

    """
    notes: list[Note] = []
    size = checkpoint.size
    if len(later) > MAX_LATER:
        raise MalformedError("bundle: more than {max_later} later checkpoints", max_later=MAX_LATER)
    for item in later:
        note = parse_note(item.checkpoint)
        found = open_checkpoint(note, log_key)
        if found.size <= size:
            raise MalformedError(
                "bundle: the later checkpoint of size {size} stands behind size {size_2}",
                size=found.size,
                size_2=size,
            )
        size = found.size
        verify_consistency(
            old=checkpoint.size,
            size=found.size,
            old_root=checkpoint.root,
            root=found.root,
            proof=[parse_base64(part) for part in item.path],
        )
        notes.append(note)
    return notes


@dataclass(slots=True)
class Opened:
    """Statements, every one of them proven to be in the checkpoint's tree.

    ``unread``: those whose payload this release cannot read.
    """

    checkpoint: Checkpoint
    entries: dict[int, Entry]
    unread: dict[int, InvalidBody]
    seals: list[tuple[int, Seal]]

    def registered_us(self, index: int) -> int:
        """Return an entry's registration time by the seal behind it.

        Raises:
            ProofError: that seal is not among the statements.

        """
        return self._seal_behind(index)[1].time_us

    def seal_index(self, index: int) -> int:
        """Return the index of the seal behind an entry.

        Raises:
            ProofError: that seal is not among the statements.

        """
        return self._seal_behind(index)[0]

    def _seal_behind(self, index: int) -> tuple[int, Seal]:
        at = bisect_left(self.seals, index, key=lambda item: item[0])
        if at < len(self.seals):
            seal_index, seal = self.seals[at]
            after = -1 if seal.previous is None else seal.previous.index
            if after < index <= seal_index:
                return seal_index, seal
        raise ProofError(
            "entry {index}: the bundle does not hold the seal that registered it", index=index
        )

    def seal_before(self, size: int, what: str) -> Seal:
        """Return the seal that a checkpoint of this size comes right after.

        Raises:
            ProofError: the statement there is none, or is not among these.

        """
        entry = self.entries.get(size - 1)
        if entry is None or not isinstance(entry.body, Seal):
            raise ProofError(
                "{what} {size}: the entry before it is not shown to be a seal", what=what, size=size
            )
        return entry.body

    def check_readable(self, accused: int | None = None) -> None:
        """Refuse what no rule of this release admits, but for that of ``accused``.

        Raises:
            AdmissionError: names the first.

        """
        for index, body in sorted(self.unread.items()):
            if index != accused:
                raise AdmissionError(index, (body.rule,), f"{body.rule}: {body.message}")


def is_backdated(seal_us: int, seen_s: int) -> bool:
    """Return whether a seal is dated before a checkpoint without it was seen.

    Args:
        seal_us: the seal's time, in microseconds.
        seen_s: when a smaller checkpoint was cosigned, in seconds.

    """
    return seal_us < (seen_s - SKEW_S) * MICROSECONDS


def statement_in(item: ProvenStatement) -> SignedStatement:
    """Return a statement as it was signed, nothing of it verified."""
    return parse_statement(parse_base64(item.bytes))


def id_in(item: ProvenStatement) -> bytes | None:
    """Return the id of a statement, whatever else it carries; None where the bytes are none."""
    try:
        return statement_in(item).id
    except MalformedError:
        return None


def open_leaf(leaf: bytes) -> SignedStatement:
    """Return the statement that a leaf of a tree is: byte for byte, its unprotected header empty.

    Raises:
        MalformedError: it is none.

    """
    statement = parse_statement(leaf)
    if statement.leaf != leaf:
        raise MalformedError("its unprotected header is not empty")
    return statement


def open_statement(
    item: ProvenStatement, checkpoint: Checkpoint
) -> Entry | tuple[int, InvalidBody]:
    """Return a statement proven to be in a checkpoint's tree; what cannot be read says why.

    Raises:
        ProofError: it is not shown to be there.

    """
    leaf = parse_base64(item.bytes)
    verify_inclusion(
        index=item.index,
        size=checkpoint.size,
        leaf=leaf_hash(leaf),
        path=[parse_base64(part) for part in item.path],
        root=checkpoint.root,
    )
    try:
        statement = open_leaf(leaf)
    except MalformedError as error:
        return item.index, InvalidBody(MALFORMED, sentence_of(error))
    body = decode_body(statement)
    if isinstance(body, InvalidBody):
        return item.index, body
    return Entry(item.index, statement, body)


def open_statements(statements: Sequence[ProvenStatement], checkpoint: Checkpoint) -> Opened:
    """Return statements (by index), each proven to be in the checkpoint's tree; seals agree.

    Raises:
        ProofError: one is not shown to be there.
        VerificationError: one stands at two places, or a seal contradicts its place or another.

    """
    entries: dict[int, Entry] = {}
    unread: dict[int, InvalidBody] = {}
    ids: dict[bytes, int] = {}
    for item in statements:
        found = open_statement(item, checkpoint)
        id_ = id_in(item)
        if id_ in ids:
            raise VerificationError(
                "entry {index} is the statement of entry {ids}, registered again",
                index=item.index,
                ids=ids[id_],
            )
        if id_ is not None:
            ids[id_] = item.index
        if isinstance(found, Entry):
            entries[found.index] = found
        else:
            unread[found[0]] = found[1]
    sealing = [entry for entry in entries.values() if isinstance(entry.body, Seal)]
    faults = [seal_fault(entry) for entry in sealing]
    faults += [seal_fault(later, earlier) for earlier, later in pairwise(sealing)]
    for wrong in faults:
        if wrong is not None:
            raise VerificationError(wrong)
    seals = [(e.index, e.body) for e in sealing if isinstance(e.body, Seal)]
    return Opened(checkpoint, entries, unread, seals)


def seal_fault(later: Entry, earlier: Entry | None = None) -> str | None:
    """Return what a seal says falsely of its place, or of an earlier seal of the same log.

    None: nothing that these two show.
    """
    seal, index = later.body, later.index
    assert isinstance(seal, Seal)  # noqa: S101 - callers asked for seals
    previous = seal.previous
    after = -1 if previous is None else previous.index
    faults = [
        (seal.size != index, saying("a seal of size {size}", size=seal.size)),
        (
            later.statement.issued_at != seal.time_us // MICROSECONDS,
            saying("a seal whose time is not the one it was signed at"),
        ),
        (
            (previous is None) != (index == FIRST_SEAL) or after >= index,
            saying("a seal that names no earlier one as the seal before it"),
        ),
    ]
    if earlier is not None:
        assert isinstance(earlier.body, Seal)  # noqa: S101
        at = earlier.index
        other = previous is not None and previous.id != earlier.statement.id.hex()
        faults += [
            (
                seal.time_us <= earlier.body.time_us,
                saying("a seal no later than the one at entry {at}", at=at),
            ),
            (after < at, saying("a seal that passes over the one at entry {at}", at=at)),
            (after == at and other, saying("a seal that names another one as entry {at}", at=at)),
        ]
    found = next((says for wrong, says in faults if wrong), None)
    return None if found is None else saying("entry {index}: {why}", index=index, why=found)


class ProvenView(MemoryView):
    """Only what is proven can be read."""

    def __init__(self, opened: Opened, index_root: bytes) -> None:
        """Read among statements, and hold their histories against an index root."""
        super().__init__(opened.registered_us)
        self._opened = opened
        self._root = index_root
        self._proven: dict[Topic, frozenset[int]] = {}

    def prove(self, item: ProvenHistory) -> None:
        """Take a history in, if it is the complete one.

        Raises:
            ProofError: an entry is missing, is a stranger's, or the proof is another's.
            VerificationError, CannotVerifyError: an entry of it cannot be read.

        """
        topic = (item.topic, item.subject)
        what = f"history ({item.topic}, {item.subject})"
        leaves = []
        for index in item.entries:
            entry = self._entry(index, what, item.topic)
            if topic not in histories_of(entry.statement, entry.body):
                raise ProofError(
                    "{what}: entry {index} does not belong to it", what=what, index=index
                )
            leaves.append((index, entry.statement.leaf_hash))
        verify_history(
            root=self._root,
            topic=item.topic,
            subject=item.subject,
            leaves=leaves,
            proof=parse_base64(item.proof),
        )
        self._proven[topic] = frozenset(item.entries)
        for index in item.entries:
            self.add(self._opened.entries[index], [topic])

    def _entry(self, index: int, what: str, topic: str) -> Entry:
        entry = self._opened.entries.get(index)
        if entry is not None:
            return entry
        unread = self._opened.unread.get(index)
        if unread is None:
            raise ProofError("{what}: entry {index} is not in the bundle", what=what, index=index)
        msg = saying("entry {index}: {why}", index=index, why=unread.message)
        if topic == "log" and unread.rule == "type-unknown":
            # Only this history says by which rules the others are to be read.
            raise CannotVerifyError(msg)
        raise VerificationError(msg)

    def check_nothing_left_out(self) -> None:
        """Refuse a proven history without an entry that is here and belongs to it.

        Raises:
            VerificationError: the index itself is shown to be false.

        """
        for index, entry in self._opened.entries.items():
            for topic in histories_of(entry.statement, entry.body):
                if topic in self._proven and index not in self._proven[topic]:
                    raise VerificationError(
                        "entry {index} belongs to the history {topic} and the index leaves it out",
                        index=index,
                        topic=topic,
                    )

    def history(self, topic: str, subject: str) -> EntryList:
        """Return a proven history.

        Raises:
            ProofError: it is not proven.

        """
        if (topic, subject) not in self._proven:
            raise ProofError(
                "the bundle does not prove the history ({topic}, {subject}) that the answer needs",
                topic=topic,
                subject=subject,
            )
        return super().history(topic, subject)


def topics_of(histories: Iterable[ProvenHistory]) -> set[Topic]:
    """Return the (topic, subject) pairs of proven histories."""
    return {(item.topic, item.subject) for item in histories}
