"""search: which parties a name may stand for, here or behind a server."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

import typer

from ledger.cli.common import DirOption, JsonOption, LangOption, emit, language
from ledger.cli.completing import completed
from ledger.cli.listed import CsvOption, XlsxOption, ZoneOption, sheets_of
from ledger.cli.server import FirstUseOption, ServerOption, ServerTrustOption, chosen_server
from ledger.errors import ServerError, UsageError
from ledger.texts import Lang, Words

if TYPE_CHECKING:
    from ledger.cli.at_hand import Served
    from ledger.histories.history import View

MAX_PAGE_SIZE = 1 << 20
MAX_SHOWN = 20
WORDS = {
    "row": Words("{names} ({party}; {roles}; {match}; entry {entry})"),
    "head": Words("parties that may be meant: {total}, of {compared} compared as of size {size}"),
    "cut": Words("the nearest {shown} are shown"),
    "some": Words("only the newest registrations were compared"),
    "none": Words("nobody of that or a similar name is on record"),
    "said_by": Words("what is shown of each is proven; that there are no others is the word of {url}"),
}  # fmt: skip
MATCHES = {"same": Words("same"), "part": Words("part of it"), "near": Words("near")}


def add_to(app: typer.Typer) -> None:
    """Add this command."""
    app.command()(search)


def search(
    name: Annotated[
        str,
        typer.Argument(
            help="A party's name, a part of it, or an id.", autocompletion=completed("party")
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
    """Find the ids of parties by name: the same, such as have it in theirs, such as are near."""
    spoken = language(lang)
    sheets = sheets_of(csv, xlsx, zone, spoken)
    if not name.strip():
        raise UsageError("NAME: empty")
    url = chosen_server(server, directory, trust, first_use=first_use)
    if url is None:
        from ledger.answering.parties import find_parties
        from ledger.cli.opening import open_ledger

        found = find_parties(open_ledger(directory), name).value()
    else:
        from ledger.cli.at_hand import Served

        found = _there(Served(url, trust, first_use=first_use), name)
    if sheets.wanted:
        from ledger.tables.answered import Listing

        columns = ("party", "names", "roles", "match", "entry")
        sheets.write([Listing("parties", columns, _told(found, spoken))], {})
    emit(as_json, found, _lines(found, url, spoken))


def _told(found: dict[str, Any], lang: Lang) -> list[dict[str, Any]]:
    """Return who was found, each with its names and roles in words."""
    rows = []
    for row in found["parties"]:
        match = MATCHES[row["match"]].to(lang) if row["match"] in MATCHES else row["match"]
        first = sorted(row["names"].items(), key=lambda item: item[0] != lang)
        names = " / ".join(name for _, name in first)
        rows.append(row | {"names": names, "roles": ", ".join(row["roles"]), "match": match})
    return rows


def _there(there: "Served", name: str) -> dict[str, Any]:
    """Return what a server finds, each party as its proven history has it.

    Raises:
        ServerError: it names a party that is not on record, or answers in another form.

    """
    path = f"/v1/parties?{urlencode({'name': name})}"
    raw = there.client.server.require(path, limit=MAX_PAGE_SIZE)
    try:
        found = json.loads(raw)
        counts = {item: int(found[item]) for item in ("total", "compared", "size")}
        listed = [(str(row["party"]), str(row["match"])) for row in found["parties"][:MAX_SHOWN]]
        complete = bool(found["complete"])
    except (ValueError, TypeError, KeyError) as error:
        raise ServerError(
            "GET /v1/parties: the server answers in another form than it describes"
        ) from error
    with there.reading() as view:
        rows = [_proven(view, party) | {"match": match} for party, match in listed]
    return {"parties": rows, **counts, "complete": complete}


def _proven(view: "View", party: str) -> dict[str, Any]:
    """Return how a party's names and roles stand, by its complete history."""
    from ledger.statements.identity_family import Party, PartyUpdate

    for entry in reversed(view.history("identity", party).entries()):
        body = entry.body
        if isinstance(body, Party | PartyUpdate):
            return {
                "party": party,
                "names": body.names.given,
                "roles": sorted(body.roles),
                "entry": entry.index,
            }
    raise ServerError(
        "GET /v1/parties: the server names {party}, and nobody registered it", party=party
    )


def _lines(found: dict[str, Any], url: str | None, lang: Lang) -> Iterator[str]:
    rows = _told(found, lang)
    for row in rows:
        yield WORDS["row"].to(lang).format_map(row)
    yield WORDS["head" if rows else "none"].to(lang).format_map(found)
    if len(rows) < found["total"]:
        yield WORDS["cut"].fill(lang, shown=len(rows))
    if not found["complete"]:
        yield WORDS["some"].to(lang)
    if url is not None:
        yield WORDS["said_by"].fill(lang, url=url)
