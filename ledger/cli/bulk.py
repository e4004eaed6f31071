"""Signing in bulk: JSON lines and a key map in, lines for ``register --jsonl`` out.

Nothing is written unless every line was signed. A line may have a ``name``; a later one
cites it as ``"@name"``, so a whole chain can be told in one file.
"""

import json
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledger.cli.common import note, parse_now, read_file, write_file
from ledger.cli.disclosures import disclosure_path, write_disclosure
from ledger.cli.finding import AtHand
from ledger.cli.signing import Author, Signed, sign_fields
from ledger.cose.keys import PrivateKey
from ledger.errors import MalformedError, StorageError, UsageError
from ledger.identifiers import check_party
from ledger.primitives import ijson
from ledger.signer import read_key
from ledger.statements.catalogue import CATALOGUE
from ledger.texts import Lang, Sentence, saying

NEEDED = ("type", "issuer", "fields")
ALLOWED = (*NEEDED, "subject", "issued_at", "name", "sensitive")
PROGRESS = 1_000
MAX_TOLD = 100
"""Lines of which is told what is wrong with them."""


def sign_lines(
    jsonl: Path,
    key_map: Path,
    output: Path,
    *,
    disclosures: Path | None,
    origin: str | None,
    at_hand: AtHand,
    secret: bytes | None,
    lang: Lang,
) -> int:
    """Sign every line of a file; return how many.

    Raises:
        UsageError, MalformedError: names the line and the field; nothing was written.

    """
    log_name = origin or at_hand.origin()
    keys = _keys(key_map, secret)
    now_s = at_hand.now_s()
    found: list[Signed] = []
    wrong: list[Sentence] = []
    lines = [line for line in enumerate(read_file(jsonl).splitlines(), 1) if line[1].strip()]
    for number, line in lines:
        where = saying("{file} line {number}", file=jsonl, number=number)
        try:
            row = _row(line, keys)
            issuer = row["issuer"]
            signed = sign_fields(
                CATALOGUE[row["type"]],
                row["fields"],
                Author(issuer, keys[issuer], log_name),
                at_hand,
                subject=row.get("subject"),
                issued_at=_time(row, now_s),
                where="",
                sensitive=row.get("sensitive"),
                lang=lang,
            )
            if signed.disclosure is not None and disclosures is None:
                raise UsageError(
                    "sensitive: give --disclosures DIR, where the values are kept apart"
                )
        except (UsageError, MalformedError) as error:
            wrong.append(saying("{where}: {why}", where=where, why=error))
            continue
        found.append(signed)
        assert signed.body is not None  # noqa: S101 - native
        for name in filter(None, (row.get("name"), signed.statement.id.hex())):
            at_hand.named[name] = (signed.statement, signed.body)
        if len(found) % PROGRESS == 0 and sys.stderr.isatty():
            note(saying("{count} of {count_2}", count=len(found), count_2=len(lines)))
    if wrong:
        raise _all_of(wrong, len(lines))
    for signed in found:
        if signed.disclosure is not None and disclosures is not None:
            path = disclosure_path(disclosures, signed.statement.id)
            write_disclosure(path, signed.disclosure)
    write_file(output, b"".join(_written(found)))
    return len(found)


def _all_of(wrong: list[Sentence], lines: int) -> UsageError:
    """Say what is wrong, line by line in the file's order; return what ends the command."""
    if len(wrong) == 1:
        return UsageError(wrong[0])
    for text in wrong[:MAX_TOLD]:
        note(text)
    left = len(wrong) - MAX_TOLD
    more = saying(" ({count} of them not told)", count=left) if left > 0 else ""
    return UsageError(
        "{count} of {lines} lines are wrong{more}: nothing was written",
        count=len(wrong),
        lines=lines,
        more=more,
    )


def _written(found: list[Signed]) -> Iterator[bytes]:
    for signed in found:
        row = {"id": signed.statement.id.hex(), "bytes": b64encode(signed.raw).decode()}
        yield json.dumps(row).encode() + b"\n"


def _keys(path: Path, secret: bytes | None) -> dict[str, PrivateKey]:
    """Return each party's key; paths are relative to the key map."""
    try:
        value = ijson.decode(read_file(path), limit=1 << 24)
        if type(value) is not dict or not all(type(item) is str for item in value.values()):
            raise MalformedError("a JSON object {party id: key file} is expected")
        for party in value:
            check_party(party)
        return {party: read_key(path.parent / item, secret) for party, item in value.items()}
    except (MalformedError, StorageError) as error:
        raise type(error)("{path}: {why}", path=path, why=error) from error


def _row(line: bytes, keys: dict[str, PrivateKey]) -> dict[str, Any]:
    value = ijson.decode(line)
    if type(value) is not dict or not all(name in value for name in NEEDED):
        raise UsageError("a JSON object with {needed} is expected", needed=", ".join(NEEDED))
    for name, item in value.items():
        if name not in ALLOWED:
            raise UsageError(
                "no field {name}: a line has {allowed}", name=name, allowed=", ".join(ALLOWED)
            )
        wanted = dict if name in ("fields", "sensitive") else str
        if type(item) is not wanted:
            raise UsageError(
                "{name}: {value} is expected",
                name=name,
                value=saying("an object") if wanted is dict else saying("a text"),
            )
    if value["type"] not in CATALOGUE:
        raise UsageError(
            "type: no statement type {value!r}: see pinyuan sign --help", value=value["type"][:60]
        )
    if value["issuer"] not in keys:
        raise UsageError("issuer: the key map has no key of {value}", value=value["issuer"][:200])
    return value


def _time(row: dict[str, Any], now_s: int) -> int:
    found = parse_now(row.get("issued_at"), "issued_at")
    return now_s if found is None else found // 1_000_000
