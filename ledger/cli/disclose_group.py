"""disclose, erase: sensitive values, verified against their commitments, and destroyed.

Erasing destroys first and says so afterwards: the log never claims what has not happened.
Where registering fails behind it, the same command again registers the statement.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.cli.common import (
    ClockJumpOption,
    DirOption,
    JsonOption,
    LangOption,
    NowOption,
    PassphraseOption,
    emit,
    language,
    note,
    read_file,
    settings_of,
)
from ledger.cli.opening import open_ledger
from ledger.errors import MalformedError, UsageError, VerificationError
from ledger.texts import saying
from ledger.texts.joints import NONE

if TYPE_CHECKING:
    from ledger.histories.history import Entry
    from ledger.statements.disclosure import Disclosure
    from ledger.statements.envelope import SignedStatement
    from ledger.writing.log import Log


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(disclose)
    app.command()(erase)


def disclose(
    file: Annotated[Path, typer.Argument(help="A disclosure (<id>.disclosure.json).")],
    statement: Annotated[
        str, typer.Option(help="The statement it is of: a file, or an id or index in --dir.")
    ],
    keep: Annotated[
        bool, typer.Option("--keep", help="Also keep a copy in the ledger's directory.")
    ] = False,
    directory: DirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Verify sensitive values against the commitments of their statement, and print them."""
    from ledger.cli.disclosures import FOLDER, disclosure_path, write_disclosure
    from ledger.statements.disclosure import MAX_FILE_SIZE, decode_disclosure, verify_disclosure

    signed, body = _statement(statement, directory)
    try:
        found = decode_disclosure(read_file(file, limit=MAX_FILE_SIZE))
    except MalformedError as error:
        raise VerificationError("{file}: {why}", file=file, why=error) from error
    sealed = getattr(body, "sealed", ())
    verify_disclosure(found, signed.id, sealed)
    if keep:
        folder = settings_of(directory).directory / FOLDER
        write_disclosure(disclosure_path(folder, signed.id), found)
    rows = {name: None if item is None else item.value for name, item in found.values.items()}
    emit(
        as_json,
        {"statement": signed.id.hex(), "values": rows},
        [
            saying("verified: values of the statement {id}", id=signed.id.hex()),
            *(
                f"{name}: {'erased' if value is None else value}"
                for name, value in sorted(rows.items())
            ),
        ],
    )


def _statement(text: str, directory: Path | None) -> "tuple[SignedStatement, Any]":
    """Return a statement from its file, or from the ledger at hand."""
    from ledger.cli.at_hand import in_directory
    from ledger.cli.finding import statement_in

    path = Path(text)
    return statement_in(path) if path.is_file() else in_directory(directory).statement(text)


def erase(
    entry: Annotated[
        str,
        typer.Argument(help="An id (64 hex digits, or the first 12 or more of them) or an index."),
    ],
    field: Annotated[list[str], typer.Option(help="The name of a value; repeat for more.")],
    reason: Annotated[str, typer.Option(help="Why: it is registered with the erasure.")],
    directory: DirOption = None,
    now: NowOption = None,
    accept_clock_jump: ClockJumpOption = False,
    passphrase_file: PassphraseOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Destroy sensitive values kept in the ledger's directory; register that they are destroyed."""
    from ledger.cli.entries import find_entry
    from ledger.rules.became import became
    from ledger.statements.amendment_family import Erasure
    from ledger.store.reads import reading
    from ledger.writing.publisher import require_head

    spoken = language(lang)
    log = open_ledger(
        directory, now=now, passphrase_file=passphrase_file, write=True,
        accept_jump=accept_clock_jump,
    )  # fmt: skip
    log.publisher.require_writable()
    with reading(log.engine) as snapshot:
        found = find_entry(log, snapshot, entry)
        view = log.view(snapshot, require_head(snapshot).size)
        bodies = [later.entry.body for later in became(view, found)]
    names = [item.name for item in getattr(found.body, "sealed", ())]
    for name in field:
        if name not in names:
            raise UsageError(
                "entry {index} has no sealed value {name!r}: {names}",
                index=found.index,
                name=name,
                names=", ".join(names) or NONE,
            )
    wanted = tuple(dict.fromkeys(field))
    said = {name for body in bodies if isinstance(body, Erasure) for name in body.fields}
    unsaid = tuple(name for name in wanted if name not in said)
    statement = _erasure(log, found, unsaid, reason, spoken) if unsaid else None
    values = _destroy(found, wanted, directory)
    row: dict[str, Any] = {"id": found.statement.id.hex(), "values": values, "entry": None}
    if statement is not None:
        row["entry"] = _register(log, statement)
    lines = [saying("{name}: {what}", name=name, what=what) for name, what in values.items()]
    lines.append(
        saying("registered before: nothing new to say")
        if row["entry"] is None
        else saying("erasure registered as entry {row}", row=row["entry"])
    )
    emit(as_json, row, lines)
    note(saying("copies elsewhere (the issuer's own file, backups) are not reached from here"))


def _erasure(log: "Log", entry: "Entry", names: tuple[str, ...], reason: str, lang: Any) -> bytes:
    """Return the operator's statement, signed: made first, so that nothing is destroyed in vain."""
    from ledger.cli.at_hand import Directory
    from ledger.cli.common import present_us
    from ledger.cli.signing import Author, sign_fields
    from ledger.statements.catalogue import CATALOGUE

    signer = log.publisher.require_writable()
    at_hand = Directory(None)
    id_ = entry.statement.id.hex()
    assert entry.body is not None  # noqa: S101 - it has sealed values
    at_hand.named[id_] = (entry.statement, entry.body)
    return sign_fields(
        CATALOGUE["erasure"],
        {"target": id_, "fields": list(names), "reason": reason},
        Author(log.operator, signer.operator_key(), log.origin),
        at_hand,
        subject=None,
        issued_at=present_us(log) // 1_000_000,
        where="",
        lang=lang,
    ).raw


def _destroy(entry: "Entry", names: tuple[str, ...], directory: Path | None) -> dict[str, str]:
    """Destroy the values that are kept in the ledger's directory; return what became of each."""
    from ledger.cli.disclosures import FOLDER, destroy_value, disclosure_path, finish_destroying

    path = disclosure_path(settings_of(directory).directory / FOLDER, entry.statement.id)
    kept: Disclosure | None = finish_destroying(path)
    found: dict[str, str] = {}
    for name in names:
        if kept is None or name not in kept.values:
            found[name] = saying("no value was kept here")
        elif kept.values[name] is None:
            found[name] = saying("destroyed before")
        else:
            kept = destroy_value(path, kept, name)
            found[name] = saying("destroyed")
    return found


def _register(log: "Log", statement: bytes) -> int:
    from ledger.phrases import refusal_row
    from ledger.writing.log import Registered

    (outcome,) = log.register([statement])
    if isinstance(outcome, Registered):
        return outcome.index
    why = "; ".join(
        f"{row['rule']}: {row['message']}" for row in map(refusal_row, outcome.refusals)
    )
    raise UsageError("the values are destroyed, but the erasure was refused: {why}", why=why)
