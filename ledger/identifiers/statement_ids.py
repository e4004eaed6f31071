"""How a statement is named: by its id, by the beginning of one, or by the index of its entry."""

import re
from collections.abc import Callable, Sequence

from ledger.errors import MalformedError, ParameterError, UnknownIdError, UsageError
from ledger.primitives.strict import parse_decimal, parse_hex

ID_DIGITS = 64
NAMED = re.compile(r"[0-9a-f]{12,64}")
"""An id, or its beginning as lines for people have it: longer than any index."""
SEVERAL = 2
"""Statements of one beginning that are looked up: enough to say that it is none's alone."""


def id_in(text: str) -> str:
    """Return the id, or the beginning of one, that a text is; empty of an index and of all else."""
    return text if NAMED.fullmatch(text) else ""


def names_statement(text: str) -> bool:
    """Return whether a text is an index, or the beginning of an id, that has to be looked up."""
    return len(text) < ID_DIGITS and (text.isdecimal() or bool(id_in(text)))


def index_in(
    text: str,
    size: int,
    by_id: Callable[[bytes], int | None],
    by_beginning: Callable[[str], Sequence[int]],
) -> int:
    """Return the index that an id (64 hexadecimal digits, or its first 12 or more) or an index names.

    Args:
        text: the id, its beginning, or the index.
        size: the ledger's.
        by_id: returns the index of a statement id, None where it is not registered.
        by_beginning: returns the indices of statements whose ids begin so; of several two will do.

    Raises:
        UsageError: neither, or no such entry.

    """
    try:
        if len(text) == ID_DIGITS:
            found = by_id(parse_hex(text, size_bytes=32))
            if found is None:
                raise UnknownIdError("no entry with id {text}", text=text)
            return found
        if id_in(text):
            return only(text, by_beginning(text))
        index = parse_decimal(text)
    except MalformedError as error:
        raise ParameterError(
            "{text!r} is neither a statement id (64 hexadecimal digits, or the first 12 or more of them) nor an index",
            text=text[:80],
        ) from error
    if index >= size:
        raise UsageError("no entry {index}: the ledger has {size}", index=index, size=size)
    return index


def only(text: str, found: Sequence[int]) -> int:
    """Return the one statement whose id begins with a text.

    Raises:
        UsageError: none does, or several.

    """
    if not found:
        raise UnknownIdError("no entry with an id that begins with {text}", text=text)
    if len(found) > 1:
        raise UsageError(
            "several entries have ids that begin with {text}, {indices} among them: write more digits, or an index",
            text=text,
            indices=", ".join(map(str, found)),
        )
    return found[0]
