"""Backing a ledger up while it is written, and verifying what was written.

The log is append-only, so one snapshot of it, up to a checkpoint, is consistent on any database,
and the same files bring it back on any. A backup has its name when all of it is on disk and was
read back and verified; one that was killed leaves ``.<name>.partial``, without sums.
"""

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ledger import __version__
from ledger.audit import Report, verify_ledger
from ledger.errors import ReadOnlyError
from ledger.files import backup
from ledger.files.archive import export
from ledger.files.backup import BackupReader
from ledger.files.sums import check_sums, write_sums
from ledger.primitives.durable import new_folder, replace_file
from ledger.primitives.instant import format_us
from ledger.settings import Settings, format_settings
from ledger.store.engine import without_password
from ledger.store.ledger_reader import DatabaseReader
from ledger.writing.log import Log

UNFIT = ("BEHIND_PUBLISHED", "SPLIT_VIEW")  # the published log is another one than this


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What was backed up: the audit of what was written, and how many bytes that is."""

    report: Report
    size_bytes: int


def back_up(
    log: Log,
    settings: Settings,
    folder: Path,
    *,
    now_us: int,
    with_keys: bool = False,
    trust: str = "",
    workers: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> BackedUp:
    """Back up a ledger, which may be written meanwhile, into a new directory, and verify it there.

    Args:
        log: the ledger, opened.
        settings: of its directory.
        folder: does not exist yet.
        now_us: when it is made.
        with_keys: the key files too, as they are (0600).
        trust: text of a trust file to go with it.
        workers: processes that verify; the processors' number by default.
        progress: called with the number of entries written.

    Raises:
        UsageError: the directory exists, or nothing is signed yet.
        ReadOnlyError: what is here is not the log that was published.
        AuditError, VerificationError: an entry is not what was committed.
        StorageError: disk or database refused.

    """
    if (log.read_only or "").startswith(UNFIT):
        raise ReadOnlyError(log.read_only)
    with new_folder("backup", folder, mode=0o700) as partial:
        _write_log(settings.database_url, partial, progress)
        _write_beside(settings, partial, trust, with_keys=with_keys)
        report = verify_ledger(BackupReader(partial), workers=workers, log_key=log.vkey)
        _write_about(partial, report, now_us, with_keys=with_keys)
        write_sums(partial)
        return BackedUp(report, check_sums(partial))


def _write_log(url: str, folder: Path, progress: Callable[[int], None]) -> None:
    """Write what the database holds, out of one snapshot."""
    with contextlib.closing(DatabaseReader(url)) as reader:
        size = export(reader, folder / backup.LOG, progress=progress)
        cosigned = backup.encode_cosigned(reader.checkpoints(0, size))
        attached = backup.encode_attached(reader.attached(size))
    replace_file(folder / backup.COSIGNED, cosigned)
    replace_file(folder / backup.ATTACHED, attached)


def _write_beside(settings: Settings, folder: Path, trust: str, *, with_keys: bool) -> None:
    """Write settings, trust and keys."""
    text = format_settings(settings, without_password(settings.db))
    replace_file(folder / backup.SETTINGS, text.encode(), mode=0o600)
    if trust:
        replace_file(folder / backup.TRUST, trust.encode())
    if not with_keys:
        return
    keys = {backup.OPERATOR_KEY: settings.operator_key}
    if not settings.log_socket:  # the signer's key is the signer's
        keys[backup.LOG_KEY] = settings.log_key
    for name, path in keys.items():
        replace_file(folder / backup.KEYS / name, path.read_bytes(), mode=0o600, folder_mode=0o700)


def _write_about(folder: Path, report: Report, now_us: int, *, with_keys: bool) -> None:
    about = {
        "format": backup.FORMAT,
        "release": __version__,
        "origin": report.origin,
        "size": report.size,
        "root": report.root.hex(),
        "last_seal": format_us(report.last_time_us),
        "made": format_us(now_us),
        "keys": with_keys,
    }
    replace_file(folder / backup.ABOUT, json.dumps(about, indent=1).encode() + b"\n")
