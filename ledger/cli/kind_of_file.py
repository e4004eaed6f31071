"""What a file is, and which command reads it: whoever takes one for another is told, not that somebody altered it."""

import json
from pathlib import Path

from ledger.errors import ParameterError, PinyuanError
from ledger.texts import Words

BUNDLE, FRAUD, RECEIPT, STATEMENT, CHECKPOINT, TRUST = (
    "bundle", "fraud", "receipt", "statement", "checkpoint", "trust",
)  # fmt: skip
_VERIFIED = "pinyuan {0} FILE --trust TRUST.txt"
READ_BY = {
    BUNDLE: (Words("an evidence bundle"), _VERIFIED.format("verify bundle")),
    FRAUD: (Words("a fraud proof"), _VERIFIED.format("verify fraud")),
    RECEIPT: (
        Words("a receipt"),
        _VERIFIED.format("verify receipt").replace("FILE", "FILE X.cose"),
    ),
    STATEMENT: (Words("a signed statement"), "pinyuan register FILE"),
    CHECKPOINT: (Words("a checkpoint"), _VERIFIED.format("verify checkpoint")),
    TRUST: (Words("a trust file"), "--trust FILE"),
}
"""Kind of file -> what it is, and what reads it."""
_COSE = b"\xd2"
"""Tag 18, by which a COSE_Sign1 begins (RFC 9052)."""


def kind_of_file(raw: bytes) -> str | None:
    """Return what a file is by its form, whatever it says; None for what is none of them."""
    if raw[:1] == _COSE:
        return _of_cose(raw)
    if raw.lstrip()[:1] == b"{":
        return _of_json(raw)
    if b"\n\n\xe2\x80\x94 " in raw:  # a note's signatures
        return CHECKPOINT
    lines = raw.split(b"\n")
    return TRUST if any(line.startswith((b"log ", b"quorum ")) for line in lines) else None


def _of_cose(raw: bytes) -> str | None:
    from ledger.cose.receipt import decode_receipt
    from ledger.statements.envelope import parse_statement

    for kind, read in ((RECEIPT, decode_receipt), (STATEMENT, parse_statement)):
        try:
            read(raw)
        except PinyuanError:
            continue
        return kind
    return None


def _of_json(raw: bytes) -> str | None:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return next(
        (kind for kind, name in ((FRAUD, "fraud"), (BUNDLE, "question")) if name in value), None
    )


def require_kind(path: Path, raw: bytes, wanted: str) -> None:
    """Refuse a file of another kind than is wanted; what is of none is somebody's, altered perhaps.

    Raises:
        ParameterError: says what it is, and which command reads it.

    """
    found = kind_of_file(raw)
    if found is None or found == wanted:
        return
    what, command = READ_BY[found]
    raise ParameterError(
        "{path} is {what}, not {wanted}: {command} reads it",
        path=path,
        what=what,
        wanted=READ_BY[wanted][0],
        command=command,
    )
