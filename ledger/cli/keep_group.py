"""export, import, db: keeping a ledger and bringing one back."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.audit_group import UNPINNED, hold_genesis, log_key_of
from ledger.cli.common import (
    DirOption,
    JsonOption,
    emit,
    note,
    open_engine,
    read_trust,
    settings_of,
)
from ledger.cli.server import FirstUseOption, ServerOption, ServerTrustOption, chosen_server
from ledger.errors import ReadOnlyError, UsageError
from ledger.texts import saying

if TYPE_CHECKING:
    from ledger.files.reader import LedgerReader

NOBODY_ASKED = saying(
    "nobody was asked whether there is more: pinyuan.toml names no [[witness]] and no [[published]]"
)

db_app = typer.Typer(
    help="The database under a ledger.", no_args_is_help=True, rich_markup_mode=None
)


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("export")(export_command)
    app.command("import")(import_command)


def export_command(
    folder: Annotated[
        Path,
        typer.Argument(help="A directory that does not exist yet; with --parquet, such a file."),
    ],
    parquet: Annotated[
        bool,
        typer.Option(
            "--parquet",
            help="Write one Parquet file instead, a row for each entry, for DuckDB and other tools.",
        ),
    ] = False,
    directory: DirOption = None,
    server: ServerOption = None,
    trust: ServerTrustOption = None,
    first_use: FirstUseOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write the whole ledger as tiles, entry bundles and checkpoints."""
    from ledger.files.archive import export
    from ledger.tables.parquet import write_parquet

    with _whole(directory, server, trust, first_use=first_use) as reader:
        size = write_parquet(reader, folder) if parquet else export(reader, folder)
    emit(
        as_json,
        {"size": size, "file" if parquet else "directory": str(folder)},
        [saying("{size} entries in {folder}", size=size, folder=folder)],
    )


@contextlib.contextmanager
def _whole(
    directory: Path | None, server: str | None, trust: Path | None, *, first_use: bool
) -> "Iterator[LedgerReader]":
    """Read a whole ledger: a server's, an export's, or the one in a directory."""
    from ledger.cli.opening import export_in, open_ledger

    if (url := chosen_server(server, directory, trust, first_use=first_use)) is not None:
        from ledger.cli.remote import reader_of

        yield reader_of(url, trust, first_use=first_use)
        return
    if (there := export_in(directory)) is not None:
        from ledger.files.archive import DirectoryReader

        yield DirectoryReader(there)
        return
    from ledger.store.ledger_reader import DatabaseReader

    open_ledger(directory)  # signs what a crash left unsigned
    with contextlib.closing(DatabaseReader(settings_of(directory).database_url)) as reader:
        yield reader


def import_command(
    folder: Annotated[Path, typer.Argument(help="An export.")],
    db: Annotated[str | None, typer.Option(help="A database URL, instead of --dir's.")] = None,
    directory: DirOption = None,
    trust: Annotated[
        Path | None, typer.Option("--trust", help="Pin the log key and genesis.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Rebuild a database from an export alone, or bring one that fell behind up to it.

    Into a directory without a ledger: a mirror, which has no keys and can be read.
    """
    from ledger.audit import verify_ledger
    from ledger.cli.mirroring import follow_into, key_of, named, source_of
    from ledger.files.anchor import Anchor
    from ledger.files.archive import DirectoryReader
    from ledger.settings import FILE, directory_of
    from ledger.tlog.checkpoint import parse_checkpoint
    from ledger.tlog.note import decode_note
    from ledger.writing.restore import restore

    if db is None and not (directory_of(directory) / FILE).exists():
        target = directory_of(directory).absolute()
        if trust is None:
            note(UNPINNED)
        source = source_of(str(folder), trust)
        size = follow_into(target, source, named(str(folder)), replay=True)
        row = {"size": size, "origin": source.log_key.name, "directory": str(target)}
        emit(
            as_json,
            row,
            [
                saying(
                    "{size} entries of {name}: a mirror in {target}",
                    size=size,
                    name=source.log_key.name,
                    target=target,
                )
            ],
        )
        return
    settings = None if db is not None else settings_of(directory)
    url = db if settings is None else settings.database_url
    assert url is not None  # noqa: S101 - one of the two is there
    policy = None if trust is None else read_trust(trust)
    reader = DirectoryReader(folder)
    report = verify_ledger(reader, replay=True, log_key=log_key_of(policy, lambda: reader))
    hold_genesis(report.genesis_id, policy)
    if settings is not None and settings.origin != report.origin:
        raise UsageError(
            "the export is of {origin}, the ledger in {directory} is {origin_2}",
            origin=report.origin,
            directory=settings.directory,
            origin_2=settings.origin,
        )
    cosigners = [] if policy is None else [*policy.witnesses.values(), *policy.replayers.values()]
    if settings is not None:
        cosigners += [*(item.vkey for item in settings.witnesses), *settings.replayers]
    newest = restore(open_engine(url), reader, report.origin, cosigners=cosigners)
    if settings is not None:
        size = parse_checkpoint(decode_note(newest.encode()).text).size
        anchor = Anchor(settings.anchor, key_of(reader))
        anchor.advance(size, newest)
        anchor.settle(again=True)
        anchor.go_on()  # opening it asks those who see this log once more
    emit(
        as_json,
        {"size": report.size, "root": report.root.hex(), "checkpoint": newest},
        [
            saying(
                "{size} entries of {origin}, root {root}",
                size=report.size,
                origin=report.origin,
                root=report.root.hex(),
            )
        ],
    )


@db_app.command("upgrade")
def db_upgrade(
    db: Annotated[str | None, typer.Option(help="A database URL, instead of --dir's.")] = None,
    directory: DirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the schema up to this release, or make it in an empty database."""
    from ledger.settings import secret_from
    from ledger.store.schema import REVISION, upgrade

    url = db or secret_from("PINYUAN_DB")
    upgrade(open_engine(settings_of(directory).database_url if url is None else url))
    emit(as_json, {"schema": REVISION}, [saying("schema {revision}", revision=REVISION)])


@db_app.command("check")
def db_check(directory: DirOption = None, as_json: JsonOption = False) -> None:
    """Check schema, newest entries, index root and anchor; sign what a crash left unsigned."""
    from ledger.cli.opening import open_ledger
    from ledger.errors import StorageError
    from ledger.store.schema import differences

    log = open_ledger(directory)
    found = differences(log.engine)
    if found:
        raise StorageError("the schema is not this release's: {found}", found=found[0])
    if log.read_only is not None and not log.mirror:
        raise ReadOnlyError(log.read_only)
    emit(as_json, {"ok": True}, [saying("ok")])


@db_app.command("rebuild")
def db_rebuild(directory: DirOption = None, as_json: JsonOption = False) -> None:
    """Make index, tiles, seals and head again from the entries."""
    from ledger.writing.restore import rebuild

    settings = settings_of(directory)
    size = rebuild(open_engine(settings.database_url), settings.origin)
    emit(as_json, {"size": size}, [saying("{size} entries", size=size)])


@db_app.command("anchor")
def db_anchor(
    directory: DirOption = None,
    unasked: Annotated[
        bool,
        typer.Option(help="Go on although some of those who see this log do not answer."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Say that this is the newest and only copy: behind a lost anchor, a copied directory, a stop."""
    from ledger.cosigning.asking import ask_once
    from ledger.cosigning.elsewhere import go_on, head_size
    from ledger.settings import why_mirror
    from ledger.writing.opening import open_log

    settings = settings_of(directory)
    if settings.mirror:
        raise ReadOnlyError(
            "{why_mirror}; nobody writes on from it: pinyuan mirror takes what is new",
            why_mirror=why_mirror(settings),
        )
    log = open_log(open_engine(settings.database_url), anchor_path=settings.anchor)
    size, anchored, reason = head_size(log), log.anchor.read(), log.read_only
    if anchored is not None and anchored[0].size > size:
        raise UsageError(
            "the anchor is of size {size}, the database of {size_2}: the database is behind: bring it forward with pinyuan import DIR",
            size=anchored[0].size,
            size_2=size,
        )
    if (log.publisher.read_only or "").startswith("BEHIND_PUBLISHED"):
        raise ReadOnlyError(log.publisher.read_only)  # the anchor itself contradicts what is here
    if reason is None and anchored is not None and anchored[0].size == size:
        said = saying(
            "the anchor is of size {size}, the database of {size}: nothing to do", size=size
        )
        emit(as_json, {"size": size, "anchored": False}, [said])
        return
    asked = ask_once(log, settings.witnesses, settings.published)
    for status in asked:
        if status.contradicts:
            raise ReadOnlyError(status.error)
    silent = [status for status in asked if status.error is not None]
    for status in silent:
        note(f"{status.name}: {status.error}")
    if silent and not unasked:
        raise UsageError(
            "{count} of the {count_2} who see this log did not answer: try again, or go on without them by --unasked; nothing was changed",
            count=len(silent),
            count_2=len(asked),
        )
    go_on(log)
    agree = saying(
        "{count} of {total} who see this log agree",
        count=len(asked) - len(silent),
        total=len(asked),
    )
    said = saying(
        "anchored at size {size}; {agree}", size=size, agree=agree if asked else NOBODY_ASKED
    )
    emit(as_json, {"size": size, "anchored": True}, [said])
