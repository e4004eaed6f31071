"""Verifying a backup, with the base install alone: every digest, then the log in it."""

from collections.abc import Callable
from pathlib import Path

from ledger.audit import Report, verify_ledger
from ledger.errors import AuditError, StorageError
from ledger.files.backup import ABOUT, BackupReader, decode_about
from ledger.files.sums import check_sums
from ledger.tlog.note import VerifierKey


def verify_backup(
    folder: Path,
    *,
    replay: bool = False,
    log_key: VerifierKey | None = None,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Verify a backup: every file's digest, every leaf against the signed trees; return what it is.

    Args:
        folder: the backup.
        replay: also review every statement by the registration rules.
        log_key: the log key it must have; without one, the key its genesis names.
        workers: processes; the processors' number by default.
        progress: called with the number of entries verified so far.

    Raises:
        AuditError: names the first file or entry that is wrong.
        StorageError: there is none, or a file cannot be read.

    """
    if not folder.is_dir():
        msg = f"backup {folder}: no such directory"
        raise StorageError(msg)
    check_sums(folder)
    try:
        about = decode_about((folder / ABOUT).read_bytes())
    except OSError as error:
        raise AuditError(ABOUT, "file", "it is missing: this is no backup") from error
    reader = BackupReader(folder)
    report = verify_ledger(
        reader, replay=replay, workers=workers, log_key=log_key, progress=progress
    )
    if (about["origin"], about["size"], about["root"]) != (
        report.origin,
        report.size,
        report.root.hex(),
    ):
        raise AuditError(ABOUT, "size", "not that of the log beside it")
    for _ in reader.attached():
        pass
    return report
