"""JSON as HTTP has it: what nobody sees in a text is escaped."""

from typing import Any

import msgspec

from ledger.primitives.legible import shown_json


def json_of(value: Any) -> bytes:
    r"""Return a value as JSON in which controls and marks of direction are ``\uXXXX``."""
    raw = msgspec.json.encode(value, enc_hook=_text)
    plain = raw.isascii() and b"\x7f" not in raw
    return raw if plain else shown_json(raw.decode()).encode()


_decimals = msgspec.json.Encoder(decimal_format="number")


def json_with_decimals(value: Any) -> bytes:
    """Return a value of others' formats as JSON, its decimals as they were written."""
    raw = _decimals.encode(value)
    plain = raw.isascii() and b"\x7f" not in raw
    return raw if plain else shown_json(raw.decode()).encode()


def _text(value: Any) -> str:
    """Return a text of a checked form (a category, a lot's name) as the text it is."""
    if isinstance(value, str):
        return str(value)
    msg = f"{type(value).__name__} has no JSON"
    raise TypeError(msg)
