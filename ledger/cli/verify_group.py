"""verify bundle, receipt, checkpoint, fraud: what a relying party runs.

All of them need the base install only, and no network.
"""

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli import audit_group
from ledger.cli.accusing import accusing, bundle_fraud
from ledger.cli.common import (
    FraudOption,
    JsonOption,
    LangOption,
    NotesOption,
    emit,
    language,
    note,
    read_file,
    read_note,
    read_time,
    read_trust,
    say,
)
from ledger.cli.expected import expected
from ledger.cli.kind_of_file import BUNDLE, CHECKPOINT, FRAUD, RECEIPT, STATEMENT, require_kind
from ledger.cli.timestamp_group import stamp_row
from ledger.errors import MalformedError, UsageError, VerificationError
from ledger.primitives.instant import format_us
from ledger.texts import Words, saying

if TYPE_CHECKING:
    from ledger.statements.envelope import SignedStatement

app = typer.Typer(help="Check something offline.", no_args_is_help=True, rich_markup_mode=None)

STEPS = {
    "question": Words("question", "step"),
    "checkpoint": Words("checkpoint", "step"),
    "quorum": Words("quorum", "step"),
    "timestamp": Words("timestamp", "step"),
    "consistency": Words("consistency", "step"),
    "inclusion": Words("inclusion", "step"),
    "histories": Words("histories", "step"),
    "rules": Words("rules", "step"),
    "answer": Words("answer", "step"),
    "freshness": Words("freshness", "step"),
    "export": Words("export", "step"),
}
"""What each step of a verification is called."""

TrustOption = Annotated[
    Path, typer.Option("--trust", help="The trust file: log key, witnesses, quorum.")
]
NowOption = Annotated[
    str | None, typer.Option("--now", help="Verify as if it were this time (UTC).")
]


def _now_us(text: str | None) -> int:
    from ledger.evidence.fresh import reader_us

    now_us = read_time(text, "--now")
    return reader_us() if now_us is None else now_us


def _false(error: MalformedError) -> VerificationError:
    """Turn bytes that are not in their form into a failed check: somebody altered them."""
    return VerificationError(error)


def _check_against(export: Path, raw: bytes) -> None:
    """Hold a bundle that verified against everything an export has."""
    from ledger.answering.fraud_finder import check_against
    from ledger.evidence.bundle import decode_bundle
    from ledger.files.archive import DirectoryReader

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
            help="The question you asked, about now if no time is given: "
            "'may_sell trader=... product=...', 'history TOPIC SUBJECT'."
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
    notes: NotesOption = False,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Verify an answer and its evidence, step by step."""
    from ledger.cli.answer import answer_lines, limit_lines
    from ledger.evidence.answered import row_of_verified
    from ledger.evidence.bundle import Step, verify_bundle

    spoken = language(lang)

    def report(step: Step) -> None:
        if not as_json:
            say(saying("ok  {name}: {says}", name=STEPS[step.name], says=step.says))

    policy, raw = read_trust(trust), read_file(bundle)
    require_kind(bundle, raw, BUNDLE)
    if b'"question"' not in raw:  # another file, and no bundle that somebody altered
        raise UsageError(
            "{bundle} is no evidence bundle: pinyuan bundle QUESTION ... -o FILE writes one",
            bundle=bundle,
        )
    known = None if seen is None else read_note(seen)
    try:
        with accusing(fraud, policy, lambda error: bundle_fraud(error, raw, known, export)):
            found = verify_bundle(
                raw,
                policy,
                now_us=_now_us(now),
                expect=None if expect is None else expected(expect, raw, spoken),
                at_us=read_time(at, "--at"),
                known_at=known_at,
                seen=None if known is None else policy.open(known)[0],
                sightings=None if known is None else policy.last_sighting(known),
                report=report,
            )
            if export is not None:
                _check_against(export, raw)
                report(Step("export", saying("nothing in the export contradicts it")))
    except MalformedError as error:
        raise _false(error) from error
    lines = [
        saying("verified: {question}", question=found.question),
        *answer_lines(found, spoken, whole=notes),
        *limit_lines(spoken),
    ]
    stamps = [stamp_row(stamp) for stamp in found.cosigned.stamps]
    row = row_of_verified(found, spoken) | ({"timestamps": stamps} if stamps else {})
    emit(as_json, row, lines)


@app.command("fraud")
def verify_fraud_command(
    proof: Annotated[Path, typer.Argument(help="A fraud proof.")],
    trust: TrustOption,
    as_json: JsonOption = False,
) -> None:
    """Verify that an operator did what a fraud proof says: by the log key alone."""
    from ledger.evidence.fraud import verify_fraud

    policy, raw = read_trust(trust), read_file(proof)
    require_kind(proof, raw, FRAUD)
    try:
        found = verify_fraud(raw, policy)
    except MalformedError as error:
        raise _false(error) from error
    row = {"fraud": found.kind, "origin": found.origin, "says": found.says}
    emit(as_json, row, [saying("proven: {says}", says=found.says)])


@app.command("receipt")
def verify_receipt_command(
    receipt: Annotated[Path, typer.Argument(help="A receipt (.receipt.cbor).")],
    statement: Annotated[
        Path,
        typer.Argument(help="The signed statement it is for, or lines of many (.jsonl) with it."),
    ],
    trust: TrustOption,
    as_json: JsonOption = False,
) -> None:
    """Verify that a log registered a statement, from receipt, statement and log key alone."""
    from ledger.cose.keys import EDDSA, PublicKey
    from ledger.cose.receipt import decode_receipt, verify_receipt

    policy, raw = read_trust(trust), read_file(receipt, limit=1 << 20)
    require_kind(receipt, raw, RECEIPT)
    found = _statement_of(receipt, statement)
    try:
        origin = decode_receipt(raw).claims.origin
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
        "time": format_us(claims.time_s * 1_000_000),
    }
    emit(
        as_json,
        row,
        [
            saying(
                "verified: entry {index} of {origin}, registered at {at}, id {id}",
                index=checked.index,
                origin=origin,
                at=row["time"],
                id=row["id"],
            )
        ],
    )


def _statement_of(receipt: Path, path: Path) -> "SignedStatement":
    """Return the statement that a receipt is held against: of many lines the one whose id is its name.

    A receipt does not say the id, but its file is called by it where `register` wrote it; a single
    line needs no such name.
    """
    from ledger.cli.registering import signed_lines
    from ledger.statements.envelope import parse_statement

    try:
        if path.suffix != ".jsonl":
            signed = read_file(path, limit=1 << 20)
            require_kind(path, signed, STATEMENT)
            return parse_statement(signed)
        lines = [parse_statement(item.raw) for item in signed_lines(path)]
    except MalformedError as error:
        raise _false(MalformedError("{file}: {why}", file=path, why=error)) from error
    named = receipt.name.split(".")[0]
    found = lines if len(lines) == 1 else [one for one in lines if one.id.hex() == named]
    if not found:
        raise UsageError(
            "{file}: none of its {count} statements has the id that the receipt's file is called by "
            "({receipt}): give the statement itself, or call the receipt ID.receipt.cbor as register "
            "--receipts does",
            file=path,
            count=len(lines),
            receipt=receipt.name,
        )
    return found[0]


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
    for path in checkpoints:
        require_kind(path, read_file(path), CHECKPOINT)
    try:
        opened = sorted(
            (policy.open(read_note(path)) for path in checkpoints), key=lambda item: item[0].size
        )
        found = [item for item, _ in opened]
        for old, new in pairwise(found):
            check_same_log(old, new)
        if export is not None:
            _check_prefixes(export, found)
    except MalformedError as error:
        raise _false(error) from error
    rows = [
        {
            "origin": item.origin,
            "size": item.size,
            "root": item.root.hex(),
            "timestamps": [stamp_row(stamp) for stamp in cosigned.stamps],
        }
        for item, cosigned in opened
    ]
    sizes = {item.size for item in found}
    if export is None and len(sizes) > 1:
        note(saying("sizes differ: give --export to check that each extends the one before"))
    emit(
        as_json,
        rows,
        [
            *(saying("verified: {origin} size {size} root {root}", **row) for row in rows),
            *(stamp.sentence for _, cosigned in opened for stamp in cosigned.stamps),
        ],
    )


def _check_prefixes(export: Path, found: list[Any]) -> None:
    from ledger.errors import CheckpointError
    from ledger.files.archive import DirectoryReader
    from ledger.tlog.merkle import Frontier, leaf_hash

    reader = DirectoryReader(export)
    tree = Frontier()
    for item in found:
        if item.size > reader.size():
            raise CheckpointError(
                "checkpoint of size {size}: the export has only {size_2} entries",
                size=item.size,
                size_2=reader.size(),
            )
        while tree.size < item.size:
            stop = min(tree.size + 8_192, item.size)
            for leaf in reader.entries(tree.size, stop).leaves:
                tree.append(leaf_hash(leaf))
        if tree.root() != item.root:
            raise CheckpointError(
                "checkpoint of size {size}: the export's first {size} entries have another root",
                size=item.size,
            )


audit_group.add_to(app)
