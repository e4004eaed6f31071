"""verify ledger, verify export: what an auditor runs; everything is derived again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.accusing import accusing, audit_fraud
from ledger.cli.common import (
    DirOption,
    FraudOption,
    JsonOption,
    emit,
    progress_of,
    read_trust,
    settings_of,
)
from ledger.errors import VerificationError
from ledger.primitives.instant import format_us
from ledger.texts import saying

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.audit import Report
    from ledger.files.reader import LedgerReader
    from ledger.tlog.note import VerifierKey
    from ledger.tlog.trust import TrustPolicy


UNPINNED = saying("the log key is the one its genesis names: give --trust to pin it")


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("ledger")(verify_ledger_command)
    app.command("export")(verify_export_command)
    app.command("backup")(verify_backup_command)


def report_row(report: "Report") -> dict[str, Any]:
    """Return a report as JSON values."""
    return {
        "origin": report.origin,
        "size": report.size,
        "root": report.root.hex(),
        "seals": report.seals,
        "histories": report.histories,
        "checkpoints": report.checkpoints,
        "replayed": report.replayed,
        "genesis": report.genesis_id.hex(),
        "last_seal": format_us(report.last_time_us),
    }


def run_audit(
    reader: "LedgerReader",
    *,
    replay: bool,
    workers: int | None,
    trust: Path | None,
    as_json: bool,
    fraud: Path | None = None,
) -> "Report":
    """Verify a whole ledger and print what it is."""
    from ledger.audit import verify_ledger

    policy = None if trust is None else read_trust(trust)
    log_key = log_key_of(policy, lambda: reader)
    progress = progress_of(reader.size())
    with accusing(fraud, policy, lambda error: audit_fraud(reader, error, log_key)):
        report = verify_ledger(
            reader, replay=replay, workers=workers, log_key=log_key, progress=progress
        )
    hold_genesis(report.genesis_id, policy)
    _say_report(report, reader.name(), replay=replay, pinned=log_key is not None, as_json=as_json)
    return report


def log_key_of(
    policy: "TrustPolicy | None", reader: "Callable[[], LedgerReader]"
) -> "VerifierKey | None":
    """Return the log key that a trust file pins: its only one, or that of the log's name.

    Args:
        policy: the trust file; without one nothing is pinned.
        reader: opens what is to be verified, which says its name in genesis.

    Raises:
        AuditError: it has no genesis.
        CannotVerifyError: the trust file does not name that log.

    """
    from ledger.audit.batches import genesis_of

    if policy is None or len(policy.logs) == 1:
        return None if policy is None else policy.logs[0]
    return policy.log_key(genesis_of(reader())[0].subject)


def hold_genesis(genesis_id: bytes, policy: "TrustPolicy | None") -> None:
    """Hold a ledger's genesis against the one that a trust file names.

    Raises:
        VerificationError: it is another one.

    """
    if policy is not None and policy.genesis not in (None, genesis_id):
        raise VerificationError("entry 0: the genesis is not the one of the trust file")


def _say_report(report: "Report", name: str, *, replay: bool, pinned: bool, as_json: bool) -> None:
    row = report_row(report)
    what = saying("hashes, chain, tree, tiles, index, seals, checkpoints, signatures")
    emit(
        as_json,
        row,
        [
            saying(
                "verified: {name}: {size} entries of {origin}, root {row}",
                name=name,
                size=report.size,
                origin=report.origin,
                row=row["root"],
            ),
            saying(
                "{seals} seals, {histories} histories, {checkpoints} checkpoints; {what}{replayed}",
                seals=report.seals,
                histories=report.histories,
                checkpoints=report.checkpoints,
                what=what,
                replayed=saying(", rules replayed") if replay else "",
            ),
            *([] if pinned else [UNPINNED]),
        ],
    )


ReplayOption = Annotated[
    bool, typer.Option("--replay", help="Also review every statement by the rules.")
]
WorkersOption = Annotated[
    int | None, typer.Option(help="Processes; one for each processor by default.")
]
OptionalTrust = Annotated[Path | None, typer.Option("--trust", help="Pin the log key and genesis.")]


def verify_ledger_command(
    directory: DirOption = None,
    db: Annotated[str | None, typer.Option(help="A database URL instead of --dir.")] = None,
    replay: ReplayOption = False,
    workers: WorkersOption = None,
    trust: OptionalTrust = None,
    as_json: JsonOption = False,
) -> None:
    """Re-derive a whole database from its entries' bytes; name the first thing that is wrong."""
    from ledger.store.ledger_reader import DatabaseReader

    reader = DatabaseReader(db or settings_of(directory).database_url)
    try:
        run_audit(reader, replay=replay, workers=workers, trust=trust, as_json=as_json)
    finally:
        reader.close()


def verify_export_command(
    folder: Annotated[
        Path, typer.Argument(help="An export: its directory, or the file that --parquet wrote.")
    ],
    replay: ReplayOption = False,
    workers: WorkersOption = None,
    trust: OptionalTrust = None,
    fraud: FraudOption = None,
    as_json: JsonOption = False,
) -> None:
    """Re-derive a whole export from its entries' bytes; name the first thing that is wrong."""
    from ledger.files.archive import DirectoryReader
    from ledger.tables.parquet import ParquetReader, is_parquet

    reader = ParquetReader(folder) if is_parquet(folder) else DirectoryReader(folder)
    run_audit(reader, replay=replay, workers=workers, trust=trust, as_json=as_json, fraud=fraud)


def verify_backup_command(
    folder: Annotated[Path, typer.Argument(help="What pinyuan backup made.")],
    replay: ReplayOption = False,
    workers: WorkersOption = None,
    trust: OptionalTrust = None,
    as_json: JsonOption = False,
) -> None:
    """Verify a backup: every file's digest, every leaf; name the first thing that is wrong."""
    from ledger.audit.backups import verify_backup
    from ledger.files.backup import BackupReader

    policy = None if trust is None else read_trust(trust)
    log_key = log_key_of(policy, lambda: BackupReader(folder))
    report = verify_backup(folder, replay=replay, log_key=log_key, workers=workers)
    hold_genesis(report.genesis_id, policy)
    name = saying("backup {folder}", folder=folder)
    _say_report(report, name, replay=replay, pinned=log_key is not None, as_json=as_json)
