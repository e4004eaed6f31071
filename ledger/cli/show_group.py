"""show and receipt: one entry, decoded, with what became of it and its proof."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.common import DirOption, JsonOption, emit, format_time, open_ledger, write_file

if TYPE_CHECKING:
    from ledger.log import Log
    from ledger.store.reads import Snapshot


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    for command in (show, receipt):
        app.command()(command)


def show(
    entry: Annotated[str, typer.Argument(help="An id (64 hex digits) or an index.")],
    output: Annotated[
        Path | None, typer.Option("-o", help="Write the statement's bytes here.")
    ] = None,
    directory: DirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one entry, decoded, with its histories and its proof."""
    from ledger.cli.entries import find_entry
    from ledger.publisher import require_head
    from ledger.store.reads import reading
    from ledger.tlog.merkle import prove_inclusion

    log = open_ledger(directory)
    with reading(log.engine) as snapshot:
        size = require_head(snapshot).size
        found = find_entry(snapshot, entry)
        index = found.index
        seal = snapshot.seal_behind(index)
        path = prove_inclusion(index, size, log.publisher.tree(snapshot, size))
        row = _entry_row(log, snapshot, found, size)
    if output is not None:
        write_file(output, found.statement.leaf)
    row |= {
        "registered_at": None if seal is None else format_time(seal[1]),
        "proof": {"size": size, "index": index, "path": [item.hex() for item in path]},
    }
    emit(as_json, row, _entry_lines(row))


def _payload(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.hex()


def _entry_row(log: "Log", snapshot: "Snapshot", entry: Any, size: int) -> dict[str, Any]:
    from ledger.rules.state import key_state
    from ledger.statements.catalogue import histories_of, type_name

    statement = entry.statement
    state = key_state(log.view(snapshot, size), statement.kid)
    return {
        "index": entry.index,
        "id": statement.id.hex(),
        "type": type_name(entry.body),
        "content_type": statement.content_type,
        "issuer": statement.issuer,
        "subject": statement.subject,
        "issued_at": format_time(statement.issued_at * 1_000_000),
        "kid": statement.kid.hex(),
        "key_bound_by": None if state is None else state.bound_by,
        "possession": _possession(statement, state),
        "histories": [list(topic) for topic in histories_of(statement, entry.body)],
        "payload": _payload(statement.payload),
    }


def _possession(statement: Any, state: Any) -> str:
    """Say how it is known that the issuer holds the key; this statement itself may show it."""
    from ledger.errors import SignatureError

    if state is None:
        return "unknown"
    if state.possession:
        return "proven at registration"
    try:
        statement.verify(state.key)
    except SignatureError:
        return "unproven"
    return "shown by this statement's signature"


def _entry_lines(row: dict[str, Any]) -> list[str]:
    lines = [
        f"{name}: {row[name]}"
        for name in ("index", "id", "type", "content_type", "issuer", "subject")
    ]
    lines += [
        f"issued at {row['issued_at']}, registered at {row['registered_at']}",
        f"key {row['kid']} (bound by: {row['key_bound_by']}; possession: {row['possession']})",
        *(f"history ({topic}, {subject})" for topic, subject in row["histories"]),
        f"included in the tree of {row['proof']['size']} by {len(row['proof']['path'])} hashes",
        row["payload"],
    ]
    return lines


def receipt(
    entry: Annotated[str, typer.Argument(help="An id (64 hex digits) or an index.")],
    output: Annotated[Path, typer.Option("-o", help="Write the receipt here.")],
    directory: DirOption = None,
) -> None:
    """Write the receipt of an entry: the same bytes each time."""
    from ledger.cli.entries import find_index
    from ledger.store.reads import reading

    log = open_ledger(directory)
    with reading(log.engine) as snapshot:
        index = find_index(snapshot, entry)
    write_file(output, log.receipt(index))
