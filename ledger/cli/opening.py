"""Opening a ledger for a command: its own, with its keys, or a mirror's or an export's, to be read."""

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.cli.common import make_clock, note, open_engine, opened, passphrase, settings_of
from ledger.cli.mirroring import mirrored_export
from ledger.errors import MalformedError, ReadOnlyError, StorageError
from ledger.texts import saying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.histories.history import View
    from ledger.settings import Settings
    from ledger.writing.log import Log


def export_in(directory: Path | None) -> Path | None:
    """Return the directory that the options name if it is an export, and no ledger."""
    from ledger.files.archive import CHECKPOINT
    from ledger.settings import FILE, directory_of

    folder = directory_of(directory)
    is_export = (folder / CHECKPOINT).is_file() and not (folder / FILE).exists()
    return folder if is_export else None


def settings_to_read(directory: Path | None) -> "Settings":
    """Return the settings of what the options name: a ledger, a mirror, an export mirrored for now."""
    export = export_in(directory)
    return settings_of(directory) if export is None else mirrored_export(export)


def open_ledger(
    directory: Path | None,
    *,
    now: str | None = None,
    passphrase_file: Path | None = None,
    write: bool = False,
    accept_jump: bool = False,
) -> "Log":
    """Open a ledger; with its keys when writing, or when they can be read.

    Raises:
        ReadOnlyError: what was to be written is a mirror or an export; says where to register instead.

    """
    if write and (export := export_in(directory)) is not None:
        raise ReadOnlyError(
            "{export} is an export of a log, without its keys: register with --server URL",
            export=export,
        )
    settings = settings_to_read(directory)  # where there is none, no database is missed
    from ledger.cosigning.opening import open_to_write
    from ledger.settings import open_signer, why_mirror
    from ledger.writing.opening import open_log, open_to_read

    if settings.mirror:
        if write:
            raise ReadOnlyError(why_mirror(settings))
        return open_to_read(settings, open_engine(settings.database_url))
    secret = passphrase(passphrase_file)
    signer = None
    try:
        signer = open_signer(settings, secret)
        opened.callback(signer.close)
    except (StorageError, MalformedError):
        if write:
            raise
    clock = make_clock(settings, now, accept_jump=accept_jump)
    engine = open_engine(settings.database_url)
    if write and signer is not None:
        log = open_to_write(settings, engine, clock=clock, signer=signer, report=note)
    else:
        log = open_log(engine, anchor_path=settings.anchor, clock=clock, signer=signer)
    if log.read_only is not None:
        note(saying("read-only: {read_only}", read_only=log.read_only))
    return log


@contextmanager
def reading_now(log: "Log") -> "Iterator[View]":
    """Show a ledger as it is now, for as long as it is read."""
    from ledger.store.reads import reading
    from ledger.writing.publisher import require_head

    with reading(log.engine) as snapshot:
        yield log.view(snapshot, require_head(snapshot).size)
