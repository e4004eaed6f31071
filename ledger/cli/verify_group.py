"""verify bundle, receipt, checkpoint, fraud, ledger, export: what a relying party runs.

All but ``ledger`` need the base install only, and no network.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.common import (
    DirOption,
    JsonOption,
    LangOption,
    emit,
    format_time,
    language,
    note,
    parse_now,
    read_file,
    read_trust,
    settings_of,
    write_file,
)
from ledger.cli.questions_group import given_parameters
from ledger.errors import (
    AdmissionError,
    AuditError,
    CannotVerifyError,
    CheckpointError,
    MalformedError,
    UsageError,
    VerificationError,
)

if TYPE_CHECKING:
    from ledger.audit import Report
    from ledger.fraud import Fraud
    from ledger.questions.declared import Parameter
    from ledger.reader import LedgerReader
    from ledger.tlog.note import VerifierKey
    from ledger.tlog.trust import TrustPolicy

app = typer.Typer(help="Check something offline.", no_args_is_help=True, rich_markup_mode=None)

TrustOption = Annotated[
    Path, typer.Option("--trust", help="The trust file: log key, witnesses, quorum.")
]
NowOption = Annotated[
    str | None, typer.Option("--now", help="Verify as if it were this time (UTC).")
]
FraudOption = Annotated[
    Path | None,
    typer.Option("--fraud", help="Where a fraud is found, write a proof of it for others here."),
]


def _now_us(text: str | None) -> int:
    now_us = parse_now(text)
    return time.time_ns() // 1_000 if now_us is None else now_us


def _false(error: MalformedError) -> VerificationError:
    """Turn bytes that are not in their form into a failed check: somebody altered them."""
    return VerificationError(str(error))


@contextlib.contextmanager
def _accusing(
    fraud: Path | None,
    trust: "TrustPolicy | None",
    find: "Callable[[VerificationError], Fraud | None]",
) -> Iterator[None]:
    """Write a proof of what turned out to be false, where there is one, and go on failing."""
    try:
        yield
    except VerificationError as error:
        if fraud is not None:
            raw = _fraud_proof(error, trust, find)
            if raw is None:
                note(f"{fraud}: not written: nothing here shows it to somebody else")
            else:
                write_file(fraud, raw)
                note(f"{fraud}: a proof of it for others")
        raise


def _fraud_proof(
    error: VerificationError,
    trust: "TrustPolicy | None",
    find: "Callable[[VerificationError], Fraud | None]",
) -> bytes | None:
    """Return a fraud proof's bytes if one is found and proves it to whoever has this trust file."""
    from ledger.fraud import encode_fraud, verify_fraud

    try:
        found = find(error)
        if found is None:
            return None
        raw = encode_fraud(found)
        if trust is not None:
            verify_fraud(raw, trust)
    except (MalformedError, VerificationError, CannotVerifyError):
        return None
    return raw


def _bundle_fraud(
    error: VerificationError, raw: bytes, seen: Path | None, export: Path | None
) -> "Fraud | None":
    """Return a proof of the operator's fraud that made a bundle fail."""
    from ledger.evidence import decode_bundle
    from ledger.fraud import prove_fork, prove_rule

    bundle = decode_bundle(raw)
    if isinstance(error, AdmissionError):
        return prove_rule(bundle, error.index)
    if isinstance(error, CheckpointError) and seen is not None:
        return prove_fork(str(_note(seen)), bundle.checkpoint, bundle.consistency)
    if export is not None:
        from ledger.archive import DirectoryReader
        from ledger.fraud_finder import WholeLedger, find_fork, find_index_fraud

        ledger = WholeLedger(DirectoryReader(export))
        return find_fork(ledger, bundle.checkpoint) or find_index_fraud(ledger, bundle)
    return None


def _check_against(export: Path, raw: bytes) -> None:
    """Hold a bundle that verified against everything an export has."""
    from ledger.archive import DirectoryReader
    from ledger.evidence import decode_bundle
    from ledger.fraud_finder import check_against

    check_against(DirectoryReader(export), decode_bundle(raw))


@app.command("bundle")
def verify_bundle_command(
    bundle: Annotated[Path, typer.Argument(help="An evidence bundle.")],
    trust: TrustOption,
    seen: Annotated[
        Path | None,
        typer.Option(help="The checkpoint of this log you saw last; it must be extended."),
    ] = None,
    expect: Annotated[
        str | None,
        typer.Option(
            help="The question you asked: 'may_sell trader=... product=...', 'history TOPIC SUBJECT'."
        ),
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="The time you asked about, 2026-05-01T08:00:00Z.")
    ] = None,
    known_at: Annotated[int | None, typer.Option(help="The log size you asked about.")] = None,
    export: Annotated[
        Path | None, typer.Option(help="An export of the log that must contradict nothing in it.")
    ] = None,
    fraud: FraudOption = None,
    now: NowOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Verify an answer and its evidence, step by step."""
    from ledger.cli.answer import answer_lines, answer_row
    from ledger.evidence import Step, verify_bundle

    spoken = language(lang)

    def report(step: Step) -> None:
        if not as_json:
            print(f"ok  {step.name}: {step.says}")  # noqa: T201

    policy, raw = read_trust(trust), read_file(bundle)
    try:
        with _accusing(fraud, policy, lambda error: _bundle_fraud(error, raw, seen, export)):
            found = verify_bundle(
                raw,
                policy,
                now_us=_now_us(now),
                expect=None if expect is None else _expected(expect, raw),
                at_us=parse_now(at),
                known_at=known_at,
                seen=None if seen is None else policy.open(_note(seen))[0],
                report=report,
            )
            if export is not None:
                _check_against(export, raw)
                report(Step("export", "nothing in the export contradicts it"))
    except MalformedError as error:
        raise _false(error) from error
    lines = answer_lines(found, spoken)
    emit(as_json, answer_row(found), [f"verified: {found.question}", *lines])


@app.command("fraud")
def verify_fraud_command(
    proof: Annotated[Path, typer.Argument(help="A fraud proof.")],
    trust: TrustOption,
    as_json: JsonOption = False,
) -> None:
    """Verify that an operator did what a fraud proof says: by the log key alone."""
    from ledger.fraud import verify_fraud

    policy = read_trust(trust)
    try:
        found = verify_fraud(read_file(proof), policy)
    except MalformedError as error:
        raise _false(error) from error
    row = {"fraud": found.kind, "origin": found.origin, "says": found.says}
    emit(as_json, row, [f"proven: {found.says}"])


def _expected(text: str, raw: bytes) -> tuple[str, dict[str, str]]:
    """Return the question and parameters that ``--expect`` names.

    What an entry says (the brand of a grant) need not be named: it is taken from the bundle,
    whose answer follows only if it fits the entry.
    """
    from ledger.evidence import decode_bundle
    from ledger.questions.declared import QUESTIONS

    name, *values = text.split(" ")
    asked = QUESTIONS.get(name.replace("-", "_"))
    if asked is None:
        msg = f"--expect {text!r}: no question {name!r}: {', '.join(QUESTIONS)}"
        raise UsageError(msg)
    names = [item.name for item in asked.parameters]
    if all(value.partition("=")[0] in names for value in values):
        given = dict(value.split("=", 1) for value in values if "=" in value)
    elif len(values) == len(names):
        given = dict(zip(names, values, strict=True))
    else:
        given = {}
    said = {item.name for item in asked.parameters} - {p.name for p in given_parameters(asked)}
    if said:
        given = {k: v for k, v in decode_bundle(raw).parameters.items() if k in said} | given
    given = {p.name: p.default for p in asked.parameters if p.default is not None} | given
    if given.keys() != set(names) or len(values) > len(names):
        wanted = " ".join(_wanted(item) for item in given_parameters(asked))
        msg = f"--expect {text!r} names other parameters: write '{asked.name} {wanted}'"
        raise UsageError(msg)
    return asked.name, {item: given[item] for item in names}


def _wanted(item: "Parameter") -> str:
    word = f"{item.name}=..."
    return word if item.default is None else f"[{word}]"


def _note(path: Path) -> Any:
    from ledger.tlog.note import decode_note

    return decode_note(read_file(path, limit=1 << 20))


@app.command("receipt")
def verify_receipt_command(
    receipt: Annotated[Path, typer.Argument(help="A receipt (.receipt.cbor).")],
    statement: Annotated[Path, typer.Argument(help="The signed statement it is for.")],
    trust: TrustOption,
    as_json: JsonOption = False,
) -> None:
    """Verify that a log registered a statement, from receipt, statement and log key alone."""
    from ledger.cose.keys import EDDSA, PublicKey
    from ledger.cose.receipt import decode_receipt, verify_receipt
    from ledger.statements.envelope import parse_statement

    policy = read_trust(trust)
    try:
        raw = read_file(receipt, limit=1 << 20)
        origin = decode_receipt(raw).claims.origin
        found = parse_statement(read_file(statement, limit=1 << 20))
        key = policy.log_key(origin)
        checked = verify_receipt(raw, found.leaf, PublicKey(EDDSA, key.key), origin)
    except MalformedError as error:
        raise _false(error) from error
    claims = checked.claims
    row = {
        "origin": claims.origin,
        "id": found.id.hex(),
        "index": checked.index,
        "size": claims.size,
        "time": format_time(claims.time_s * 1_000_000),
    }
    emit(
        as_json,
        row,
        [
            f"verified: entry {checked.index} of {origin}, registered at {row['time']}, id {row['id']}"
        ],
    )


@app.command("checkpoint")
def verify_checkpoint_command(
    checkpoints: Annotated[list[Path], typer.Argument(help="Signed checkpoints of one log.")],
    trust: TrustOption,
    export: Annotated[
        Path | None, typer.Option(help="An export whose entries all of them must be prefixes of.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Verify checkpoints: signatures, quorums, and that no two of them contradict each other."""
    from ledger.tlog.trust import check_same_log

    policy = read_trust(trust)
    try:
        found = sorted(
            (policy.open(_note(path))[0] for path in checkpoints), key=lambda item: item.size
        )
        for old, new in pairwise(found):
            check_same_log(old, new)
        if export is not None:
            _check_prefixes(export, found)
    except MalformedError as error:
        raise _false(error) from error
    rows = [{"origin": item.origin, "size": item.size, "root": item.root.hex()} for item in found]
    sizes = {item.size for item in found}
    if export is None and len(sizes) > 1:
        note("sizes differ: give --export to check that each extends the one before")
    emit(
        as_json,
        rows,
        [f"verified: {row['origin']} size {row['size']} root {row['root']}" for row in rows],
    )


def _check_prefixes(export: Path, found: list[Any]) -> None:
    from ledger.archive import DirectoryReader
    from ledger.errors import CheckpointError
    from ledger.tlog.merkle import Frontier, leaf_hash

    reader = DirectoryReader(export)
    tree = Frontier()
    for item in found:
        if item.size > reader.size():
            msg = f"checkpoint of size {item.size}: the export has only {reader.size()} entries"
            raise CheckpointError(msg)
        while tree.size < item.size:
            stop = min(tree.size + 8_192, item.size)
            for leaf in reader.entries(tree.size, stop).leaves:
                tree.append(leaf_hash(leaf))
        if tree.root() != item.root:
            msg = f"checkpoint of size {item.size}: the export's first {item.size} entries have another root"
            raise CheckpointError(msg)


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
        "last_seal": format_time(report.last_time_us),
    }


def _audit_fraud(reader: "LedgerReader", error: VerificationError) -> "Fraud | None":
    from ledger.fraud_finder import accuse

    return accuse(reader, error) if isinstance(error, AuditError) else None


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
    import sys

    from ledger.audit import verify_ledger

    policy = None if trust is None else read_trust(trust)
    log_key: VerifierKey | None = None
    if policy is not None and len(policy.logs) == 1:
        log_key = policy.logs[0]
    total = reader.size()

    def progress(done: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{done} of {total}", end="" if done < total else "\n", file=sys.stderr)  # noqa: T201

    with _accusing(fraud, policy, lambda error: _audit_fraud(reader, error)):
        report = verify_ledger(
            reader, replay=replay, workers=workers, log_key=log_key, progress=progress
        )
    if policy is not None and policy.genesis not in (None, report.genesis_id):
        msg = "entry 0: the genesis is not the one of the trust file"
        raise VerificationError(msg)
    row = report_row(report)
    what = "hashes, chain, tree, tiles, index, seals, checkpoints, signatures"
    emit(
        as_json,
        row,
        [
            f"verified: {reader.name()}: {report.size} entries of {report.origin}, root {row['root']}",
            f"{report.seals} seals, {report.histories} histories, {report.checkpoints} checkpoints; {what}"
            + (", rules replayed" if replay else ""),
            *(
                []
                if log_key
                else ["the log key is the one its genesis names: give --trust to pin it"]
            ),
        ],
    )
    return report


ReplayOption = Annotated[
    bool, typer.Option("--replay", help="Also review every statement by the rules.")
]
WorkersOption = Annotated[
    int | None, typer.Option(help="Processes; one for each processor by default.")
]
OptionalTrust = Annotated[Path | None, typer.Option("--trust", help="Pin the log key and genesis.")]


@app.command("ledger")
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


@app.command("export")
def verify_export_command(
    folder: Annotated[Path, typer.Argument(help="An export.")],
    replay: ReplayOption = False,
    workers: WorkersOption = None,
    trust: OptionalTrust = None,
    fraud: FraudOption = None,
    as_json: JsonOption = False,
) -> None:
    """Re-derive a whole export from its entries' bytes; name the first thing that is wrong."""
    from ledger.archive import DirectoryReader

    reader = DirectoryReader(folder)
    run_audit(reader, replay=replay, workers=workers, trust=trust, as_json=as_json, fraud=fraud)
