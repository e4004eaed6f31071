"""What a word in a payload stands for, as a sheet would read it: JSON has the one form, which is offered."""

import re
from typing import Any, Literal

from msgspec import inspect as shapes

from ledger.cli.finding import AtHand
from ledger.errors import UsageError
from ledger.statements.described import is_null, part_of, shape
from ledger.tables.cells import read_value
from ledger.tables.reading import Reading
from ledger.tables.said import Wrong
from ledger.texts import Lang

_STEP = re.compile(r"[^.\[\]]+")


def intended(body: Any, fields: Any, path: str, at_hand: AtHand, lang: Lang) -> str | None:
    """Return what the text at a path (``territories[0]``) would be as a cell; None where that is itself, or nothing.

    Args:
        body: the payload's class.
        fields: as they were written.
        path: where the text is.
        at_hand: where names are looked up.
        lang: that of the sheet.

    """
    found, text = shape(body), fields
    for step in _STEP.findall(path):
        if isinstance(text, list) and step.isdecimal() and int(step) < len(text):
            found, text = _item(found), text[int(step)]
        elif isinstance(text, dict) and (part := part_of(found)) is not None:
            types = {item.encode_name: item.type for item in part.fields}
            found, text = types.get(step), text.get(step)
        else:
            return None
    held = _held(found)
    if not isinstance(text, str) or held is None:
        return None
    try:
        read = read_value(text, shape(held), held, Reading(lang, at_hand.called, _no_cite))
    except (Wrong, UsageError):
        return None
    return read if isinstance(read, str) and read != text else None


def _item(found: Any) -> Any:
    """Return what a list holds."""
    types = found.types if isinstance(found, shapes.UnionType) else (found,)
    return next((one.item_type for one in types if isinstance(one, shapes.VarTupleType)), None)


def _held(found: Any) -> Any:
    """Return the type of a text of one form, or of some words; None for all else."""
    match found:
        case shapes.CustomType(cls=cls):
            return cls
        case shapes.LiteralType(values=values):
            return Literal[tuple(values)]
        case shapes.UnionType(types=types):
            return next((held for one in types if not is_null(one) and (held := _held(one))), None)
        case _:
            return None


def _no_cite(_text: str) -> None:
    """Look nothing up: no citation is read here."""
