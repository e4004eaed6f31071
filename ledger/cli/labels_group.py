"""labels: the feed of quality labels, of a ledger here or behind a server."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

import typer

from ledger.cli.common import (
    DirOption,
    JsonOption,
    LangOption,
    emit,
    language,
    note,
    opened,
)
from ledger.cli.listed import CsvOption, XlsxOption, ZoneOption, sheets_of
from ledger.cli.opening import open_ledger
from ledger.cli.server import ServerOption, chosen_server
from ledger.errors import SizeError
from ledger.primitives.instant import format_us
from ledger.texts import Lang, Words, saying

if TYPE_CHECKING:
    from ledger.answering.feed import Key
    from ledger.writing.log import Log

PAGE = 1_000
MAX_PAGE_SIZE = 16 << 20
NOT_VERIFIED = saying("the server says so itself: pinyuan label PRODUCT --server verifies a label")
STATES = {
    "holds": Words("holds"),
    "suspended": Words("suspended"),
    "lapsed": Words("lapsed"),
    "withdrawn": Words("withdrawn"),
    "listable": Words("listable"),
    "not-listable": Words("not listable"),
    "unproven": Words("unproven"),
    "ended": Words("ended"),
}
WORDS = {
    "head": Words("as of size {size} ({at}): {total}"),
    "label": Words("label of {product}: {state}"),
    "listing": Words("listing of {product} in {shop}: {state}"),
    "since": Words(", since {since}"),
    "lapses": Words(", lapses at {lapses_at}"),
}

COLUMNS = (
    "kind",
    "product",
    "shop",
    "standard",
    "state",
    "since",
    "lapses_at",
    "why",
    "entry",
    "id",
)
"""Of a sheet."""

SinceOption = Annotated[
    int | None,
    typer.Option(
        "--since", min=1, help="What changed since the log had so many entries; all else."
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(labels)


def labels(
    since: SinceOption = None,
    directory: DirOption = None,
    server: ServerOption = None,
    csv: CsvOption = None,
    xlsx: XlsxOption = None,
    zone: ZoneOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the quality labels and labelled listings, or what changed of them since a size."""
    spoken = language(lang)
    sheets = sheets_of(csv, xlsx, zone, spoken)
    url = chosen_server(server, directory)
    if url is None:
        found = _here(open_ledger(directory), since, spoken)
    else:
        found = _there(url, since, spoken)
        note(NOT_VERIFIED)
    if sheets.wanted:
        from ledger.phrases.type_words import type_word
        from ledger.tables.answered import Listing

        told = [
            row
            | {"kind": type_word(row["kind"], spoken), "state": STATES[row["state"]].to(spoken)}
            | {"why": row["reasons"]}
            for row in found["items"]
        ]
        names = {id_: name for row in told for id_, name in row.get("names", {}).items()}
        sheets.write([Listing("items", COLUMNS, told)], names)
    emit(as_json, found, _lines(found, spoken))


def _here(log: "Log", since: int | None, lang: Lang) -> dict[str, Any]:
    from ledger.answering.feed import LabelFeed

    feed = LabelFeed(log)
    page = feed.page(since=since, limit=PAGE)
    found = {"since": page.since, "size": page.size, "at": format_us(page.time_us)}
    rows = [item.row(lang) for item in page.items]
    after: Key | None = page.after
    while after is not None:
        more = feed.page(since=page.since, size=page.size, after=after, limit=PAGE)
        rows += [item.row(lang) for item in more.items]
        after = more.after
    return found | {"total": page.total, "items": rows}


def _there(url: str, since: int | None, lang: Lang) -> dict[str, Any]:
    from ledger.client.transport import Server

    server = Server(url)
    opened.callback(server.close)
    if server.warning is not None:
        note(server.warning)
    asked = {"limit": str(PAGE), "lang": lang} | ({} if since is None else {"since": str(since)})
    rows: list[dict[str, Any]] = []
    while True:
        path = f"/v1/labels?{urlencode(asked)}"
        answer = server.get(path, limit=MAX_PAGE_SIZE)
        if answer.status == 400 and since is not None:  # noqa: PLR2004
            raise SizeError(server.unexpected(path.partition("?")[0], answer))
        if answer.status != 200:  # noqa: PLR2004
            raise server.unexpected(path.partition("?")[0], answer)
        page = json.loads(answer.body)
        rows += page["items"]
        if page["next"] is None:
            return {name: page[name] for name in ("since", "size", "at", "total")} | {"items": rows}
        asked["cursor"] = page["next"]


def _lines(found: dict[str, Any], lang: Lang) -> Iterator[str]:
    from ledger.phrases import with_names

    yield WORDS["head"].to(lang).format_map(found)
    for row in found["items"]:
        told = row | {"state": STATES[row["state"]].to(lang)}
        line = WORDS[row["kind"]].to(lang).format_map(told)
        if row["since"] is not None:
            line += WORDS["since"].to(lang).format_map(told)
        if row["lapses_at"] is not None:
            line += WORDS["lapses"].to(lang).format_map(told)
        yield from with_names([line], row.get("names", {}), lang)
        yield from (f"  {sentence}" for sentence in row["why"])
