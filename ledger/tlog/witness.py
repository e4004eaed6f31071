r"""C2SP tlog-witness: what goes to ``<prefix>/add-checkpoint`` and what comes back.

::

    old <size>\n
    <consistency proof hash in base64>\n     0 to 63 of them
    \n
    <checkpoint, a signed note>

Answers: 200 with cosignature lines; 409 with the size the witness stands at, as
``text/x.tlog.size``, and only with it; 422 for what contradicts the checkpoint held, by a proof
or by another root at its size; 400, 403, 404 otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import CheckpointError, MalformedError, ProofError
from ledger.primitives.strict import format_base64, parse_base64, parse_decimal
from ledger.tlog.checkpoint import Checkpoint, verify_cosignature
from ledger.tlog.merkle import EMPTY_ROOT, HASH_SIZE, verify_consistency
from ledger.tlog.note import (
    MAX_NOTE_SIZE,
    MAX_SIGNATURES,
    Note,
    NoteSignature,
    VerifierKey,
    parse_note,
)

ADD_CHECKPOINT = "/add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
MAX_PROOF = 63
MAX_REQUEST = 32 + MAX_PROOF * 45 + 1 + MAX_NOTE_SIZE
MAX_ANSWER = 16_384  # a witness answers with a line or two; a log may have a few keys
_OLD = "old "


class MovedError(Exception):
    """The witness stands at another size than the request starts from."""

    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__(f"the newest checkpoint cosigned is of size {size}")


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request: the checkpoint's note, and the proof that it extends the one of size ``old``."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def encode(self) -> bytes:
        """Return the request's body."""
        lines = [f"{_OLD}{self.old}", *map(format_base64, self.proof), "", str(self.note)]
        return "\n".join(lines).encode()


def parse_add_checkpoint(raw: bytes) -> AddCheckpoint:
    """Parse a request.

    Raises:
        MalformedError: another form, or longer than any request.

    """
    if len(raw) > MAX_REQUEST:
        raise MalformedError(
            "add-checkpoint: {count} bytes, at most {max_request}",
            count=len(raw),
            max_request=MAX_REQUEST,
        )
    try:
        head, blank, note = raw.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        raise MalformedError("add-checkpoint: not UTF-8") from error
    first, *lines = head.split("\n")
    if not blank or not first.startswith(_OLD) or len(lines) > MAX_PROOF:
        raise MalformedError(
            "add-checkpoint: not a line 'old <size>', at most {max_proof} hashes, an empty line",
            max_proof=MAX_PROOF,
        )
    proof = tuple(parse_base64(line) for line in lines)
    if any(len(item) != HASH_SIZE for item in proof):
        raise MalformedError(
            "add-checkpoint: a proof line is not of {hash_size} bytes", hash_size=HASH_SIZE
        )
    return AddCheckpoint(parse_decimal(first.removeprefix(_OLD)), proof, parse_note(note))


def check_extension(
    held: Checkpoint | None, new: Checkpoint, *, old: int, proof: Sequence[bytes]
) -> None:
    """Check that a checkpoint extends the one held, starting from it.

    Args:
        held: the newest checkpoint cosigned, None before the first.
        new: of the same log, its signature verified.
        old: the size the request starts from.
        proof: the consistency proof from there; empty from nothing, or to the same size.

    Raises:
        MalformedError: ``old`` is larger than the checkpoint.
        MovedError: ``old`` is not the size held.
        CheckpointError: the same size with another root: a split view.
        ProofError: the proof does not verify.

    """
    if old > new.size:
        raise MalformedError(
            "add-checkpoint: old size {old} is larger than the checkpoint's {size}",
            old=old,
            size=new.size,
        )
    size = 0 if held is None else held.size
    if old != size:
        raise MovedError(size)
    if held is not None and new.size == held.size and new.root != held.root:
        raise CheckpointError(
            "split view: two signed checkpoints of size {size} with different roots", size=new.size
        )
    if held is not None and held.size:
        verify_consistency(old=old, size=new.size, old_root=held.root, root=new.root, proof=proof)
    elif proof or (new.size == 0 and new.root != EMPTY_ROOT):
        raise ProofError(
            "consistency proof from 0: every tree extends the empty one, without hashes"
        )


def parse_size(raw: bytes) -> int:
    """Parse the body of a 409: a size and a newline.

    Raises:
        MalformedError: anything else.

    """
    try:
        text = raw.decode("ascii")
    except UnicodeDecodeError as error:
        raise MalformedError("size: not ASCII") from error
    if not text.endswith("\n"):
        raise MalformedError("size: no newline at the end: {text!r}", text=text[:40])
    size = parse_decimal(text[:-1])
    if size >= 1 << 63:
        raise MalformedError("size: not below 2^63")
    return size


def open_answer(raw: bytes, text: str, vkey: VerifierKey) -> tuple[NoteSignature, int]:
    """Return the cosignature of ``vkey`` in the body of a 200, and its POSIX time.

    Lines of other keys are ignored.

    Raises:
        MalformedError: not signature lines, or none by this key.
        SignatureError: it does not verify over the checkpoint's text.

    """
    try:
        lines = raw.decode()
    except UnicodeDecodeError as error:
        raise MalformedError("cosignatures: not UTF-8") from error
    note = parse_note(f"{text}\n{lines}")
    time_s = verify_cosignature(note, vkey) if note.text == text else None
    line = note.by(vkey)
    if time_s is None or line is None or len(note.signatures) > MAX_SIGNATURES:
        raise MalformedError(
            "cosignatures: none by {name}+{key_id}", name=vkey.name, key_id=vkey.key_id.hex()
        )
    return line, time_s
