"""search: which things a name may stand for, here or behind a server."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

import typer

from ledger.cli.common import DirOption, JsonOption, LangOption, emit, language
from ledger.cli.completing import completed
from ledger.cli.listed import CsvOption, XlsxOption, ZoneOption, sheets_of
from ledger.cli.server import FirstUseOption, ServerOption, ServerTrustOption, chosen_server
from ledger.cli.spoken import ARGUMENTS
from ledger.errors import ServerError, UsageError
from ledger.texts import Lang, Words
from ledger.texts.joints import listed

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.answering.searched import Things
    from ledger.cli.at_hand import Served
    from ledger.histories.history import View

MAX_PAGE_SIZE = 1 << 20
MAX_SHOWN = 20
WORDS = {
    "row": Words("{names} ({kind}, {id}; [{roles}; ]{match}; entry {entry})"),
    "unnamed": Words("{id} ({kind}; {match}; entry {entry})"),
    "head": Words("things that may be meant: {total}, of {compared} compared as of size {size}"),
    "cut": Words("the nearest {shown} are shown"),
    "some": Words("only the newest registrations were compared"),
    "none": Words("nothing of that or a similar name is on record"),
    "said_by": Words("what is shown of each is proven; that there is nothing else is the word of {url}"),
}  # fmt: skip
MATCHES = {"same": Words("same"), "part": Words("part of it"), "near": Words("near")}


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(search)


def search(
    name: Annotated[
        str,
        typer.Argument(
            help="A name, a part of it, a lot's number, or an id.",
            autocompletion=completed("party"),
        ),
    ],
    directory: DirOption = None,
    server: ServerOption = None,
    trust: ServerTrustOption = None,
    first_use: FirstUseOption = False,
    csv: CsvOption = None,
    xlsx: XlsxOption = None,
    zone: ZoneOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find parties, products, marks, places, shops and lots by name: the same, such as have it in theirs, such as are near."""
    spoken = language(lang)
    sheets = sheets_of(csv, xlsx, zone, spoken)
    if not name.strip():
        raise UsageError("{flag}: empty", flag=ARGUMENTS["name"])
    url = chosen_server(server, directory, trust, first_use=first_use, exports=True)
    if url is None:
        found = _here(directory, trust, name).value()
    else:
        from ledger.cli.at_hand import Served

        found = _there(Served(url, trust, first_use=first_use), name)
    if sheets.wanted:
        from ledger.tables.answered import Listing

        columns = ("kind", "id", "names", "roles", "match", "entry")
        sheets.write([Listing("things", columns, _told(found, spoken))], {})
    emit(as_json, found, _lines(found, url, spoken))


def _here(directory: "Path | None", trust: "Path | None", name: str) -> "Things":
    """Return what a ledger, a mirror or an export has of a name."""
    from ledger.cli.exported import in_memory

    export = in_memory(directory, trust)
    if export is None:
        from ledger.answering.searched_here import find_named
        from ledger.cli.opening import open_ledger

        return find_named(open_ledger(directory), name)
    from ledger.answering.searched import TYPES, gathered, named_so

    known = gathered(export.of_types(TYPES))
    with export.reading() as view:
        return named_so(known, name, view, export.size(), complete=True)


def _told(found: dict[str, Any], lang: Lang) -> list[dict[str, Any]]:
    """Return what was found, each with its kind, names and roles in words."""
    from ledger.identifiers.kinds import Kind
    from ledger.tables.names import called
    from ledger.tables.wanted import choice

    return [
        row
        | {
            "kind": Kind(row["kind"]).to(lang),
            "names": called(row["names"], lang),
            "roles": listed((choice(role, lang) for role in row["roles"]), lang),
            "match": MATCHES[row["match"]].to(lang) if row["match"] in MATCHES else row["match"],
        }
        for row in found["things"]
    ]


def _there(there: "Served", name: str) -> dict[str, Any]:
    """Return what a server finds, each thing as its proven history has it.

    Raises:
        ServerError: it names a thing that is not on record, or answers in another form.

    """
    from ledger.tables.names import CALLED

    path = f"/v1/names?{urlencode({'name': name})}"
    raw = there.client.server.require(path, limit=MAX_PAGE_SIZE)
    try:
        found = json.loads(raw)
        counts = {item: int(found[item]) for item in ("total", "compared", "size")}
        told = [
            (str(row["kind"]), str(row["id"]), int(row["entry"]), str(row["match"]))
            for row in found["things"][:MAX_SHOWN]
            if row["kind"] in CALLED
        ]
        complete = bool(found["complete"])
    except (ValueError, TypeError, KeyError) as error:
        raise ServerError(
            "GET /v1/names: the server answers in another form than it describes"
        ) from error
    with there.reading() as view:
        rows = [_proven(view, kind, id_, at) | {"match": match} for kind, id_, at, match in told]
    return {"things": rows, **counts, "complete": complete}


def _proven(view: "View", kind: str, id_: str, at: int) -> dict[str, Any]:
    """Return what a thing is called by its complete history: a party by the newest, all else by the entry named."""
    from ledger.identifiers import product_of
    from ledger.questions.names import TOPICS, names_of
    from ledger.tables.names import called_in, roles_in

    topic = "lot" if kind == "lot" else TOPICS[kind]
    for entry in reversed(view.history(topic, id_).entries()):
        said = called_in(entry)
        if said is None or (said.kind, said.id) != (kind, id_):
            continue
        if kind == "party" or entry.index == at:
            names = said.names
            if kind == "lot":  # called as its product is
                names = names_of(view, (id_,), None).get(product_of(id_), {})
            return {
                "kind": kind,
                "id": id_,
                "names": dict(names),
                "roles": list(roles_in(entry)),
                "entry": entry.index,
            }
    raise ServerError("GET /v1/names: the server names {id}, and nobody registered it so", id=id_)


def _lines(found: dict[str, Any], url: str | None, lang: Lang) -> Iterator[str]:
    from ledger.phrases import filled

    rows = _told(found, lang)
    for row in rows:
        told = {name: str(value) for name, value in row.items() if value != ""}
        yield filled(WORDS["row" if row["names"] else "unnamed"].to(lang), told)
    yield WORDS["head" if rows else "none"].to(lang).format_map(found)
    if len(rows) < found["total"]:
        yield WORDS["cut"].fill(lang, shown=len(rows))
    if not found["complete"]:
        yield WORDS["some"].to(lang)
    if url is not None:
        yield WORDS["said_by"].fill(lang, url=url)
