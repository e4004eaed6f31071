"""Strict JSON for payloads: I-JSON (RFC 7493), and no numbers but integers.

JSON readers disagree on duplicate keys, lone surrogates, large and fractional
numbers and depth. None of that is accepted here, so every verifier reads the same.
JSON of others' formats that stands in a payload as a text may hold decimals: ``decode_decimals``
reads them digit by digit, as nobody's binary fractions.
"""

import json
import re
from decimal import Decimal
from typing import Any, NoReturn

import msgspec

from ledger.errors import MalformedError
from ledger.texts import Sentence, Words, saying
from ledger.texts.foreign import recognised

MAX_DEPTH = 16  # no statement nests deeper than 6; readers in other languages recurse
MAX_SIZE = 65_535  # a payload lies inside a statement
MAX_INTEGER = 2**53 - 1  # exact in every reader, JavaScript's included

MAX_DIGITS = 40  # of a decimal, its sign, point and exponent too: nobody measures more

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,15}")
# Possessive, the closing quote optional: one pass, whatever the bytes.
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_SURROGATE = re.compile(r"[\ud800-\udfff]")


_SAID = (
    Words("Expecting value"),
    Words("Expecting ',' delimiter"),
    Words("Expecting ':' delimiter"),
    Words("Expecting property name enclosed in double quotes"),
    Words("Extra data"),
    Words("Unterminated string starting at"),
    Words("Invalid control character at"),
    Words("Invalid \\escape"),
    Words("Invalid \\escape: "),
    Words("Invalid \\uXXXX escape"),
    Words("Illegal trailing comma before end of object"),
    Words("Illegal trailing comma before end of array"),
)
"""What the standard library says of a text that is no JSON."""


def _refuse(what: Sentence) -> NoReturn:
    raise MalformedError("JSON: {what}", what=what)


def _integer(text: str) -> int:
    if _INTEGER.fullmatch(text) is None or abs(value := int(text)) > MAX_INTEGER:
        _refuse(
            saying("not an integer within 2^53 - 1: {text} (decimals are strings)", text=text[:40])
        )
    return value


def _no_number(text: str) -> NoReturn:
    _refuse(saying("not an integer: {text} (decimals are strings)", text=text[:40]))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        again = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        _refuse(saying("duplicate key {again!r}", again=again[:100]))
    return found


def _refuse_float(text: str) -> NoReturn:
    raise ValueError(text)


_quick = msgspec.json.Decoder(float_hook=_refuse_float)
_ANY_DIGIT = bytes.maketrans(b"123456789", b"0" * 9)
_LONG_NUMBER = b"0" * len(str(MAX_INTEGER))


def _decode_plain(raw: bytes) -> Any:
    """Return the value of a text that is exactly what encoding it again gives, else ``...``.

    A duplicate key, a blank, a lone surrogate, ``-0`` would not come back; a number with a
    fraction is not read, one that may be too long is left to the other reader.
    """
    try:
        value = _quick.decode(raw)
        if msgspec.json.encode(value) == raw and _LONG_NUMBER not in raw.translate(_ANY_DIGIT):
            return value
    except (msgspec.DecodeError, ValueError, RecursionError):
        pass
    return ...


def _decimal(text: str) -> Decimal:
    if len(text) > MAX_DIGITS:
        _refuse(
            saying(
                "a number of {size} characters, at most {limit}", size=len(text), limit=MAX_DIGITS
            )
        )
    return Decimal(text)


def _whole(text: str) -> int:
    return int(_decimal(text))


def _constant(text: str) -> NoReturn:
    _refuse(saying("no number of JSON: {text}", text=text[:40]))


_decoder = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_no_number,
    parse_int=_integer,
    parse_constant=_no_number,
)
_decimals = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_decimal,
    parse_int=_whole,
    parse_constant=_constant,
)


def _check_depth(raw: bytes) -> None:
    depth = 0
    for byte in _STRING.sub(b"", raw).translate(None, _NO_BRACKETS):
        if byte in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                _refuse(saying("nested deeper than {depth}", depth=MAX_DEPTH))
        else:
            depth -= 1


def decode(raw: bytes, *, limit: int = MAX_SIZE) -> Any:
    """Return the value of one JSON text of at most ``limit`` bytes.

    Raises:
        MalformedError: not UTF-8, or anything the module refuses.

    """
    if len(raw) > limit:
        _refuse(saying("{size} bytes, at most {limit}", size=len(raw), limit=limit))
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
        _check_depth(raw)
    value = _decode_plain(raw)
    return _read(raw, _decoder) if value is ... else value


def decode_decimals(raw: bytes, *, limit: int = MAX_SIZE) -> Any:
    """Return the value of one JSON text of at most ``limit`` bytes, its fractions as ``Decimal``.

    Raises:
        MalformedError: not UTF-8, or anything the module refuses but fractions and long numbers.

    """
    if len(raw) > limit:
        _refuse(saying("{size} bytes, at most {limit}", size=len(raw), limit=limit))
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
        _check_depth(raw)
    return _read(raw, _decimals)


def _read(raw: bytes, decoder: json.JSONDecoder) -> Any:
    try:
        text = raw.decode()
        value = decoder.decode(text)
    except UnicodeDecodeError as error:
        raise MalformedError("JSON: not UTF-8") from error
    except json.JSONDecodeError as error:
        raise MalformedError(
            "JSON: {msg} at character {pos}", msg=recognised(error.msg, _SAID), pos=error.pos
        ) from error
    if "\\u" in text and _SURROGATE.search(json.dumps(value, ensure_ascii=False, default=str)):
        _refuse(saying("a lone surrogate"))
    return value


def encode(value: Any) -> bytes:
    """Return compact UTF-8 JSON, keys in the order given."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
