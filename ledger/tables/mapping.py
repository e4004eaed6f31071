"""What a mapping file says: which column says which field, and what a sheet leaves unsaid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from ledger.errors import MalformedError
from ledger.primitives import ijson
from ledger.tables.zone import Zone, parse_zone


class _File(msgspec.Struct, forbid_unknown_fields=True):
    columns: dict[str, str | None] = msgspec.field(default_factory=dict)
    values: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    fields: dict[str, Any] = msgspec.field(default_factory=dict)
    subject: str | None = None
    time_zone: str | None = None
    until_inclusive: bool = False
    together: str | None = None
    sheet: str | None = None
    titles_in_row: int | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """What a mapping file says.

    ``columns``: title -> path of a field, None to pass the column over. ``values``: title or path ->
    {what stands in a cell: what it stands for}. ``fields``: what is the same in every row;
    ``subject`` too. ``zone``: of local dates and times, ``time_zone`` as it was written. ``until_inclusive``: whether the day that
    ``until`` names still belongs to the period. ``together``: the title of a column: rows with the
    same there are one statement. ``sheet``, ``titles_at``: where the table is.
    """

    columns: Mapping[str, str | None] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    subject: str | None = None
    zone: Zone | None = None
    time_zone: str | None = None
    until_inclusive: bool = False
    together: str | None = None
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
        raise MalformedError(
            "no mapping: {why} (it has {struct_fields})",
            why=error,
            struct_fields=", ".join(_File.__struct_fields__),
        ) from error
    return Layout(
        columns=said.columns,
        values=said.values,
        fields=said.fields,
        subject=said.subject,
        zone=None if said.time_zone is None else parse_zone(said.time_zone),
        time_zone=said.time_zone,
        until_inclusive=said.until_inclusive,
        together=said.together,
        sheet=said.sheet,
        titles_at=said.titles_in_row,
    )
