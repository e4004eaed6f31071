"""Putting a verified backup back: into an empty database, on SQLite or PostgreSQL.

The settings come last, and an anchor that says "a copy" comes first: whenever this is interrupted,
nothing that is there can be written as if it were the log. Done again, it goes on.
"""

import itertools
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine

from ledger.audit.batches import genesis_of
from ledger.errors import StorageError, UsageError
from ledger.files import backup
from ledger.files.anchor import Anchor
from ledger.files.backup import BackupReader
from ledger.files.sums import SUMS
from ledger.primitives.durable import make_folder, replace_file, sync_folder
from ledger.settings import (
    FILE,
    Settings,
    parse_settings,
    read_settings,
    write_settings,
)
from ledger.store.append import store_attached
from ledger.store.cosignatures import split_note
from ledger.store.reads import reading
from ledger.store.schema import has_ledger
from ledger.texts import cause
from ledger.tlog.note import parse_vkey
from ledger.writing.opening import open_to_read
from ledger.writing.restore import CHUNK, restore

SQLITE = "sqlite:///"
MARK = ".restoring"  # which backup is being put back here


def settings_in(source: Path, directory: Path) -> Settings:
    """Return a backup's settings as those of a directory.

    Raises:
        UsageError: they are none of this release.

    """
    path = source / backup.SETTINGS
    return parse_settings(path.read_text(encoding="utf-8"), directory, str(path))


def check_inside(source: Path, settings: Settings, *, named: bool) -> None:
    """Refuse a backup's settings that lead out of the directory they are put into.

    Nothing proves them: whoever handed the backup over could have this write anywhere.

    Args:
        source: the backup.
        settings: as it has them, of the directory.
        named: whether the database was named by whoever restores.

    Raises:
        UsageError: database or anchor would lie outside; says how to mean that.

    """
    home, file = settings.directory.resolve(), source / backup.SETTINGS
    inside = settings.database_url.removeprefix(SQLITE)
    if not named and not (
        inside != settings.database_url and Path(inside).resolve().is_relative_to(home)
    ):
        raise UsageError(
            "{file} has the database outside of {home}: if that is meant, name it with --to",
            file=file,
            home=home,
        )
    if not settings.anchor.resolve().is_relative_to(home):
        raise UsageError(
            "{file} has the anchor outside of {home}: if that is meant, copy {file} there first",
            file=file,
            home=home,
        )


def put_back(
    source: Path,
    settings: Settings,
    engine: Engine,
    *,
    db: str,
    progress: Callable[[int], None] = lambda _: None,
) -> str | None:
    """Put a backup, verified by whoever calls, into an empty database and its directory.

    What the directory has already stays: keys, and an anchor, which knows what was published.

    Args:
        source: the backup.
        settings: those of the directory it goes to; written there unless it has the same.
        engine: the database they name.
        db: how the settings file names it.
        progress: called with the number of entries written.

    Returns:
        Why the ledger is read-only as it lies there.

    Raises:
        UsageError: there is a ledger in the database already.
        LogCorruptError: what was written contradicts itself.
        StorageError: disk or database refused.

    """
    try:
        make_folder(settings.directory, mode=0o700)
        mark, name = settings.directory / MARK, sha256((source / SUMS).read_bytes()).hexdigest()
        if not (mark.exists() and mark.read_text(encoding="ascii") == name):
            _require_empty(engine, source)
            replace_file(mark, name.encode())
        _write(source, settings, engine, progress)
        log = open_to_read(settings, engine)
        _write_beside(source, settings, db)
        mark.unlink()
        sync_folder(settings.directory)
    except OSError as error:
        raise StorageError(
            "{filename}: {why}", filename=error.filename or settings.directory, why=cause(error)
        ) from error
    return log.read_only


def _require_empty(engine: Engine, source: Path) -> None:
    if not has_ledger(engine):
        return
    with reading(engine) as snapshot:
        head = snapshot.head()
    if head is None:
        return  # tables that an owner made for this
    raise UsageError(
        "there is a ledger of {size} entries in {url}: nothing was changed. Name another database with --to, or bring that one forward: pinyuan import {source}",
        size=head.size,
        url=engine.url,
        source=source / backup.LOG,
    )


def _write(
    source: Path, settings: Settings, engine: Engine, progress: Callable[[int], None]
) -> None:
    reader = BackupReader(source)
    if not settings.mirror and not settings.anchor.exists():
        log_key = parse_vkey(genesis_of(reader)[1].log_key)
        (newest,) = reader.checkpoints(reader.size() - 1, reader.size())
        Anchor(settings.anchor, log_key).make_copy(split_note(newest.note, log_key)[0])
    cosigners = [*(item.vkey for item in settings.witnesses), *settings.replayers]
    restore(engine, reader, settings.origin, cosigners=cosigners, progress=progress)
    rows = reader.attached()
    while chunk := list(itertools.islice(rows, CHUNK)):
        store_attached(engine, chunk)


def _write_beside(source: Path, settings: Settings, db: str) -> None:
    """Write keys that the backup has and the directory lacks, then the settings."""
    keys = {backup.OPERATOR_KEY: settings.operator_key, backup.LOG_KEY: settings.log_key}
    for name, path in keys.items():
        kept = source / backup.KEYS / name
        inside = path.resolve().is_relative_to(settings.directory.resolve())
        if kept.exists() and not path.exists() and inside:
            replace_file(path, kept.read_bytes(), mode=0o600, folder_mode=0o700)
    trust = source / backup.TRUST
    if trust.exists() and not (settings.directory / backup.TRUST).exists():
        replace_file(settings.directory / backup.TRUST, trust.read_bytes())
    there = (settings.directory / FILE).exists()
    if not there or read_settings(settings.directory).db != settings.db:
        write_settings(settings, db)
