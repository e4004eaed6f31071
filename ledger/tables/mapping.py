"""What a mapping file says: which column says which field, and what a sheet leaves unsaid."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ledger.errors import MalformedError
from ledger.primitives import ijson
from ledger.statements.fault_words import fault
from ledger.tables.zone import Zone, parse_zone
from ledger.texts import Words


class _File(msgspec.Struct, forbid_unknown_fields=True):
    columns: dict[str, str | None] = msgspec.field(default_factory=dict)
    values: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    fields: dict[str, Any] = msgspec.field(default_factory=dict)
    subject: str | None = None
    time_zone: str | None = None
    until_inclusive: bool = False
    together: str | list[str] | None = None
    sheet: str | None = None
    titles_in_row: int | None = None


_FORMS = {
    "columns": Words(
        "an object that says of titles the field or its title, or null to pass the column over"
    ),
    "values": Words(
        "an object that says of titles an object of what stands in a cell and what it stands for"
    ),
    "fields": Words("an object of fields that are the same in every row"),
    "subject": Words("a text"),
    "time_zone": Words("a text: +08:00"),
    "until_inclusive": Words("true or false", "mapping"),
    "together": Words("the title of a column, or a list of titles"),
    "sheet": Words("a text"),
    "titles_in_row": Words("a whole number"),
}
"""What a mapping says under each name."""
_AT = re.compile(r"\$\.([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a mapping file says.

    ``columns``: title -> path of a field, None to pass the column over. ``values``: title or path ->
    {what stands in a cell: what it stands for}. ``fields``: what is the same in every row;
    ``subject`` too. ``zone``: of local dates and times, ``time_zone`` as it was written. ``until_inclusive``: whether the day that
    ``until`` names still belongs to the period. ``together``: titles of columns: rows with the
    same in each are one statement. ``sheet``, ``titles_at``: where the table is.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    subject: str | None = None
    zone: Zone | None = None
    time_zone: str | None = None
    until_inclusive: bool = False
    together: tuple[str, ...] = ()
    sheet: str | None = None
    titles_at: int | None = None


def parse_mapping(raw: bytes) -> Layout:
    """Return what a mapping file says.

    Raises:
        MalformedError: it is no JSON object of a mapping.

    """
    value = ijson.decode(raw, limit=1 << 24)
    try:
        said = msgspec.convert(value, _File)
    except msgspec.ValidationError as error:
        raise _no_mapping(error) from error
    return Layout(
        columns=said.columns,
        values=said.values,
        fields=said.fields,
        subject=said.subject,
        zone=None if said.time_zone is None else parse_zone(said.time_zone),
        time_zone=said.time_zone,
        until_inclusive=said.until_inclusive,
        together=_titles(said.together),
        sheet=said.sheet,
        titles_at=said.titles_in_row,
    )


def _titles(said: str | list[str] | None) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said or ())


def _no_mapping(error: msgspec.ValidationError) -> MalformedError:
    """Return what is wrong with a mapping: of a name that it has, how what it says is written."""
    found = _AT.search(str(error))
    if found is not None and found[1] in _FORMS:
        return MalformedError(
            "no mapping: {name}: expected {form}", name=found[1], form=_FORMS[found[1]]
        )
    return MalformedError(
        "no mapping: {why} (it has {struct_fields})",
        why=fault(error),
        struct_fields=", ".join(_File.__struct_fields__),
    )
