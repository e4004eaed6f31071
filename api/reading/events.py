"""EPCIS queries: pages of the events that are registered, as a query document, oldest first."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import msgspec

from api.http.caching import Tagged, tagged
from api.http.json_text import json_with_decimals
from api.http.problems import Problem
from api.reading.cursors import decode, encode
from api.reading.queries import whole
from api.reading.reads import Reads, newest_checkpoint
from ledger.answering.stored import Stored
from ledger.errors import MalformedError
from ledger.events.event import Event
from ledger.events.query import PARAMETERS, Query, parse_query
from ledger.histories.seals import sealed
from ledger.histories.terms import term
from ledger.primitives.instant import format_us
from ledger.statements.epcis_family import Epcis
from ledger.store.reads import Snapshot, reading
from ledger.store.search import Search, find, position
from ledger.store.view import parse_entry
from ledger.texts import saying

DEFAULT_PAGE, MAX_PAGE = 30, 500
"""Events of a page: 30, as the standard has it where nothing else is said."""
LOOKED_AT = 2_000
"""Events that are read for one page; where more would be, the page is shorter, and another follows."""
PAGING = ("perPage", "nextPageToken")
ASKED = (*PARAMETERS, *PAGING)
CONTEXT = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"


class Following(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """Where the next page begins: the parameters, the size that all pages are as of, the first entry."""

    given: dict[str, str]
    size: Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]
    start: Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]


class Paged(msgspec.Struct, frozen=True):
    """A page's body, and the token of the next one."""

    body: Tagged
    following: str | None


def events_page(reads: Reads, given: Mapping[str, str]) -> Paged:
    """Return a page of the events that a query asks for.

    Raises:
        Problem: 400, names the parameter that is in another form, or a token of another query.

    """
    per_page = whole("perPage", given.get("perPage", str(DEFAULT_PAGE)), least=1, most=MAX_PAGE)
    filters = {name: text for name, text in given.items() if name not in PAGING}
    with reading(reads.engine) as snapshot:
        size = min(newest_checkpoint(snapshot).size, position(snapshot))
        begin = Following(filters, size, 0)
        if "nextPageToken" in given:
            begin = _continued(given["nextPageToken"], reads.log.origin, filters, size)
        query = _parsed(begin.given)
        found, start = list[dict[str, Any]](), begin.start
        looked_at, more = 0, False
        for index in _candidates(reads, snapshot, query, begin):
            if len(found) == per_page or looked_at == LOOKED_AT:
                more = True
                break
            looked_at, start = looked_at + 1, index + 1
            event, us = _event(reads, snapshot, index), sealed(snapshot, index)[1]
            if event is not None and query.wants(event, us):
                found.append({**event.value, "recordTime": format_us(us)})
    rest = Following(begin.given, begin.size, start)
    return Paged(
        tagged(json_with_decimals(query_document(found))),
        encode(rest, reads.log.origin) if more else None,
    )


def _continued(token: str, origin: str, filters: Mapping[str, str], size: int) -> Following:
    try:
        found = decode(token, origin, Following)
    except Problem as problem:
        raise Problem(400, saying("nextPageToken: not one that this ledger gave out")) from problem
    if (filters and filters != found.given) or not found.start <= found.size <= size:
        raise Problem(400, saying("nextPageToken: it is of another query"))
    return found


def _parsed(given: Mapping[str, str]) -> Query:
    try:
        return parse_query(given)
    except MalformedError as error:
        raise Problem(400, error.sentence) from error


def _candidates(reads: Reads, snapshot: Snapshot, query: Query, begin: Following) -> Iterator[int]:
    """Yield entries that may be asked for, from where a page begins, in the log's order."""
    if query.about is not None:
        view = Stored(reads.log, snapshot, begin.size, None).view
        indices = {index for one in query.about for index in view.history("event", one).indices()}
        yield from sorted(index for index in indices if begin.start <= index < begin.size)
        return
    wanted, start = (term("type", "epcis"),), begin.start
    while True:
        some = find(snapshot, Search(wanted, start, begin.size), limit=MAX_PAGE, newest_first=False)
        yield from some
        if len(some) < MAX_PAGE:
            return
        start = some[-1] + 1


def _event(reads: Reads, snapshot: Snapshot, index: int) -> Event | None:
    body = parse_entry(index, reads.log.publisher.leaves(snapshot, [index])[index]).body
    return body.event.event if isinstance(body, Epcis) else None


def query_document(events: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the query document of events; each has a context of its own."""
    return {
        "@context": [CONTEXT],
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "epcisBody": {
            "queryResults": {
                "queryName": "SimpleEventQuery",
                "resultsBody": {"eventList": events},
            }
        },
    }
