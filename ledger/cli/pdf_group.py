"""``pinyuan pdf``: any question's answer as a PDF for people, its evidence attached to it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.cli.asking import WAIT_S, Place, Times, give
from ledger.cli.common import (
    DirOption,
    JsonOption,
    LangOption,
    emit,
    language,
    local_zone,
    read_file,
    read_time,
    read_trust,
    write_file,
)
from ledger.cli.listed import ZoneOption
from ledger.cli.questions_group import (
    AtOption,
    KnownAtOption,
    TrustOption,
    WaitOption,
    add_question,
)
from ledger.cli.server import FirstUseOption, ServerOption, chosen_server
from ledger.cli.spelled import Spelled
from ledger.cli.understood import typed_at
from ledger.errors import MalformedError, VerificationError
from ledger.questions.declared import QUESTIONS, Question
from ledger.texts import saying

if TYPE_CHECKING:
    from ledger.evidence.bundle import Verified
    from ledger.printing.content import Proof
    from ledger.texts import Lang

app = typer.Typer(
    cls=Spelled,
    help="Print an answer as a PDF for people, with its evidence attached.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
OutputOption = Annotated[Path, typer.Option("-o", help="Where to write the PDF.")]
FontsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--font-path", help="A folder with further fonts, for characters the usual ones lack."
    ),
]


def _of_question(
    asked: Question,
    parameters: dict[str, str],
    *,
    output: OutputOption,
    at: AtOption = None,
    known_at: KnownAtOption = None,
    wait: WaitOption = WAIT_S,
    directory: DirOption = None,
    server: ServerOption = None,
    trust: TrustOption = None,
    first_use: FirstUseOption = False,
    fonts: FontsOption = None,
    zone: ZoneOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    from ledger.printing.content import ANSWER, SINCE, THEN

    spoken = language(lang)
    url = chosen_server(server, directory, first_use=first_use)
    place = Place(directory, url, trust, first_use, wait)
    typed = typed_at(directory, url, trust, first_use=first_use, zone=zone, lang=spoken)
    parameters = typed.parameters(asked, parameters)
    at, known_at = typed.times(at, known_at)
    given = give(asked, parameters, Times(at, known_at), place)
    then = None if at is None or known_at is not None else given.then()
    shown = {ANSWER: given}
    if then is not None:
        shown[THEN] = give(asked, parameters, Times(at, str(then.size)), place)
    if then is not None and then.since is not None:
        shown[SINCE] = give(asked, parameters, Times(at, str(then.since)), place)
    proofs = {name: _proof(one.raw, one.verified, spoken) for name, one in shown.items()}
    _set_and_write(output, proofs, fonts or [], spoken, as_json, zone)


@app.command("bundle")
def of_bundle(
    bundle: Annotated[Path, typer.Argument(help="An evidence bundle.")],
    trust: Annotated[
        Path, typer.Option("--trust", help="The trust file: log key, witnesses, quorum.")
    ],
    output: OutputOption,
    now: Annotated[
        str | None, typer.Option("--now", help="Verify as if it were this time (UTC).")
    ] = None,
    fonts: FontsOption = None,
    zone: ZoneOption = None,
    lang: LangOption = None,
    as_json: JsonOption = False,
) -> None:
    """Verify an evidence bundle offline and print its answer."""
    from ledger.evidence.bundle import verify_bundle
    from ledger.evidence.fresh import reader_us
    from ledger.printing.content import ANSWER

    policy, raw, now_us = read_trust(trust), read_file(bundle), read_time(now, "--now")
    try:
        found = verify_bundle(raw, policy, now_us=reader_us() if now_us is None else now_us)
    except MalformedError as error:
        raise VerificationError(error) from error
    spoken = language(lang)
    _set_and_write(output, {ANSWER: _proof(raw, found, spoken)}, fonts or [], spoken, as_json, zone)


def _proof(raw: bytes, found: "Verified", lang: "Lang") -> "Proof":
    from ledger.cli.answer import said_lines
    from ledger.printing.content import Proof

    return Proof(raw, found, said_lines(found, lang, whole=True))


def _set_and_write(
    output: Path,
    proofs: "dict[str, Proof]",
    fonts: list[Path],
    lang: "Lang",
    as_json: bool,
    zone: str | None,
) -> None:
    from ledger.printing.content import content, zoned
    from ledger.printing.typeset import font_folders, typeset

    if zone is not None:
        local_zone(zone)  # refused where nobody knows it, before anything is printed in another
    stands = zoned(content(proofs, lang), zone)
    attached = {name: proof.raw for name, proof in proofs.items()}
    raw = typeset(stands, attached, font_folders(fonts))
    write_file(output, raw)
    digests = {file["name"]: file["sha256"] for file in stands["files"]}
    row = {"file": str(output), "bytes": len(raw), "attached": digests}
    lines = [
        saying("{output}: {count} bytes", output=output, count=len(raw)),
        *(saying("{n}: sha256 {d}", n=n, d=d) for n, d in digests.items()),
    ]
    emit(as_json, row, lines)


for _asked in QUESTIONS.values():
    add_question(app, _asked, _of_question)
