r"""C2SP tlog-checkpoint and tlog-cosignature (Ed25519, ``cosignature/v1``).

A checkpoint's text is ``<origin>\n<size>\nbase64(root)\n``, and then extension lines, none of them
empty. They are signed and say nothing: a log that adds one says the same size and root. Ours
writes none.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from ledger.errors import CheckpointError, MalformedError, SignatureError
from ledger.primitives import ed25519
from ledger.primitives.strict import format_base64, parse_base64, parse_decimal
from ledger.tlog.merkle import HASH_SIZE
from ledger.tlog.note import (
    TIMESTAMP_SIZE,
    TYPE_ED25519,
    Note,
    NoteSignature,
    VerifierKey,
    decode_note,
    sign_note,
    verify_note,
)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself at one size: 0 <= size < 2**63, root of 32 bytes."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = field(default=(), compare=False)

    def text(self) -> str:
        """Return the note text."""
        lines = (self.origin, str(self.size), format_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """Parse a checkpoint's text: three lines, and whatever lines follow; none is empty."""
    *lines, end = text.split("\n")
    if len(lines) < 3 or end or not all(lines):  # noqa: PLR2004
        raise MalformedError(
            "checkpoint: not the three lines origin, size, root, or an empty line behind them"
        )
    size, root = parse_decimal(lines[1]), parse_base64(lines[2])
    if size >= 1 << 63 or len(root) != HASH_SIZE:
        raise MalformedError("checkpoint: size below 2^63 and a root of 32 bytes expected")
    return Checkpoint(lines[0], size, root, tuple(lines[3:]))


def sign_checkpoint(
    checkpoint: Checkpoint, vkey: VerifierKey, sign: Callable[[bytes], bytes]
) -> Note:
    """Return the checkpoint as a note signed by the log key."""
    text = checkpoint.text()
    return Note(text, (sign_note(text, vkey, sign),))


def open_checkpoint(note: Note, log_key: VerifierKey) -> Checkpoint:
    """Return the checkpoint of a note signed by ``log_key``, whose name is the origin.

    Raises:
        SignatureError: not signed by that key.
        CheckpointError: of another log.

    """
    verify_note(note, log_key)
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != log_key.name or log_key.type != TYPE_ED25519:
        raise CheckpointError(
            "checkpoint: origin {origin!r}, log key of {name!r}",
            origin=checkpoint.origin,
            name=log_key.name,
        )
    return checkpoint


def decode_checkpoint(raw: bytes, log_key: VerifierKey) -> tuple[Note, Checkpoint]:
    """Return the note and its checkpoint from bytes, signature verified."""
    note = decode_note(raw)
    return note, open_checkpoint(note, log_key)


def _cosigned_message(text: str, time_s: int) -> bytes:
    return f"cosignature/v1\ntime {time_s}\n{text}".encode()


def cosign(
    text: str, vkey: VerifierKey, sign: Callable[[bytes], bytes], *, time_s: int
) -> NoteSignature:
    """Return a ``cosignature/v1`` over a checkpoint's text, as of POSIX ``time_s``."""
    return NoteSignature(
        vkey.name,
        vkey.key_id,
        time_s.to_bytes(TIMESTAMP_SIZE) + sign(_cosigned_message(text, time_s)),
    )


def cosigned_times(note: Note) -> list[int]:
    """Return when a note says it was cosigned, POSIX seconds; nothing of it verified."""
    size = TIMESTAMP_SIZE + ed25519.SIGNATURE_SIZE
    own = parse_checkpoint(note.text).origin
    return [
        int.from_bytes(item.signature[:TIMESTAMP_SIZE])
        for item in note.signatures
        if item.name != own and len(item.signature) == size
    ]


def verify_cosignature(note: Note, vkey: VerifierKey) -> int | None:
    """Return the POSIX time in seconds at which ``vkey`` cosigned, None if it did not.

    Raises:
        SignatureError: a cosignature in its name does not verify.

    """
    found = note.by(vkey)
    if found is None:
        return None
    time_s = int.from_bytes(found.signature[:TIMESTAMP_SIZE])
    if len(found.signature) != TIMESTAMP_SIZE + ed25519.SIGNATURE_SIZE or time_s >= 1 << 63:
        raise MalformedError(
            "cosignature of {name}: not a time below 2^63 and 64 bytes", name=vkey.name
        )
    try:
        ed25519.verify(
            vkey.key, _cosigned_message(note.text, time_s), found.signature[TIMESTAMP_SIZE:]
        )
    except SignatureError as error:
        raise SignatureError("the cosignature of {name} does not verify", name=vkey.name) from error
    return time_s
