"""Sensitive values kept apart from the log: commitments, and the file that opens them.

A statement carries ``sealed``: for each sensitive value its name and the commitment
SHA-256(salt || name || value), salt of 16 random bytes, name and value in UTF-8 (the idea
of RFC 9901, salted hashes of claims). The values lie in a file of their own, which can be
destroyed without breaking the log::

    {"v":1,"statement":"<id>","values":{"phone":{"salt":"<base64url>","value":"..."},"address":null}}

null: destroyed. A salt is as secret as its value: without it a guess cannot be tried.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ledger.errors import MalformedError, VerificationError
from ledger.primitives import ijson
from ledger.primitives.strict import format_base64url, parse_base64url, parse_hex
from ledger.statements.fields import Commitment

SALT_SIZE = 16
MAX_VALUE_SIZE = 10_000  # a name, an address, a telephone number; documents are digests
MAX_FILE_SIZE = 1 << 20
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class Value:
    """One sensitive value and the salt of its commitment."""

    salt: bytes
    value: str


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What opens the commitments of one statement; None for a value that was destroyed."""

    statement: bytes
    values: Mapping[str, Value | None]

    def without(self, name: str) -> "Disclosure":
        """Return it with one value destroyed."""
        return Disclosure(self.statement, {**self.values, name: None})


def commit(name: str, value: str, salt: bytes) -> str:
    """Return the commitment to a value, 64 hexadecimal digits.

    Raises:
        MalformedError: a name or value no statement may hold.

    """
    if NAME.fullmatch(name) is None:
        raise MalformedError(
            "sensitive value {name!r}: a name is lower case, digits and _, at most 40",
            name=name[:60],
        )
    raw = value.encode()
    if len(salt) != SALT_SIZE or not 0 < len(raw) <= MAX_VALUE_SIZE:
        raise MalformedError(
            "sensitive value {name}: a text of 1 to {max_value_size} bytes under a salt of 16",
            name=name,
            max_value_size=MAX_VALUE_SIZE,
        )
    return sha256(salt + name.encode() + raw).hexdigest()


def commitments(values: Mapping[str, Value]) -> tuple[Commitment, ...]:
    """Return the commitments a statement carries, by name."""
    return tuple(
        Commitment(name=name, digest=commit(name, item.value, item.salt))
        for name, item in sorted(values.items())
    )


def verify_disclosure(found: Disclosure, statement: bytes, sealed: tuple[Commitment, ...]) -> None:
    """Check each value that is there against the statement's commitments.

    Raises:
        VerificationError: another statement's, or a value that was not committed to.

    """
    if found.statement != statement:
        raise VerificationError(
            "the disclosure is of the statement {statement}, not of {statement_2}",
            statement=found.statement.hex(),
            statement_2=statement.hex(),
        )
    digests = {item.name: item.digest for item in sealed}
    for name, item in found.values.items():
        if name not in digests:
            raise VerificationError(
                "{name}: the statement holds no commitment of this name", name=name
            )
        if item is not None and commit(name, item.value, item.salt) != digests[name]:
            raise VerificationError("{name}: the value is not the one committed to", name=name)


def encode_disclosure(found: Disclosure) -> bytes:
    """Return the file's bytes."""
    values = {
        name: item and {"salt": format_base64url(item.salt), "value": item.value}
        for name, item in sorted(found.values.items())
    }
    return ijson.encode({"v": 1, "statement": found.statement.hex(), "values": values}) + b"\n"


def decode_disclosure(raw: bytes) -> Disclosure:
    """Return a disclosure; its bytes must be the canonical ones.

    Raises:
        MalformedError: no JSON, other fields, or another spelling.

    """
    try:
        value = ijson.decode(raw, limit=MAX_FILE_SIZE)
        if type(value) is not dict or value.keys() != {"v", "statement", "values"}:
            raise MalformedError("exactly v, statement and values are expected")
        values = value["values"]
        if type(values) is not dict or type(value["statement"]) is not str:
            raise MalformedError("statement is an id, values an object")
        found = Disclosure(
            parse_hex(value["statement"], size_bytes=32),
            {name: _value(name, item) for name, item in values.items()},
        )
    except MalformedError as error:
        raise MalformedError("disclosure: {why}", why=error) from error
    if encode_disclosure(found) != raw:
        raise MalformedError(
            "disclosure: not in its canonical spelling (compact JSON, names in order)"
        )
    return found


def _value(name: str, item: Any) -> Value | None:
    if item is None:
        return None
    if (
        type(item) is not dict
        or item.keys() != {"salt", "value"}
        or not all(type(part) is str for part in item.values())
    ):
        raise MalformedError(
            "{name}: exactly the texts salt and value are expected, or null", name=name
        )
    salt = parse_base64url(item["salt"])
    commit(name, item["value"], salt)
    return Value(salt, item["value"])
