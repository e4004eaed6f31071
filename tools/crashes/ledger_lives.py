"""The lives of a ledger: made, appended to, published, exported, brought back."""

import contextlib
import io
import shutil
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from crashes.databases import connected
from crashes.life import BrokenError, Life, Note, Noted, Place, require
from ledger.audit import verify_ledger
from ledger.cose.keys import PrivateKey
from ledger.cose.receipt import verify_receipt
from ledger.errors import LedgerError
from ledger.files.anchor import Anchor
from ledger.files.archive import DirectoryReader, export
from ledger.primitives.clock import SimulatedClock
from ledger.settings import FILE, Settings, read_settings, write_settings
from ledger.signer import KeySigner, log_public_key, log_vkey, write_key
from ledger.statements.envelope import parse_statement, sign_statement
from ledger.statements.fields import Names, Text
from ledger.store.cosignatures import store_cosignature
from ledger.store.engine import make_engine, sqlite_module
from ledger.store.ledger_reader import DatabaseReader
from ledger.store.reads import reading
from ledger.tlog.checkpoint import cosign, parse_checkpoint
from ledger.tlog.merkle import Frontier, leaf_hash, root_from_path
from ledger.tlog.note import TYPE_COSIGNATURE, VerifierKey
from ledger.writing.log import Log, Registered
from ledger.writing.opening import create_log, open_log
from ledger.writing.publisher import require_head
from ledger.writing.restore import restore

ORIGIN = "ledger.example/crashes"
OPERATOR = "https://id.gs1.org/417/6901234507003"
START_S = 1_790_000_000
LOG_KEY, OPERATOR_KEY, WITNESS_KEY = (PrivateKey.from_seed(bytes([n]) * 32) for n in (1, 2, 3))
VKEY = log_vkey(ORIGIN, LOG_KEY)
WITNESS = VerifierKey("crashes.example/w", TYPE_COSIGNATURE, WITNESS_KEY.public.x)
TOLD, SIGNED, DONE = "told", "signed", "done"


class NotingSigner(KeySigner):
    """Notes every checkpoint it signs before anybody can see the signature."""

    def __init__(self, note: Note) -> None:
        super().__init__(ORIGIN, LOG_KEY, OPERATOR_KEY)
        self._note = note

    def sign_log(self, message: bytes) -> bytes:
        if message.startswith(ORIGIN.encode()):
            found = parse_checkpoint(message.decode())
            self._note(SIGNED, found.size, found.root.hex())
        return super().sign_log(message)


class Crash(BaseException):
    """The process ends here."""


def crash(*_: object) -> None:
    """Stand in for what a crash does not reach."""
    raise Crash


def silent(*_: object) -> None:
    """Note nothing."""


@cache
def statement(number: int) -> bytes:
    """Return the same statement for the same number in every process."""
    return sign_statement(
        OPERATOR_KEY,
        b"a reading",
        issuer=OPERATOR,
        subject=f"urn:x:{number}",
        issued_at=START_S,
        audience=ORIGIN,
        content_type="text/plain",
    )


@contextlib.contextmanager
def opened(place: Place, note: Note = silent) -> Any:
    """Open a place's ledger with its keys."""
    engine = make_engine(place.database)
    try:
        yield open_log(
            engine,
            anchor_path=place.folder / "anchor",
            clock=SimulatedClock(),
            signer=NotingSigner(note),
        )
    finally:
        engine.dispose()


def made(place: Place) -> Log:
    """Make a ledger in a place."""
    return create_log(
        make_engine(place.database),
        anchor_path=place.folder / "anchor",
        clock=SimulatedClock(START_S * 1_000_000),
        signer=NotingSigner(silent),
        operator=OPERATOR,
        names=Names(en=Text("Operator")),
    )


def grown(place: Place, numbers: Iterable[int]) -> None:
    """Register statements in a place's ledger, one by one."""
    with opened(place) as log:
        for number in numbers:
            log.register([statement(number)])


def told(log: Log, number: int, outcome: Any, note: Note) -> None:
    """Acknowledge a statement."""
    assert isinstance(outcome, Registered), outcome
    note(TOLD, number, outcome.index, log.receipt(outcome.index).hex())


def of(word: str, noted: Noted) -> list[list[Any]]:
    """Return what was noted under a word."""
    return [list(item[1:]) for item in noted if item[0] == word]


# What must hold


def same_log(roots: dict[int, bytes], noted: Noted) -> None:
    """Demand that every checkpoint signed, and every receipt given, is of one log with these roots."""
    for size, root in of(SIGNED, noted):
        require(roots.get(size) == bytes.fromhex(root), f"forked: size {size} was signed otherwise")
    for number, index, receipt in of(TOLD, noted):
        size, root = promised(number, index, receipt)
        require(roots.get(size) == root, f"lost: the receipt of entry {index} is of another log")


@cache
def leaf_of(number: int) -> bytes:
    """Return a statement's leaf."""
    return parse_statement(statement(number)).leaf


@cache
def promised(number: int, index: int, receipt: str) -> tuple[int, bytes]:
    """Return the size and the root that a receipt is under, its signature verified."""
    leaf = leaf_of(number)
    found = verify_receipt(bytes.fromhex(receipt), leaf, log_public_key(VKEY), ORIGIN)
    size = found.claims.size
    return size, root_from_path(index=index, size=size, leaf=leaf_hash(leaf), path=found.path)


@lru_cache(64)
def roots_of(leaves: tuple[bytes, ...]) -> dict[int, bytes]:
    """Return the root of each size."""
    tree, found = Frontier(), {}
    for leaf in leaves:
        tree.append(leaf_hash(leaf))
        found[tree.size] = tree.root()
    return found


def mended(place: Place, noted: Noted, numbers: Iterable[int]) -> None:
    """Open a ledger, register everything once more, and hold it against the promises."""
    signed: list[tuple[Any, ...]] = []
    with opened(place, lambda *item: signed.append(item)) as log:
        require(log.read_only is None, f"not mended: {log.read_only}")
        with reading(log.engine) as snapshot:
            size, anchored = require_head(snapshot).size, log.anchor.read()
            require(
                anchored is not None and anchored[0].size == size,
                "the anchor is not where the head is",
            )
        wanted = {number: index for number, index, _ in of(TOLD, noted)}
        every = sorted({*numbers, *wanted})
        outcomes = dict(
            zip(every, log.register([statement(number) for number in every]), strict=True)
        )
        for number, index in wanted.items():
            same = Registered(parse_statement(statement(number)).id, index, new=False)
            require(outcomes[number] == same, f"lost: entry {index} was acknowledged")
        receipts = log.receipts(list(wanted.values()))
        for _, index, receipt in of(TOLD, noted):
            require(receipts[index].hex() == receipt, f"entry {index} has another receipt")
        require(log.anchor.elsewhere() is None, "the anchor says that it is elsewhere")
    audited(place, [*noted, *signed], every)


def audited(place: Place, noted: Noted, every: Iterable[int]) -> None:
    """Verify a ledger as an auditor does; each statement is in it once, and nothing was forked."""
    with contextlib.closing(DatabaseReader(place.database)) as reader:
        verify_ledger(reader, replay=True, workers=1, log_key=VKEY)
        leaves = reader.entries(0, reader.size()).leaves
    for number in every:
        leaf = leaf_of(number)
        require(leaves.count(leaf) == 1, f"statement {number} is there {leaves.count(leaf)} times")
    same_log(roots_of(tuple(leaves)), noted)


def glanced(place: Place, noted: Noted) -> None:
    """Let the database recover, and hold rows, head and anchor against the promises."""
    if place.url is None:
        connection = sqlite_module().connect(place.folder / "ledger.sqlite")
    else:
        connection = connected(place.url)
    try:
        rows = connection.execute(
            "SELECT idx, leaf, leaf_hash FROM entries ORDER BY idx"
        ).fetchall()
        ((size, frontier),) = connection.execute("SELECT size, frontier FROM head").fetchall()
        notes = connection.execute("SELECT size, note FROM checkpoints").fetchall()
    finally:
        connection.close()
    indexes, leaves, hashes = zip(*rows, strict=True)
    require(indexes == tuple(range(size)), "entries and head differ")
    require(hashes == hashes_of(leaves), "an entry has another hash")
    roots = roots_of(leaves)
    require(frontier_root(size, frontier) == roots.get(size), "the head has another root")
    same_log(roots, noted)
    for number, index, _ in of(TOLD, noted):
        require(leaves[index] == leaf_of(number), f"lost: entry {index}")
    require(
        all(checkpoint_root(note) == roots.get(at) for at, note in notes),
        "a checkpoint is not of this log",
    )
    anchor = anchor_at(place.folder / "anchor")
    found = anchor.read()
    require(found is not None or size == 2, "the anchor is lost")
    require(
        found is None or roots.get(found[0].size) == found[0].root, "the anchor is not of this log"
    )
    require(anchor.elsewhere() is None, "the anchor says that it is elsewhere")
    require(anchor.stopped() is None, "the anchor says that it is stopped")


# What is the same in many states is asked once


@lru_cache(4)
def anchor_at(path: Path) -> Anchor:
    """Return an anchor, which remembers what it verified by its bytes."""
    return Anchor(path, VKEY)


@lru_cache(64)
def hashes_of(leaves: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return tuple(map(leaf_hash, leaves))


@lru_cache(1024)
def frontier_root(size: int, frontier: bytes) -> bytes:
    return Frontier(size, [frontier[at : at + 32] for at in range(0, len(frontier), 32)]).root()


@lru_cache(1024)
def checkpoint_root(note: str) -> bytes:
    return parse_checkpoint(_text(note)).root


def _text(note: str) -> str:
    return note.partition("\n\n")[0] + "\n"


# The lives


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
        line = cosign(_text(stored.note), WITNESS, WITNESS_KEY.sign, time_s=START_S)
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
