"""Entries as JSON: one of them whole with its proof, or a page of those that a search finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from api.http.caching import Tagged, tagged
from api.http.json_text import json_of
from api.http.problems import Problem
from api.reading.cursors import Cursor, decode, encode
from api.reading.queries import instant_us, whole
from api.reading.reads import Reads, newest_checkpoint
from ledger.answering.shown import Row, entry_of, listed
from ledger.answering.stored import Stored
from ledger.errors import MalformedError, UsageError, VerificationError
from ledger.histories.seals import sealed
from ledger.histories.terms import KINDS, Kind, term
from ledger.identifiers.statement_ids import ID_DIGITS, SEVERAL, id_in, only
from ledger.primitives.instant import format_us
from ledger.primitives.strict import parse_decimal, parse_hex
from ledger.store.reads import Snapshot, reading
from ledger.store.search import (
    Search,
    count,
    find,
    newest_seal_below,
    position,
    sealed_before,
)
from ledger.store.view import parse_entry
from ledger.texts import saying
from ledger.writing.publisher import require_head

MAX_LIMIT = 500
DEFAULT_LIMIT = 100
TIMES = ("from", "until")
FILTERS = (*KINDS, *TIMES)
# The rarest leads: the database walks its entries and asks for the others.
_RAREST_FIRST: tuple[Kind, ...] = ("lot", "subject", "product", "issuer", "party", "type")


def parse_key(text: str) -> bytes | str | int:
    """Return the id, the beginning of one (a text), or the index that a path names.

    Raises:
        Problem: 400, neither.

    """
    try:
        if len(text) == ID_DIGITS:
            return parse_hex(text, size_bytes=32)
        return id_in(text) or parse_decimal(text)
    except MalformedError as error:
        raise Problem(
            400,
            saying(
                "neither an id of {id_digits} hex digits, or the first 12 or more of them, nor an index: {why}",
                id_digits=ID_DIGITS,
                why=error,
            ),
        ) from error


def whole_entry(reads: Reads, key: bytes | str | int) -> Row:
    """Return one entry, decoded, with its bytes, its histories and its proof.

    Raises:
        Problem: 404, not registered here, or not published yet.

    """
    with reading(reads.engine) as snapshot:
        stored = newest_checkpoint(snapshot)
        index = key if isinstance(key, int) else _index_of(snapshot, key)
        if index is None or index >= stored.size:
            raise Problem(404, saying("no such entry is registered here"))
        leaf = reads.log.publisher.leaves(snapshot, [index])[index]
        entry = parse_entry(index, leaf)
        if isinstance(key, bytes) and entry.statement.id != key:
            raise VerificationError(
                "entry {index} is another statement than {key}: the database was edited",
                index=index,
                key=key.hex(),
            )
        ground = Stored(reads.log, snapshot, stored.size, stored)
        return entry_of(ground, entry, snapshot.attached(index))


def _index_of(snapshot: Snapshot, id_: bytes | str) -> int | None:
    """Return where the statement of an id is, or the only one whose id begins so.

    Raises:
        Problem: 400, several begin so.

    """
    if isinstance(id_, str):
        begun = snapshot.by_beginning(id_, SEVERAL)
        try:
            return only(id_, begun) if begun else None
        except UsageError as error:
            raise Problem(400, error.sentence) from error
    found = snapshot.by_id([id_]).get(id_)
    return None if found is None else found[0]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page that is asked for: a search's first, or the one a cursor stands for."""

    filters: dict[str, str]
    order: Literal["asc", "desc"]
    limit: int
    cursor: Cursor | None


def parse_wanted(query: Mapping[str, str], origin: str) -> Wanted:
    """Return what a query string asks for.

    Raises:
        Problem: 400, a filter in another form, or other filters than the cursor's.

    """
    limit = DEFAULT_LIMIT
    if "limit" in query:
        limit = whole("limit", query["limit"], least=1, most=MAX_LIMIT)
    filters = {name: query[name] for name in FILTERS if name in query}
    for name in TIMES:
        if name in filters:
            instant_us(name, filters[name])
    order = query.get("order")
    if order not in (None, "asc", "desc"):
        raise Problem(400, saying("order: asc or desc"))
    if "cursor" not in query:
        return Wanted(filters, cast("Literal['asc', 'desc']", order or "desc"), limit, None)
    cursor = decode(query["cursor"], origin, Cursor)
    _check(cursor)
    if (filters and filters != cursor.filters) or order not in (None, cursor.order):
        raise Problem(400, saying("cursor: it is of a search with other filters or another order"))
    return Wanted(cursor.filters, cursor.order, limit, cursor)


def _check(cursor: Cursor) -> None:
    """Refuse a cursor that no search would have given out.

    Raises:
        Problem: 400.

    """
    if not cursor.start <= cursor.stop <= cursor.size or not cursor.filters.keys() <= set(FILTERS):
        raise Problem(400, saying("cursor: not one that this ledger gave out"))
    for name in TIMES:
        if name in cursor.filters:
            instant_us(name, cursor.filters[name])


def shown_entry(reads: Reads, key: bytes | str | int) -> Tagged:
    """Return one entry as a body."""
    return tagged(json_of(whole_entry(reads, key)))


def found_entries(reads: Reads, wanted: Wanted) -> Tagged:
    """Return a page of entries as a body."""
    return tagged(json_of(search_entries(reads, wanted)))


def search_entries(reads: Reads, wanted: Wanted) -> Row:
    """Return a page of entries, newest first unless asked otherwise, as of a seal.

    Raises:
        Problem: 400, a cursor of a longer log than this one.

    """
    with reading(reads.engine) as snapshot:
        indexed = position(snapshot)
        lag = require_head(snapshot).size - indexed
        cursor = wanted.cursor or _begin(snapshot, wanted, indexed)
        if cursor.size > indexed:
            raise Problem(
                400,
                saying(
                    "cursor: as of {size} entries, the index has {indexed}",
                    size=cursor.size,
                    indexed=indexed,
                ),
            )
        seal = newest_seal_below(snapshot, cursor.size)
        newest_first = cursor.order == "desc"
        found = find(
            snapshot,
            _search(cursor.filters, cursor.start, cursor.stop),
            limit=wanted.limit + 1,
            newest_first=newest_first,
        )
        shown = found[: wanted.limit]
        leaves = reads.log.publisher.leaves(snapshot, shown)
        rows = [
            listed(parse_entry(index, leaves[index]), sealed(snapshot, index)[1]) for index in shown
        ]
    following = None
    if len(found) > wanted.limit:
        start, stop = (cursor.start, shown[-1]) if newest_first else (shown[-1] + 1, cursor.stop)
        rest = Cursor(cursor.filters, cursor.order, cursor.size, cursor.total, start, stop)
        following = encode(rest, reads.log.origin)
    return {
        "entries": rows,
        "total": cursor.total,
        "next": following,
        "seal": seal and {"index": seal[0], "time": format_us(seal[1]), "size": seal[0] + 1},
        "lag": lag,
    }


def _begin(snapshot: Snapshot, wanted: Wanted, indexed: int) -> Cursor:
    """Return where a search begins: at the newest seal that the index covers, its total counted."""
    seal = newest_seal_below(snapshot, indexed)
    size = 0 if seal is None else seal[0] + 1
    start, stop = 0, size
    if "from" in wanted.filters:
        start = sealed_before(snapshot, instant_us("from", wanted.filters["from"]))
    if "until" in wanted.filters:
        stop = min(size, sealed_before(snapshot, instant_us("until", wanted.filters["until"])))
    stop = max(start, stop)
    total = count(snapshot, _search(wanted.filters, start, stop))
    return Cursor(wanted.filters, wanted.order, size, total, start, stop)


def _search(filters: Mapping[str, str], start: int, stop: int) -> Search:
    terms = tuple(term(kind, filters[kind]) for kind in _RAREST_FIRST if kind in filters)
    return Search(terms, start, stop)
