"""Verifying a backup, with the base install alone: every digest, the log in it, what lies beside it.

Whatever is read of a restored ledger is read here first: sums that were made anew prove nothing.
"""

from collections.abc import Callable
from pathlib import Path

from ledger.audit import Report, verify_ledger
from ledger.cose.keys import check_private_pem
from ledger.errors import AuditError, CannotVerifyError, MalformedError, StorageError, UsageError
from ledger.files.archive import naming_file
from ledger.files.backup import ABOUT, KEYS, SETTINGS, TRUST, BackupReader, decode_about
from ledger.files.sums import check_sums
from ledger.primitives.bounded import read_at_most
from ledger.primitives.instant import format_us
from ledger.settings import parse_settings
from ledger.texts import saying
from ledger.texts.joints import NONE
from ledger.tlog.note import VerifierKey
from ledger.tlog.trust import parse_trust

MAX_TEXT = 1 << 20  # of each file beside the log


def verify_backup(
    folder: Path,
    *,
    replay: bool = False,
    log_key: VerifierKey | None = None,
    workers: int | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Verify a backup: every file's digest, every leaf against the signed trees, the rest as it is read.

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
        raise StorageError("backup {folder}: no such directory", folder=folder)
    check_sums(folder)
    about = decode_about(_bytes(folder, ABOUT))
    reader = BackupReader(folder)
    report = verify_ledger(
        reader, replay=replay, workers=workers, log_key=log_key, progress=progress
    )
    is_ = {"origin": report.origin, "size": report.size, "root": report.root.hex()}
    is_["last_seal"] = format_us(report.last_time_us)
    for name, value in is_.items():
        if about[name] != value:
            raise AuditError(ABOUT, name, saying("not that of the log beside it"))
    for _ in reader.attached():
        pass
    _check_beside(folder, report.origin, with_keys=about["keys"])
    return report


def _check_beside(folder: Path, origin: str, *, with_keys: bool) -> None:
    """Read what lies beside the log as whoever restores it will: settings, trust file, keys."""
    try:
        text = _text(folder, SETTINGS)
        if parse_settings(text, folder, SETTINGS, {}).origin != origin:
            raise AuditError(SETTINGS, "origin", saying("not that of the log beside it"))
    except UsageError as error:
        raise AuditError(SETTINGS, "settings", error) from error
    if (folder / TRUST).exists():
        try:
            parse_trust(_text(folder, TRUST)).log_key(origin)
        except (MalformedError, CannotVerifyError) as error:
            raise AuditError(TRUST, "lines", error) from error
    keys = sorted(path.name for path in (folder / KEYS).glob("*"))
    if bool(keys) != with_keys:
        raise AuditError(
            ABOUT,
            "keys",
            saying("{keys} holds {keys_2}", keys=KEYS, keys_2=", ".join(keys) or NONE),
        )
    for name in keys:
        try:
            check_private_pem(_bytes(folder / KEYS, name))
        except MalformedError as error:
            raise AuditError(saying("{keys}/{name}", keys=KEYS, name=name), "key", error) from error


def _bytes(folder: Path, name: str) -> bytes:
    with naming_file(folder, name):
        raw = read_at_most(folder / name, MAX_TEXT)
    if len(raw) > MAX_TEXT:
        raise AuditError(name, "file", saying("more than {limit} bytes", limit=MAX_TEXT))
    return raw


def _text(folder: Path, name: str) -> str:
    try:
        return _bytes(folder, name).decode()
    except UnicodeDecodeError as error:
        raise AuditError(
            name, "text", saying("not UTF-8: {reason}", reason=error.reason)
        ) from error
