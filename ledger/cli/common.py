"""What commands share: options, settings, output, files."""

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ledger.errors import MalformedError, ParameterError, StorageError, UsageError
from ledger.primitives.durable import replace_file
from ledger.primitives.instant import given_us
from ledger.primitives.legible import shown, shown_json
from ledger.texts import ENGLISH, Lang, Sentence, Words, cause, languages, nearest
from ledger.texts.joints import either

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ledger.primitives.clock import Clock
    from ledger.settings import Settings
    from ledger.tables.zone import Zone
    from ledger.tlog.note import Note
    from ledger.tlog.trust import TrustPolicy
    from ledger.writing.log import Log

opened = contextlib.ExitStack()
"""What a command opened; main closes it."""


MAX_FILE_SIZE = 256 * 1024 * 1024

DirOption = Annotated[
    Path | None,
    typer.Option(
        "--dir",
        "--export",
        help="The ledger's directory, a mirror's or an export's (PINYUAN_DIR; ./pinyuan-ledger by "
        "default).",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
NowOption = Annotated[
    str | None, typer.Option("--now", help="The time of a simulated clock, 2026-05-01T08:00:00Z.")
]
PassphraseOption = Annotated[
    Path | None,
    typer.Option(
        help="A file with the key files' passphrase (PINYUAN_PASSPHRASE_FILE; PINYUAN_PASSPHRASE)."
    ),
]
NotesOption = Annotated[
    bool,
    typer.Option("--notes", help="Tell every note, and what would mend each."),
]
LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang",
        help="The language of sentences: en, zh (PINYUAN_LANG, else the locale).",
        autocompletion=lambda incomplete: [
            one for one in languages() if one.startswith(incomplete)
        ],
    ),
]
FraudOption = Annotated[
    Path | None,
    typer.Option("--fraud", help="Where a fraud is found, write a proof of it for others here."),
]
ClockJumpOption = Annotated[
    bool, typer.Option("--accept-clock-jump", help="Go on after a forward jump of the clock.")
]


def language(given: str | None) -> Lang:
    """Return the language of sentences: as given, before a command too, from PINYUAN_LANG, or the locale's."""
    wanted = given or _asked(sys.argv)
    return _of_environment() if wanted is None else _known(wanted, "--lang")


def _known(wanted: str, source: str) -> Lang:
    if wanted in languages():
        return wanted
    raise ParameterError(
        "{source} {wanted}: {languages}",
        source=source,
        wanted=wanted,
        languages=either(languages()),
    )


def _of_environment() -> Lang:
    if wanted := os.environ.get("PINYUAN_LANG"):
        return _known(wanted, "PINYUAN_LANG")
    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return nearest([next(filter(None, names), ENGLISH)])


def help_language() -> Lang:
    """Return the language of help texts, which are made before options are read."""
    try:
        return _of_environment()
    except UsageError:
        return ENGLISH


def spoken_to(call: Sequence[str]) -> Lang:
    """Return the language that a call asks for, whatever became of it."""
    wanted = _asked(call)
    return wanted if wanted in languages() else help_language()


def _asked(call: Sequence[str]) -> str | None:
    """Return what a call gives as its language, wherever that stands in it."""
    for word, behind in pairwise([*call, ""]):
        name, _, value = word.partition("=")
        if name == "--lang":
            return value or behind
    return None


def say(line: str) -> None:
    """Print a line of a result in the language of the call; what nobody sees in it is spelled out, whoever wrote it."""
    print(shown(_spoken(line)))  # noqa: T201 - a command prints


def note(text: str) -> None:
    """Print a note for people to standard error, a line as ``say`` does."""
    print(shown(_spoken(text)), file=sys.stderr)  # noqa: T201


def _spoken(line: str) -> str:
    return line.to(spoken_to(sys.argv)) if isinstance(line, Sentence) else line


printed: list[bool] = []
"""Whether JSON was printed by the command: there is one value on standard output."""


def say_json(value: Any, *, indent: int | None = 1) -> None:
    """Print JSON for programs; what nobody sees is escaped, the value is the same."""
    printed.append(True)
    print(shown_json(json.dumps(value, ensure_ascii=False, indent=indent)))  # noqa: T201


def progress_of(total: int, verb: str = "") -> Callable[[int], None]:
    """Return what shows on a terminal how much of something is done, on one line."""

    def show(done: int) -> None:
        if sys.stderr.isatty():
            end = "" if done < total else "\n"
            print(f"\r{verb}{done} of {total}", end=end, file=sys.stderr)  # noqa: T201

    return show


def emit(as_json: bool, value: Any, lines: Iterable[str]) -> None:
    """Print a result: as JSON for programs, or as lines for people."""
    if as_json:
        say_json(value)
    else:
        for line in lines:
            say(line)


def read_file(path: Path, *, limit: int = MAX_FILE_SIZE) -> bytes:
    """Return a file's bytes.

    Raises:
        StorageError: it cannot be read.
        UsageError: it is larger than anything that belongs here.

    """
    try:
        with path.open("rb") as file:
            raw = file.read(limit + 1)
    except OSError as error:
        raise StorageError("{path}: {why}", path=path, why=cause(error)) from error
    if len(raw) > limit:
        raise UsageError("{path}: more than {limit} bytes", path=path, limit=limit)
    return raw


def read_input(path: Path, *, limit: int) -> bytes:
    """Return a file's bytes, those of standard input for ``-``."""
    if str(path) != "-":
        return read_file(path, limit=limit)
    raw = sys.stdin.buffer.read(limit + 1)
    if len(raw) > limit:
        raise UsageError("standard input: more than {limit} bytes", limit=limit)
    return raw


def write_file(path: Path, raw: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        StorageError: it cannot be written.

    """
    replace_file(path, raw, mode=0o666)


def parse_now(text: str | None, option: str = "--now") -> int | None:
    """Return an RFC 3339 UTC time in microseconds.

    Raises:
        UsageError: none, named with its option.

    """
    if text is None:
        return None
    try:
        return given_us(text)
    except ValueError as error:
        raise ParameterError("{option}: {why}", option=option, why=error) from error


BECAME = Words("{0} {1}: taken as {2}")


def local_zone(name: str | None) -> "Zone":
    """Return the time zone of local dates and times: as it is named, else this machine's.

    Raises:
        ParameterError: none that is known here.

    """
    from ledger.tables.zone import parse_zone

    if name is None:
        return lambda local: local.astimezone()
    with option("--time-zone"):
        return parse_zone(name)


def read_time(text: str | None, name: str, zone: str | None = None) -> int | None:
    """Return the moment that an option says, in microseconds: in UTC, or local, then what it became is said.

    Raises:
        ParameterError: none, named with its option, in both languages.

    """
    if text is None:
        return None
    try:
        return given_us(text)
    except ValueError:
        pass  # a local one, perhaps
    from ledger.primitives.instant import format_us
    from ledger.tables.zone import NoDateError, parse_when

    try:
        found = parse_when(text, local_zone(zone))
        at_us = None if found is None else round(found.timestamp()) * 1_000_000
    except (NoDateError, OverflowError, MalformedError):
        at_us = None
    if at_us is None or at_us < 0:
        raise ParameterError(
            "{option}: not a time like 2026-05-01T08:00:00Z, nor a local one like 2026-05-01 or "
            "2026-05-01 08:30: {text}",
            option=name,
            text=repr(text[:40]),
        ) from None
    note(BECAME.fill(spoken_to(sys.argv), name, text, format_us(at_us)))
    return at_us


def plain_time(text: str | None, name: str, zone: str | None = None) -> str | None:
    """Return the same as a text in UTC; a size (of ``--known-at``) stays one."""
    from ledger.primitives.instant import format_us

    if text is None or text.isdecimal():
        return text
    at_us = read_time(text, name, zone)
    return None if at_us is None else format_us(at_us)


@contextlib.contextmanager
def option(name: str) -> Iterator[None]:
    """Say of which option a value is that is not in its form.

    Raises:
        ParameterError: what was malformed, named with its option.

    """
    try:
        yield
    except ParameterError:
        raise
    except (MalformedError, UsageError) as error:
        raise ParameterError("{name}: {why}", name=name, why=error) from error


def passphrase(path: Path | None) -> bytes | None:
    """Return the passphrase from its file, or as the environment has it; None without one."""
    from ledger.settings import read_secret, secret_from

    found = secret_from("PINYUAN_PASSPHRASE") if path is None else read_secret(path)
    return found.encode() if found else None


def read_trust(path: Path) -> "TrustPolicy":
    """Return the trust policy in a file; say which of its lines count as absent.

    Raises:
        UsageError: it is none.

    """
    from ledger.tlog.trust import parse_trust

    try:
        policy = parse_trust(read_file(path, limit=1 << 20).decode())
    except (MalformedError, UnicodeDecodeError) as error:
        raise UsageError("{path}: {why}", path=path, why=error) from error
    for line in policy.absent:
        note(f"{path}: {line}")
    return policy


def read_note(path: Path) -> "Note":
    """Return the signed note in a file."""
    from ledger.tlog.note import decode_note

    return decode_note(read_file(path, limit=1 << 20))


def settings_of(directory: Path | None) -> "Settings":
    """Return the settings of the ledger that the options name."""
    from ledger.settings import directory_of, read_settings

    return read_settings(directory_of(directory))


def make_clock(settings: "Settings", now: str | None, *, accept_jump: bool = False) -> "Clock":
    """Return the clock a ledger asks for."""
    from ledger.primitives.clock import SimulatedClock
    from ledger.writing.opening import clock_of

    kind = settings.clock
    if kind == "simulated":
        return SimulatedClock(read_time(now, "--now"))
    if now is not None:
        raise UsageError(
            "--now is for ledgers made with --clock simulated; this one takes the machine's time"
        )
    return clock_of(kind, settings.anchor, accept_jump=accept_jump)


def present_us(log: "Log") -> int:
    """Return the present time by a ledger's clock: of a simulated one, the next batch's."""
    from ledger.store.reads import reading
    from ledger.writing.publisher import require_head

    if log.clock.kind != "simulated":
        return time.time_ns() // 1_000
    with reading(log.engine) as snapshot:
        return log.clock.now_us(require_head(snapshot).seal_time_us)


def open_engine(url: str) -> "Engine":
    """Return an engine that is disposed of when the command ends."""
    from ledger.store.engine import make_engine

    engine = make_engine(url)
    opened.callback(engine.dispose)
    return engine
