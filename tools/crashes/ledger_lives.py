"""The lives of a ledger: made, appended to, published, exported, brought back."""

import contextlib
import io
import shutil
from pathlib import Path
from typing import Any

from crashes.ledger import (
    DONE,
    LOG_KEY,
    OPERATOR,
    OPERATOR_KEY,
    ORIGIN,
    SIGNED,
    START_S,
    TOLD,
    VKEY,
    WITNESS,
    WITNESS_KEY,
    Crash,
    anchor_at,
    crash,
    glanced,
    grown,
    made,
    mended,
    of,
    opened,
    roots_of,
    statement,
    text_of,
    told,
)
from crashes.life import BrokenError, Life, Note, Noted, Place, require
from ledger.audit import verify_ledger
from ledger.errors import LedgerError
from ledger.files.anchor import Anchor
from ledger.files.archive import DirectoryReader, export
from ledger.settings import FILE, Settings, read_settings, write_settings
from ledger.signer import write_key
from ledger.store.cosignatures import store_cosignature
from ledger.store.engine import make_engine
from ledger.store.ledger_reader import DatabaseReader
from ledger.store.reads import reading
from ledger.tlog.checkpoint import cosign
from ledger.writing.log import Log
from ledger.writing.restore import restore


class Append(Life):
    """Open what a crash right behind COMMIT left, register statements, acknowledge, close."""

    name, acknowledging = "append", TOLD
    turns, with_database = 12, True
    count = 2

    def prepare(self, place: Place) -> None:
        live = Place(place.folder.with_name(f"{place.folder.name}.live"), place.given, place.url)
        live.folder.mkdir()
        log = made(live)
        log.publisher.publish = crash  # type: ignore[method-assign]
        try:
            log.register([statement(0)])
        except Crash:
            # The last one to close tidies up.
            shutil.copytree(live.folder, place.folder, dirs_exist_ok=True)
        log.engine.dispose()
        shutil.rmtree(live.folder)

    def numbers(self, place: Place) -> range:
        """Return the numbers of the statements registered in this turn."""
        return range(1 + place.turn * self.count, 1 + (place.turn + 1) * self.count)

    def run(self, place: Place, note: Note) -> None:
        with opened(place, note) as log:
            for number in self.numbers(place):
                (outcome,) = log.register([statement(number)])
                told(log, number, outcome, note)

    def look(self, place: Place, noted: Noted) -> None:
        mended(place, noted, range(self.numbers(place).stop))

    def glance(self, place: Place, noted: Noted) -> None:
        glanced(place, noted)


class Grow(Append):
    """Register batches of several sizes over some openings, with many checkpoints of the WAL."""

    name = "grow"
    turns, with_database = 6, False  # it is SQLite's WAL that is checkpointed
    count = 27
    PAGES = 40  # 1000 by default: so it happens often

    def run(self, place: Place, note: Note) -> None:
        numbers = iter(self.numbers(place))
        for sizes in ((1, 1, 3), (1, 8, 1), (9,), (1, 2)):
            with opened(place, note) as log:
                self._often(log)
                for size in sizes:
                    batch = [number for number, _ in zip(numbers, range(size), strict=False)]
                    outcomes = log.register([statement(number) for number in batch])
                    for number, outcome in zip(batch, outcomes, strict=True):
                        told(log, number, outcome, note)

    def _often(self, log: Log) -> None:
        connection = log.engine.raw_connection()
        connection.execute(f"PRAGMA wal_autocheckpoint = {self.PAGES}")  # type: ignore[attr-defined]
        connection.close()


class Publish(Append):
    """Sign what was left unsigned, anchor it, store a witness's cosignature, seal a silence."""

    name, acknowledging = "publish", DONE

    def run(self, place: Place, note: Note) -> None:
        Anchor(place.folder / "anchor", VKEY).go_on()  # a person looked
        with opened(place, note) as log:
            self._cosigned(log, note)
            log.clock.next_us = (START_S + 700 + place.turn * 700) * 1_000_000
            log.heartbeat()
            self._cosigned(log, note)
            note(DONE, "stopping")
            log.anchor.stop("somebody has seen more")
            log.anchor.go_on()
            note(DONE, "gone on")

    @staticmethod
    def _cosigned(log: Log, note: Note) -> None:
        with reading(log.engine) as snapshot:
            stored = snapshot.newest_checkpoint()
        assert stored is not None
        line = cosign(text_of(stored.note), WITNESS, WITNESS_KEY.sign, time_s=START_S)
        store_cosignature(log.engine, stored.size, line, time_s=START_S)
        note(DONE, "cosigned", stored.size)

    def look(self, place: Place, noted: Noted) -> None:
        anchor = Anchor(place.folder / "anchor", VKEY)
        stopped = anchor.stopped()
        words = [item[0] for item in of(DONE, noted)]
        require(stopped is None or words[-1] == "stopping", "still stopped")
        require(stopped in (None, "somebody has seen more"), f"stopped otherwise: {stopped}")
        anchor.go_on()  # a person looks
        mended(place, noted, [0])

    def glance(self, place: Place, noted: Noted) -> None:
        anchor_at(place.folder / "anchor").go_on()
        glanced(place, noted)


class Create(Life):
    """Make a ledger by ``pinyuan init``, in a directory that is not there, and register."""

    name, acknowledging = "create", DONE
    with_database = True

    def run(self, place: Place, note: Note) -> None:
        home = place.folder / "home"
        self._init(home, place.url)
        try:
            keys = [(home / "keys" / name).read_text() for name in ("log.pem", "operator.pem")]
        except OSError as error:  # who looks at them, not who made them
            raise BrokenError(f"made, and not looked at: {error}") from error
        note(DONE, keys)

    @staticmethod
    def _init(home: Path, url: str | None) -> None:
        from ledger.cli.ledger_group import init

        command(
            lambda: init(
                operator=OPERATOR, directory=home, clock="simulated", origin=ORIGIN, db=url
            )
        )

    def look(self, place: Place, noted: Noted) -> None:
        from ledger.cli.opening import open_ledger

        home, done = place.folder / "home", of(DONE, noted)
        if not done and not (home / FILE).exists():
            self._init(home, place.url)
        for (keys,) in done:
            for name, text in zip(("log.pem", "operator.pem"), keys, strict=True):
                path = home / "keys" / name
                require(path.exists() and path.read_text() == text, f"{name} is lost")

        def use() -> None:
            log = open_ledger(home, write=True)
            require(log.read_only is None, f"not mended: {log.read_only}")
            require(log.heartbeat() or log.state() is not None, "not alive")
            with contextlib.closing(DatabaseReader(read_settings(home, {}).database_url)) as reader:
                verify_ledger(reader, replay=True, workers=1)

        command(use)


def command(function: Any) -> str:
    """Run a command in silence; return what it said.

    Raises:
        BrokenError: it refused, with its sentence.

    """
    from ledger.cli.common import opened as opened_by_commands

    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            with opened_by_commands:
                function()
        except LedgerError as error:
            raise BrokenError(f"{type(error).__name__}: {error}") from error
    return said.getvalue()


class Export(Life):
    """Export a whole ledger."""

    name, acknowledging = "export", DONE
    with_database = True

    def prepare(self, place: Place) -> None:
        source = Place(place.given, place.given, place.url)
        made(source).engine.dispose()
        grown(source, range(6))

    def run(self, place: Place, note: Note) -> None:
        note(DONE, self._export(place))

    @staticmethod
    def _export(place: Place) -> int:
        source = Place(place.given, place.given, place.url)
        with contextlib.closing(DatabaseReader(source.database)) as reader:
            return export(reader, place.folder / "exported")

    def look(self, place: Place, noted: Noted) -> None:
        found = place.folder / "exported"
        if not found.exists():
            require(not of(DONE, noted), "lost: the export was said to be there")
            self._export(place)
        report = verify_ledger(DirectoryReader(found), replay=True, workers=1, log_key=VKEY)
        require(all(report.size == size for (size,) in of(DONE, noted)), "another size")


class Import(Life):
    """Bring a ledger that fell behind up to an export; go on."""

    name, acknowledging = "import", DONE
    with_database = True

    def prepare(self, place: Place) -> None:
        source = Place(place.given, place.given)
        made(source).engine.dispose()
        for name, stop in (("older", 2), ("exported", 8)):
            grown(source, range(stop))
            with contextlib.closing(DatabaseReader(source.database)) as reader:
                export(reader, place.given / name)
        shutil.copy2(place.given / "anchor", place.folder / "anchor")
        engine = make_engine(place.database)
        restore(engine, DirectoryReader(place.given / "older"), ORIGIN)
        engine.dispose()
        write_key(place.folder / "log.pem", LOG_KEY)
        write_key(place.folder / "operator.pem", OPERATOR_KEY)
        self.arrive(place)

    def arrive(self, place: Place) -> None:
        db = place.url or "ledger.sqlite"
        write_settings(
            Settings(
                directory=place.folder, origin=ORIGIN, operator=OPERATOR, db=db, clock="simulated",
                log_key=place.folder / "log.pem", operator_key=place.folder / "operator.pem",
                anchor=place.folder / "anchor",
            ),
            db,
        )  # fmt: skip

    def run(self, place: Place, note: Note) -> None:
        self._import(place)
        note(DONE)

    @staticmethod
    def _import(place: Place) -> None:
        from ledger.cli.keep_group import import_command

        command(lambda: import_command(place.given / "exported", directory=place.folder))

    def look(self, place: Place, noted: Noted) -> None:
        if not of(DONE, noted):
            self._import(place)
        reader = DirectoryReader(place.given / "exported")
        roots = roots_of(tuple(reader.entries(0, reader.size()).leaves))
        signed = [
            (SIGNED, size, root.hex()) for size, root in roots.items() if size == reader.size()
        ]
        mended(place, [*noted, *signed], range(9))
