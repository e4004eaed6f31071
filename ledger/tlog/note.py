"""C2SP signed-note: text with signatures in it, and verifier keys.

::

    <text, ends in a newline>
    <empty line>
    — <key name> base64(u32be key id || signature)

A verifier key is written ``<name>+<8 hex digits of key id>+base64(type || key)``,
key id = SHA-256(name || 0x0A || type || key)[:4].
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from ledger.errors import MalformedError, SignatureError
from ledger.primitives import ed25519
from ledger.primitives.strict import format_base64, parse_base64, parse_hex

TYPE_ED25519 = 0x01
TYPE_COSIGNATURE = 0x04  # timestamped cosignature, tlog-cosignature
MAX_NOTE_SIZE = 65_535  # exports frame notes with 16 bits
MAX_SIGNATURES = 100
TIMESTAMP_SIZE = 8

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name and a key of one signature type; equality is identity.

    Whatever ``parse_vkey`` returns is an Ed25519 key of type 01 or 04; only ``parse_any_vkey``
    returns others, which nothing here verifies with.
    """

    name: str
    type: int
    key: bytes

    @property
    def known(self) -> bool:
        """Return whether signatures of this type can be verified here."""
        return self.type in (TYPE_ED25519, TYPE_COSIGNATURE)

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that signature lines carry."""
        return sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.key).digest()[:4]

    def __str__(self) -> str:
        """Return the vkey text."""
        return f"{self.name}+{self.key_id.hex()}+{format_base64(bytes([self.type]) + self.key)}"


def check_key_name(name: str) -> None:
    """Refuse a key name that is empty or holds a space, a plus or a control character."""
    if (
        not name
        or "+" in name
        or _SURROGATE.search(name)
        or any(c.isspace() or c < " " for c in name)
    ):
        raise MalformedError(
            "not a key name (empty, or a space, '+' or control character): {name!r}",
            name=name[:100],
        )


def parse_any_vkey(text: str) -> VerifierKey:
    """Parse a verifier key of a known type, or of one that is not known here.

    Raises:
        MalformedError: another form; of a known type, a key or an id that is not its own.

    """
    parts = text.split("+", 2)
    if len(parts) != 3:  # noqa: PLR2004
        raise MalformedError("not a verifier key <name>+<id>+<key>: {text!r}", text=text[:100])
    name, text_id, key = parts
    check_key_name(name)
    key_id, raw = parse_hex(text_id, size_bytes=4), parse_base64(key)
    vkey = VerifierKey(name, raw[0] if raw else 0, raw[1:])
    if not vkey.key or (vkey.known and len(vkey.key) != ed25519.KEY_SIZE):
        raise MalformedError(
            "verifier key {name}: not a type and a key, of type 01 or 04 one of Ed25519", name=name
        )
    if vkey.known and key_id != vkey.key_id:  # how an id is made, each type says for itself
        raise MalformedError(
            "verifier key {name}: id {text_id} is not the one of this name and key",
            name=name,
            text_id=text_id,
        )
    return vkey


def parse_vkey(text: str) -> VerifierKey:
    """Parse a verifier key, type 01 or 04; the id must be the one its key has."""
    vkey = parse_any_vkey(text)
    if not vkey.known:
        raise MalformedError(
            "verifier key {name}: only Ed25519 keys of type 01 or 04 are known", name=vkey.name
        )
    return vkey


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: who, and the bytes behind the key id."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """Return the line with its newline."""
        return f"— {self.name} {format_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text (ending in a newline) and its signatures, none of them verified yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def __str__(self) -> str:
        """Return the note as written on the wire."""
        return self.text + "\n" + "".join(item.line() for item in self.signatures)

    def by(self, vkey: VerifierKey) -> NoteSignature | None:
        """Return the one signature that names this key, if there is one."""
        found = [s for s in self.signatures if (s.name, s.key_id) == (vkey.name, vkey.key_id)]
        if len(found) > 1:
            raise MalformedError(
                "note: {count} signatures by {name}", count=len(found), name=vkey.name
            )
        return found[0] if found else None


def parse_note(text: str) -> Note:
    """Parse a note, canonically: formatting it again gives the same text.

    Raises:
        MalformedError: no signatures, control characters, or lines of another form.

    """
    if _SURROGATE.search(text):
        raise MalformedError("note: a lone surrogate, which UTF-8 cannot hold")
    if len(text.encode()) > MAX_NOTE_SIZE:
        raise MalformedError("note: longer than {max_note_size} bytes", max_note_size=MAX_NOTE_SIZE)
    if _CONTROL.search(text):
        raise MalformedError("note: control characters")
    body, blank, tail = text.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise MalformedError("note: no signature lines behind an empty line")
    signatures: list[NoteSignature] = []
    for line in tail[:-1].split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "—":  # noqa: PLR2004
            raise MalformedError("note: not a signature line: {line!r}", line=line[:100])
        check_key_name(parts[1])
        raw = parse_base64(parts[2])
        if len(raw) <= 4:  # noqa: PLR2004
            raise MalformedError("note: signature of {parts} is empty", parts=parts[1])
        signatures.append(NoteSignature(parts[1], raw[:4], raw[4:]))
    if len(signatures) > MAX_SIGNATURES:
        raise MalformedError(
            "note: more than {max_signatures} signatures", max_signatures=MAX_SIGNATURES
        )
    return Note(body + "\n", tuple(signatures))


def decode_note(raw: bytes) -> Note:
    """Parse a note from its UTF-8 bytes."""
    try:
        return parse_note(raw.decode())
    except UnicodeDecodeError as error:
        raise MalformedError("note: not UTF-8") from error


def sign_note(text: str, vkey: VerifierKey, sign: Callable[[bytes], bytes]) -> NoteSignature:
    """Return the type 01 signature of ``vkey`` over a text that ends in a newline."""
    return NoteSignature(vkey.name, vkey.key_id, sign(text.encode()))


def verify_note(note: Note, vkey: VerifierKey) -> None:
    """Check that ``vkey`` (type 01) signed the note.

    Raises:
        SignatureError: it did not.

    """
    found = note.by(vkey)
    if found is None:
        raise SignatureError(
            "note: no signature by {name}+{key_id}", name=vkey.name, key_id=vkey.key_id.hex()
        )
    try:
        ed25519.verify(vkey.key, note.text.encode(), found.signature)
    except SignatureError as error:
        raise SignatureError(
            "note: the signature of {name} does not verify", name=vkey.name
        ) from error
