"""draw: whether a draw was honest; for the operator new, commit, seal, reveal, result: fields to sign."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ledger.cli.common import (
    DirOption,
    JsonOption,
    LangOption,
    PassphraseOption,
    emit,
    language,
    note,
    option,
    passphrase,
    read_time,
)
from ledger.cli.parameters import Argument
from ledger.cli.questions_group import add_answer
from ledger.cli.spelled import Spelled
from ledger.cli.to_sign import placed, to_sign
from ledger.errors import ParameterError
from ledger.primitives.instant import format_us
from ledger.questions.declared import QUESTIONS
from ledger.texts import Words, saying

ASKED = "draw"
NEXT = Words("Then: {0}")
SHORT = Words("{0}: {1} are to be drawn, and the frame has {2}")


class Answering(Spelled):
    """A group that takes what is none of its commands as the draw that is asked about."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is called, else the question, with all that was typed."""
        if args and self.get_command(ctx, args[0]) is None:
            return ASKED, self.get_command(ctx, ASKED), args
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=Answering,
    help="Was a draw honest (draw URN)? For the operator: a key, a draw, its sealing and its result.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
add_answer(app, QUESTIONS[ASKED])

DrawArgument = Annotated[str, typer.Argument(metavar="DRAW", help="urn:draw:<programme>:<n>.")]
FieldsOption = Annotated[Path | None, typer.Option("-o", help="Write the fields here.")]
KeyOption = Annotated[Path, typer.Option(help="The key of draws (draw new).")]
BeaconOption = Annotated[
    Path | None,
    typer.Option(
        help="The round as drand hands it out (JSON), or its signature; of a rehearsal none."
    ),
]


@app.command("new")
def new(
    path: Annotated[Path, typer.Argument(help="Where to write the private key (PEM, 0600).")],
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key of draws; print its public half, the field x of a draw-key."""
    from ledger.cose.keys import PrivateKey
    from ledger.primitives.strict import format_base64url
    from ledger.signer import write_key

    key = PrivateKey.generate()
    write_key(path, key, passphrase(passphrase_file))
    public = format_base64url(key.public.x)
    emit(as_json, {"x": public, "file": str(path)}, [public])


@app.command("commit")
def commit(
    programme: Annotated[str, typer.Argument(help="urn:programme:<id>.")],
    deadline: Annotated[str, typer.Option(help="Until when the result is registered.")],
    minutes: Annotated[
        int, typer.Option("--in", min=10, help="In how many minutes the beacon is due.")
    ] = 15,
    output: FieldsOption = None,
    directory: DirOption = None,
    lang: LangOption = None,
) -> None:
    """Fill in the next draw of a programme, of all that is on record now."""
    from ledger.cli.common import present_us
    from ledger.cli.drawing import committed, desk
    from ledger.identifiers import check_programme
    from ledger.phrases.details import drawn_as

    spoken = language(lang)
    until_us = read_time(deadline, "--deadline")
    assert until_us is not None  # noqa: S101 - one is given
    with option(Argument("programme")):
        check_programme(programme)
    with desk(directory) as at:
        now_us = present_us(at.log)
        made = committed(
            at, programme, now_us=now_us, minutes=minutes, deadline=format_us(until_us)
        )
    for role, count, there in made.short:
        note(SHORT.fill(spoken, drawn_as(role, spoken), count, there))
    note(saying("the beacon is due {due}", due=made.due))
    note(NEXT.fill(spoken, to_sign(made.fields, "draw", made.name, output, *placed(directory))))


@app.command("seal")
def seal(
    draw: DrawArgument,
    statements: Annotated[
        list[Path] | None,
        typer.Argument(metavar="STATEMENT.cose", help="Signed sealing statements, kept back."),
    ] = None,
    picks: Annotated[
        Path | None,
        typer.Option(help="What draw reveal wrote: the place of each product is in it."),
    ] = None,
    output: FieldsOption = None,
    directory: DirOption = None,
    lang: LangOption = None,
) -> None:
    """Fill in what is sealed before the reveal: a digest for each place, whatever was bought."""
    from ledger.cli.drawing import desk, sealing

    spoken = language(lang)
    _check(draw)
    with desk(directory) as at:
        fields = sealing(at, draw, picks, statements or ())
    note(NEXT.fill(spoken, to_sign(fields, "draw-sealed", draw, output, *placed(directory))))


@app.command("reveal")
def reveal(
    draw: DrawArgument,
    key: KeyOption,
    output: Annotated[Path, typer.Option("-o", help="Where the picks go, for you alone (0600).")],
    beacon: BeaconOption = None,
    directory: DirOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find what is drawn, into a file for who buys it; nothing of it is printed."""
    from ledger.cli.drawing import desk, revealed
    from ledger.primitives import ijson
    from ledger.primitives.durable import create_file
    from ledger.signer import read_key

    _check(draw)
    secret = read_key(key, passphrase(passphrase_file))
    with desk(directory) as at:
        found = revealed(at, draw, secret, beacon)
    try:
        create_file(output, ijson.encode(found) + b"\n", mode=0o600)
    except FileExistsError as error:
        raise ParameterError("-o {path}: exists already", path=output) from error
    emit(as_json, {"file": str(output)}, [str(output)])


@app.command("result")
def result(
    draw: DrawArgument,
    key: KeyOption,
    beacon: BeaconOption = None,
    out: Annotated[
        list[str] | None,
        typer.Option(help="What fell out, in its order: 'ROLE ID REASON', a blank between."),
    ] = None,
    sealed: Annotated[
        list[Path] | None,
        typer.Option(help="The sealing statement of a product that is left, once for each."),
    ] = None,
    output: FieldsOption = None,
    directory: DirOption = None,
    passphrase_file: PassphraseOption = None,
    lang: LangOption = None,
) -> None:
    """Fill in the result: this reveals what is drawn, and who of the witnesses saw the draw in time."""
    from ledger.cli.drawing import desk, revealed
    from ledger.cli.drawing import result as made
    from ledger.signer import read_key

    spoken = language(lang)
    _check(draw)
    secret = read_key(key, passphrase(passphrase_file))
    with desk(directory) as at:
        found = revealed(at, draw, secret, beacon)
        fields = made(at, draw, found, out=out or (), sealings=sealed or ())
    if "witnessed" not in fields:
        note(saying("no witness cosigned the draw in time: nobody can say that it was honest"))
    note(NEXT.fill(spoken, to_sign(fields, "draw-result", draw, output, *placed(directory))))


def _check(draw: str) -> None:
    """Refuse what is no draw."""
    from ledger.identifiers import check_draw

    with option(Argument("draw")):
        check_draw(draw)
