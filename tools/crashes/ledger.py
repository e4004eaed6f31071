"""A ledger in a place: made and grown, and held against what it promised."""

import contextlib
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from crashes.databases import connected
from crashes.life import Note, Noted, Place, require
from ledger.audit import verify_ledger
from ledger.cose.keys import PrivateKey
from ledger.cose.receipt import verify_receipt
from ledger.files.anchor import Anchor
from ledger.primitives.clock import SimulatedClock
from ledger.signer import KeySigner, log_public_key, log_vkey
from ledger.statements.envelope import parse_statement, sign_statement
from ledger.statements.fields import Names, Text
from ledger.store.engine import make_engine, sqlite_module
from ledger.store.ledger_reader import DatabaseReader
from ledger.store.reads import reading
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.merkle import Frontier, leaf_hash, root_from_path
from ledger.tlog.note import TYPE_COSIGNATURE, VerifierKey
from ledger.writing.log import Log, Registered
from ledger.writing.opening import create_log, open_log
from ledger.writing.publisher import require_head

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
    return parse_checkpoint(text_of(note)).root


def text_of(note: str) -> str:
    return note.partition("\n\n")[0] + "\n"
