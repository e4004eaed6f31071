"""backup, restore: a ledger as files that bring it back, on either database."""

import contextlib
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.audit_group import (
    OptionalTrust,
    WorkersOption,
    hold_genesis,
    log_key_of,
    report_row,
)
from ledger.cli.common import (
    DirOption,
    JsonOption,
    emit,
    open_engine,
    progress_of,
    read_trust,
    settings_of,
    spoken_to,
)
from ledger.cli.opening import open_ledger
from ledger.errors import StorageError, UsageError
from ledger.primitives.durable import make_folder, storage
from ledger.primitives.instant import format_us
from ledger.texts import saying

if TYPE_CHECKING:
    from ledger.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("backup")(backup_command)
    app.command("restore")(restore_command)


def backup_command(
    folder: Annotated[Path, typer.Argument(help="A directory that does not exist yet.")],
    directory: DirOption = None,
    with_keys: Annotated[
        bool,
        typer.Option("--with-keys", help="The key files too (0600): whoever reads them can sign."),
    ] = False,
    workers: WorkersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Back a ledger up, while it is served or not, and verify what was written."""
    from ledger.cli.disclosures import FOLDER
    from ledger.cli.ledger_group import trust_lines_of
    from ledger.evidence.trust_text import text_of
    from ledger.files.backup import note_backup
    from ledger.settings import directory_of
    from ledger.writing.backup import back_up

    began = time.monotonic()
    home = directory_of(directory).resolve()
    settings = settings_of(home)
    log = open_ledger(home)  # signs what a crash left unsigned
    trust = text_of(trust_lines_of(log), spoken_to(sys.argv))
    made = back_up(
        log,
        settings,
        folder.resolve(),
        now_us=time.time_ns() // 1_000,
        with_keys=with_keys,
        trust=trust,
        workers=workers,
    )
    took_s = time.monotonic() - began
    with contextlib.suppress(StorageError):  # the backup is there; only its figure is missing
        note_backup(home)
    report = made.report
    row = report_row(report) | {
        "directory": str(folder),
        "bytes": made.size_bytes,
        "seconds": round(took_s, 1),
        "keys": with_keys,
    }
    apart = [] if with_keys or settings.mirror else ["keys"]
    apart += [FOLDER] if (home / FOLDER).is_dir() else []
    lines = [
        saying(
            "backup {folder}: {size} entries of {origin}, root {root}",
            folder=folder,
            size=report.size,
            origin=report.origin,
            root=report.root.hex(),
        ),
        saying("newest checkpoint of {last_time_us}", last_time_us=format_us(report.last_time_us)),
        saying(
            "{size_bytes} bytes, read back and verified, {took_s:.1f} s",
            size_bytes=made.size_bytes,
            took_s=took_s,
        ),
    ]
    if apart:
        lines.append(
            saying(
                "not in it: {apart}; keep them apart, or there is no way back",
                apart=", ".join(apart),
            )
        )
    emit(as_json, row, lines)


def restore_command(
    source: Annotated[Path, typer.Argument(help="A backup.", metavar="BACKUP")],
    directory: DirOption = None,
    to: Annotated[
        str | None,
        typer.Option(
            help="The database it goes to: a URL, or a SQLite path in the directory; by default what "
            "PINYUAN_DB or the settings say."
        ),
    ] = None,
    trust: OptionalTrust = None,
    workers: WorkersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a backup back, verified first; what comes of it is a copy until pinyuan db anchor."""
    from ledger.audit.backups import verify_backup
    from ledger.files.backup import BackupReader
    from ledger.settings import FILE, directory_of, secret_from
    from ledger.store.engine import without_password
    from ledger.writing.put_back import check_inside, put_back, settings_in

    source, home = source.resolve(), directory_of(directory).resolve()
    policy = None if trust is None else read_trust(trust)
    log_key = log_key_of(policy, lambda: BackupReader(source))
    report = verify_backup(source, replay=True, log_key=log_key, workers=workers)
    hold_genesis(report.genesis_id, policy)
    there = (home / FILE).exists()
    settings = settings_of(home) if there else settings_in(source, home)
    if settings.origin != report.origin:
        raise UsageError(
            "the backup is of {origin}, the ledger in {home} is {origin_2}",
            origin=report.origin,
            home=home,
            origin_2=settings.origin,
        )
    if not there:
        check_inside(source, settings, named=bool(to or secret_from("PINYUAN_DB")))
    db = to or without_password(settings.db)
    settings = replace(settings, db=to or settings.db)
    _make_room(settings)
    why = put_back(
        source,
        settings,
        open_engine(settings.database_url),
        db=db,
        progress=progress_of(report.size, "restored: "),
    )
    row: dict[str, Any] = report_row(report) | {
        "directory": str(home),
        "database": without_password(settings.database_url),
        "read_only": why,
    }
    lines = [
        saying(
            "restored: {size} entries of {origin} in {row}",
            size=report.size,
            origin=report.origin,
            row=row["database"],
        ),
        saying(
            "newest checkpoint of {last_time_us}, root {root}",
            last_time_us=format_us(report.last_time_us),
            root=report.root.hex(),
        ),
        *_next(settings, why),
    ]
    emit(as_json, row, lines)


def _make_room(settings: "Settings") -> None:
    """Make the directory of a SQLite file, without which nobody can ask whether it is there."""
    if settings.database_url.startswith("sqlite:///"):
        path = Path(settings.database_url.removeprefix("sqlite:///"))
        with storage(path.parent):
            make_folder(path.parent, mode=0o700)


def _next(settings: "Settings", why: str | None) -> list[str]:
    """Return what is left to do, command by command."""
    if settings.mirror:
        return [
            saying(
                "next: pinyuan mirror {directory} takes what is new since",
                directory=settings.directory,
            )
        ]
    keys = [settings.operator_key, *([] if settings.log_socket else [settings.log_key])]
    missing = [str(path) for path in keys if not path.exists()]
    lines = (
        [saying("keys are missing: put them at {missing} (0600)", missing=", ".join(missing))]
        if missing
        else []
    )
    if why is None:
        return [*lines, saying("next: pinyuan serve")]
    newer = saying(
        "what was published since: pinyuan import DIR with an export of the published log"
    )
    return [
        *lines,
        saying("read-only: {why}", why=why),
        saying(
            "next: {newer}; then, if nobody writes another copy: pinyuan db anchor", newer=newer
        ),
    ]
