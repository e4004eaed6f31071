"""Ledgers to audit, and the two who tamper: an administrator, and an operator with a pen."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Row, Table, and_, text
from world import BRAND, OPERATOR, ORIGIN, TRADER, World, cosigner, key_of

from ledger.audit import Report, verify_ledger
from ledger.cose.receipt import BatchClaims
from ledger.files.archive import DirectoryReader, export
from ledger.files.reader import EntryRange, LedgerReader, SignedSize
from ledger.histories.history import HistoryState, history_key
from ledger.primitives.clock import MICROSECONDS
from ledger.signer import log_public_key
from ledger.statements.catalogue import decode_body, encode_body, histories_of
from ledger.statements.envelope import parse_statement, sign_statement
from ledger.statements.log_family import Previous, Seal
from ledger.store.engine import make_engine
from ledger.store.ledger_reader import DatabaseReader
from ledger.store.reads import reading
from ledger.store.search import lengthen
from ledger.tlog import chain
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint
from ledger.tlog.merkle import leaf_hash, root_hash
from ledger.tlog.note import VerifierKey
from ledger.tlog.prefix_tree import root_of
from ledger.writing.mirror import Source

COSIGNED: dict[str, Any] = {
    "witnesses": (str(cosigner("w1")), str(cosigner("w2"))),
    "quorum": 2,
}
"""What a world with witnesses is made with."""
THING = "urn:x:thing"
SIZE = 520  # what grow() leaves: two full tiles of level 0, a part of a third


def grow(world: World) -> World:
    """Tell a story that fills every table: keys come and go, one history is past 256 entries."""
    world.party("brand", BRAND)
    world.party("trader", TRADER)
    second = {"key": world.binding("second", BRAND)}
    world.accept(world.statement("key", second, by="brand", issuer=BRAND, subject=BRAND))
    for batch in range(6):
        if world.witnesses and batch == 3:
            world.cosign("w1", "w2", "r1")
        named = (world.reading(f"{batch} {i}", subject=THING) for i in range(45))
        others = (
            world.reading(f"{batch} {i}", by="second", subject=f"urn:x:{i}") for i in range(35)
        )
        world.register(*named, *others)
    ended = {"kid": key_of("second").public.kid.hex(), "reason": "retired"}
    world.accept(world.statement("key-revocation", ended, by="brand", issuer=BRAND, subject=BRAND))
    idle(world)
    world.register(
        *(world.reading(f"trade {i}", by="trader", issuer=TRADER) for i in range(SIZE - 498))
    )
    if world.witnesses:
        world.cosign("r1", "w1")
    assert lengthen(world.log.engine, SIZE) == SIZE
    return world


def idle(world: World) -> None:
    """Let ten minutes pass without a statement: the log seals an empty batch."""
    world.clock.next_us = world.now_us = world.last_us() + 600 * MICROSECONDS
    assert world.log.heartbeat()
    world.wait()


def verified(url: str, **options: Any) -> Report:
    """Verify a database from outside."""
    with contextlib.closing(DatabaseReader(url)) as reader:
        return verify_ledger(reader, **{"workers": 1} | options)


def verified_export(folder: Path, **options: Any) -> Report:
    """Verify an export."""
    return verify_ledger(DirectoryReader(folder), **{"workers": 1} | options)


def export_of(url: str, folder: Path) -> Path:
    """Export a database."""
    with contextlib.closing(DatabaseReader(url)) as reader:
        export(reader, folder)
    return folder


def source_of(reader: LedgerReader, vkey: VerifierKey) -> Source:
    """Return a ledger to be followed by a mirror, its older roots made from its entries."""

    def root_at(size: int) -> bytes:
        return root_hash([leaf_hash(leaf) for leaf in reader.entries(0, size).leaves])

    return Source(reader, vkey, root_at)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file of an export by its name."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


class Administrator:
    """Holds the database's password, and puts triggers aside."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = make_engine(url)
        with self.engine.begin() as connection:
            if self.engine.dialect.name == "sqlite":
                found = connection.execute(
                    text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
                )
                for (name,) in found.all():
                    connection.execute(text(f"DROP TRIGGER {name}"))
            else:
                for table in ("entries", "checkpoints"):
                    connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))

    def rows(self, table: Table) -> Sequence[Row[Any]]:
        """Return a table's rows, ordered by its key."""
        with self.engine.connect() as connection:
            return connection.execute(table.select().order_by(*table.primary_key.columns)).all()

    @staticmethod
    def key_of(table: Table, row: Row[Any]) -> Any:
        return and_(*(column == getattr(row, column.name) for column in table.primary_key.columns))

    def run(self, *statements: Any) -> None:
        """Run statements in one transaction."""
        with self.engine.begin() as connection:
            for statement in statements:
                connection.execute(statement)

    @contextlib.contextmanager
    def without(self, table: Table, row: Row[Any]) -> Iterator[None]:
        """Delete a row for a while."""
        self.run(table.delete().where(self.key_of(table, row)))
        try:
            yield
        finally:
            self.run(table.insert().values(**row._mapping))

    @contextlib.contextmanager
    def with_row(self, table: Table, values: dict[str, Any]) -> Iterator[None]:
        """Add a row for a while."""
        self.run(table.insert().values(**values))
        keys = [column == values[column.name] for column in table.primary_key.columns]
        try:
            yield
        finally:
            self.run(table.delete().where(*keys))

    @contextlib.contextmanager
    def edited(self, table: Table, row: Row[Any], **values: Any) -> Iterator[None]:
        """Write other values into a row for a while."""
        keys = {column.name for column in table.primary_key.columns}
        now = [
            column == values.get(column.name, getattr(row, column.name))
            for column in table.primary_key.columns
        ]
        before = {name: getattr(row, name) for name in keys | values.keys()}
        self.run(table.update().where(self.key_of(table, row)).values(**values))
        try:
            yield
        finally:
            self.run(table.update().where(*now).values(**before))


@dataclass
class Paper:
    """A ledger an operator writes by hand: any entries, any seals, checkpoints over all of it.

    What a seal should say is computed here a second time, from FORMATS alone.
    """

    world: World
    """Signs; its own ledger only lends the genesis."""
    leaves: list[bytes] = field(default_factory=list)
    signed: list[SignedSize] = field(default_factory=list)
    newest: tuple[int, bytes, int] | None = None
    hidden: set[tuple[str, str]] = field(default_factory=set)
    """Histories the index leaves out."""

    def __post_init__(self) -> None:
        with reading(self.world.log.engine) as snapshot:
            self.leaves = snapshot.leaf_range(0, 1)
        self.seal()

    def write(self, *raws: bytes) -> "Paper":
        """Add entries without a seal."""
        self.leaves += [parse_statement(raw).leaf for raw in raws]
        return self

    def hashes(self) -> list[bytes]:
        """Return the leaf hashes."""
        return [parse_statement(leaf).leaf_hash for leaf in self.leaves]

    def chain(self) -> bytes:
        """Return the chain's value behind the newest entry."""
        value = chain.start(ORIGIN)
        for hashed in self.hashes():
            value = chain.extend(value, hashed)
        return value

    def root(self) -> bytes:
        """Return the root of the tree."""
        return root_hash(self.hashes())

    def index_root(self) -> bytes:
        """Return the root of the history index, hidden histories left out."""
        states: dict[bytes, HistoryState] = {}
        for index, leaf in enumerate(self.leaves):
            statement = parse_statement(leaf)
            for topic in histories_of(statement, decode_body(statement)):
                if topic not in self.hidden:
                    state = states.setdefault(history_key(*topic), HistoryState.empty())
                    state.append(index, statement.leaf_hash)
        return root_of({key: state.value() for key, state in states.items()})

    def seal(self, *, by: str = "operator", issuer: str = OPERATOR, **lies: Any) -> "Paper":
        """End the batch with a seal that says what is true, but for the lies, and sign for it."""
        after_us = self.world.now_us if self.newest is None else self.newest[2] + 60 * MICROSECONDS
        honest = Seal(
            v=1,
            size=len(self.leaves),
            time_us=after_us,
            chain=self.chain().hex(),
            index_root=self.index_root().hex(),
            previous=self.newest and Previous(index=self.newest[0], id=self.newest[1].hex()),
            cosigned=None,
        )
        issued_at = lies.pop("iat", None)
        subject = lies.pop("subject", ORIGIN)
        body = msgspec.structs.replace(honest, **lies)
        raw = sign_statement(
            key_of(by),
            encode_body(body),
            issuer=issuer,
            subject=subject,
            issued_at=body.time_us // MICROSECONDS if issued_at is None else issued_at,
            audience=ORIGIN,
        )
        self.newest = (len(self.leaves), parse_statement(raw).id, body.time_us)
        self.world.now_us = body.time_us
        return self.write(raw).sign()

    def sign(self) -> "Paper":
        """Sign a checkpoint over everything there is, and the receipts of the newest seal."""
        assert self.newest is not None
        size, root = len(self.leaves), self.root()
        vkey, signer = self.world.log.vkey, self.world.signer
        claims = BatchClaims(log_public_key(vkey).kid, ORIGIN, size, self.newest[2] // MICROSECONDS)
        note = sign_checkpoint(Checkpoint(ORIGIN, size, root), vkey, signer.sign_log)
        self.signed.append(SignedSize(size, str(note), claims.sign(root, signer.sign_log)))
        return self

    def verified(self, **options: Any) -> Report:
        """Verify what is on the paper, rules included."""
        return verify_ledger(self, **{"workers": 1, "replay": True} | options)

    # A paper is a ``LedgerReader`` that stores nothing but entries and checkpoints.

    def reopen(self) -> Any:
        msg = "a paper lies in one process: verify it with workers=1"
        raise AssertionError(msg)

    def name(self) -> str:
        return "paper"

    def size(self) -> int:
        return len(self.leaves)

    def entries(self, start: int, stop: int) -> EntryRange:
        return EntryRange(start, self.leaves[start:stop])

    def terms(self, *_: int) -> dict[int, set[bytes]]:
        return {}

    def checkpoints(self, start: int, stop: int) -> list[SignedSize]:
        return [item for item in self.signed if start < item.size <= stop]

    def check_tile(self, *_: Any) -> None: ...

    def check_seals(self, *_: Any) -> None: ...

    def check_derived(self, _: Any) -> None: ...

    def close(self) -> None: ...
