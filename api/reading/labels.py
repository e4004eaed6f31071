"""The feed of quality labels as JSON: what changed since a size, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec

from api.http.caching import Tagged, tagged
from api.http.json_text import json_of
from api.http.problems import Problem
from api.reading.cursors import decode, encode
from api.reading.queries import whole
from api.reading.reads import Reads
from ledger.answering.feed import Item, Key
from ledger.errors import UsageError
from ledger.evidence.answered import path_of
from ledger.primitives.instant import format_us
from ledger.texts import Lang, saying

MAX_LIMIT = 1_000
DEFAULT_LIMIT = 200
PATH = "/v1/labels"
_Size = Annotated[int, msgspec.Meta(ge=1, le=(1 << 63) - 1)]


class FeedCursor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """Where the next page begins: behind which item, between which sizes."""

    since: _Size | None
    size: _Size
    after: Key


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page that is asked for."""

    since: int | None
    size: int | None
    after: Key | None
    limit: int


def parse_wanted(query: Mapping[str, str], origin: str) -> Wanted:
    """Return what a query string asks for.

    Raises:
        Problem: 400, a number out of its range, or a cursor beside another size.

    """
    limit = DEFAULT_LIMIT
    if "limit" in query:
        limit = whole("limit", query["limit"], least=1, most=MAX_LIMIT)
    since = whole("since", query["since"], least=1) if "since" in query else None
    if "cursor" not in query:
        return Wanted(since, None, None, limit)
    cursor = decode(query["cursor"], origin, FeedCursor)
    if since not in (None, cursor.since):
        raise Problem(400, saying("cursor: it is of a feed since another size"))
    return Wanted(cursor.since, cursor.size, cursor.after, limit)


def _row(item: Item, size: int, lang: Lang) -> dict[str, Any]:
    query = urlencode(item.parameters | {"known_at": str(size), "bundle": "1"})
    return item.row(lang) | {"bundle": f"{path_of(item.question)}?{query}"}


def fed(reads: Reads, wanted: Wanted, lang: Lang) -> Tagged:
    """Return a page of the feed as a body."""
    return tagged(json_of(feed(reads, wanted, lang)))


def feed(reads: Reads, wanted: Wanted, lang: Lang) -> dict[str, Any]:
    """Return a page of the feed.

    Raises:
        Problem: 400, sizes that the log never had.

    """
    try:
        page = reads.labels.page(
            since=wanted.since, size=wanted.size, after=wanted.after, limit=wanted.limit
        )
    except UsageError as error:
        raise Problem(400, saying("since: {why}", why=error)) from error
    following = None
    if page.after is not None:
        cursor = FeedCursor(page.since, page.size, page.after)
        following = encode(cursor, reads.log.origin)
    return {
        "since": page.since,
        "size": page.size,
        "at": format_us(page.time_us),
        "total": page.total,
        "items": [_row(item, page.size, lang) for item in page.items],
        "next": following,
        "poll": f"{PATH}?since={page.size}",
        "language": lang,
    }
