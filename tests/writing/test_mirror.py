"""A mirror holds what its source signed, to the last byte, and nothing else, however it is led on."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from audit.ledgers import COSIGNED, Paper, export_of, source_of, verified
from world import BRAND, ORIGIN, TRADER, World, key_of

from ledger.answering.prover import prove
from ledger.cose.receipt import verify_receipt
from ledger.errors import AuditError, ReadOnlyError, VerificationError
from ledger.evidence.bundle import encode_bundle
from ledger.files.archive import DirectoryReader
from ledger.files.reader import EntryRange, LedgerReader, SignedSize
from ledger.settings import Settings
from ledger.signer import log_public_key, log_vkey
from ledger.store.engine import make_engine
from ledger.store.ledger_reader import DatabaseReader
from ledger.store.reads import reading
from ledger.writing import mirror as mirroring
from ledger.writing.log import Log
from ledger.writing.mirror import follow
from ledger.writing.opening import open_to_read

VKEY = log_vkey(ORIGIN, key_of("log"))


class Mirror:
    """A mirror's database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.engine = make_engine(url)

    def follow(self, reader: LedgerReader, **how: bool) -> int:
        """Follow whatever the reader shows."""
        return follow(self.engine, source_of(reader, VKEY), **how)

    def follow_world(self, world: World, **how: bool) -> int:
        """Follow a ledger as it stands."""
        with contextlib.closing(DatabaseReader(world.url)) as reader:
            return self.follow(reader, **how)

    def size(self) -> int:
        """Return how much it holds."""
        with reading(self.engine) as snapshot:
            head = snapshot.head()
        return 0 if head is None else head.size

    def log(self) -> Log:
        """Open it as commands do."""
        keys = self.folder / "keys"
        settings = Settings(
            directory=self.folder,
            origin=ORIGIN,
            operator="",
            db=self.url,
            clock="simulated",
            log_key=keys,
            operator_key=keys,
            anchor=self.folder / "anchor",
            mirror="https://ledger.example",
        )
        return open_to_read(settings, self.engine)


@pytest.fixture
def mirror(database: str, tmp_path: Path) -> Iterator[Mirror]:
    """Return a mirror without anything in it, on SQLite and PostgreSQL in turn."""
    made = Mirror(database, tmp_path)
    yield made
    made.engine.dispose()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Return a ledger to be mirrored, with witnesses."""
    folder = tmp_path / "world"
    folder.mkdir()
    made = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}", **COSIGNED)
    yield made
    made.log.engine.dispose()


def asked(log: Log, topic: str, subject: str) -> bytes:
    """Return the bundle of a history."""
    return encode_bundle(prove(log, "history", {"topic": topic, "subject": subject}))


@pytest.mark.parametrize("replay", [False, True])
def test_a_mirror_grows_with_its_source_and_is_the_same_ledger(
    mirror: Mirror, world: World, replay: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(mirroring, "CHUNK", 100)  # several transactions
    assert mirror.follow_world(world, replay=replay) == 2
    world.party("brand", BRAND)
    assert mirror.follow_world(world, replay=replay) == 4
    world.cosign("w1", "w2")
    world.accept(world.reading("cosigned before"))
    assert mirror.follow_world(world, replay=replay) == 6
    grow_on(world)
    size = mirror.follow_world(world, replay=replay)
    assert verified(mirror.url, replay=True) == verified(world.url, replay=True)
    assert mirror.follow_world(world, replay=replay) == size == mirror.size()
    for topic, subject in (("issuer", BRAND), ("generic", "urn:x:1"), ("identity", TRADER)):
        assert asked(mirror.log(), topic, subject) == asked(world.log, topic, subject)


def grow_on(world: World) -> None:
    """Register more than a transaction of a mirror takes, in several batches."""
    for batch in range(6):
        world.register(
            *(world.reading(f"{batch} {i}", subject=f"urn:x:{i % 3}") for i in range(60))
        )


def test_a_mirror_is_read_only_and_says_where_to_register(mirror: Mirror, world: World):
    mirror.follow_world(world)
    log = mirror.log()
    with pytest.raises(
        ReadOnlyError, match=r"register with the log itself \(--server https://ledger\.example\)"
    ):
        log.register([world.reading("here")])


class OnlyNewest:
    """A source that shows the newest checkpoint alone, as a server does."""

    def __init__(self, honest: LedgerReader) -> None:
        self._honest = honest

    def __getattr__(self, name: str) -> Any:
        return getattr(self._honest, name)

    def checkpoints(self, start: int, stop: int) -> list[SignedSize]:
        """Return the last of them."""
        return list(self._honest.checkpoints(start, stop))[-1:]


def test_receipts_of_a_mirror_are_against_the_next_checkpoint_it_saw(mirror: Mirror, world: World):
    world.party("brand", BRAND)
    grow_on(world)
    said = world.reading("said")
    index = world.accept(said).index
    with contextlib.closing(DatabaseReader(world.url)) as reader:
        size = mirror.follow(OnlyNewest(reader))
    for at in (index, 3, size - 1):
        with reading(mirror.engine) as snapshot:
            (leaf,) = snapshot.leaf_range(at, at + 1)
        opened = verify_receipt(mirror.log().receipt(at), leaf, log_public_key(VKEY), ORIGIN)
        assert (opened.index, opened.claims.size) == (at, size)
    assert mirror.log().receipt(index) == world.log.receipt(index), "of the newest batch the same"


def test_a_source_that_shows_less_than_before_is_refused(
    mirror: Mirror, world: World, tmp_path: Path
):
    world.party("brand", BRAND)
    old = export_of(world.url, tmp_path / "old")
    world.accept(world.reading("newer"))
    mirror.follow_world(world)
    with pytest.raises(VerificationError, match="it went backwards"):
        mirror.follow(DirectoryReader(old))
    assert mirror.size() == 6


def test_another_history_is_refused_and_nothing_of_it_stays(mirror: Mirror, world: World):
    one = Paper(world).write(party(world)).seal()
    other = (
        Paper(world)
        .write(
            world.statement(
                "party", world.party_fields("brand", BRAND, names={"en": "Other"}), subject=BRAND
            )
        )
        .seal()
    )
    other.write(world.reading("on it goes")).seal()
    mirror.follow(one)
    with pytest.raises(VerificationError, match="first 4 entries are not those that were mirrored"):
        mirror.follow(other)
    assert mirror.size() == 4


def party(world: World) -> bytes:
    return world.statement("party", world.party_fields("brand", BRAND), subject=BRAND)


class Liar:
    """A source that shows other bytes than the log signed, from one entry on."""

    def __init__(self, honest: Paper, index: int, leaf: bytes) -> None:
        self._honest, self._index, self._leaf = honest, index, leaf

    def __getattr__(self, name: str) -> Any:
        return getattr(self._honest, name)

    def entries(self, start: int, stop: int) -> EntryRange:
        """Return entries, one of them another."""
        leaves = list(self._honest.leaves[start:stop])
        if start <= self._index < stop:
            leaves[self._index - start] = self._leaf
        return EntryRange(start, leaves)


def test_other_bytes_than_were_signed_are_refused(mirror: Mirror, world: World):
    paper = Paper(world).write(party(world)).seal()
    mirror.follow(paper)
    paper.write(world.reading("said")).seal()
    liar = Liar(paper, 4, world.reading("never said"))
    with pytest.raises(AuditError, match=r"entry 5: seal\.chain"):
        mirror.follow(liar)
    assert mirror.size() == 4
    assert mirror.follow(paper) == 6


def test_what_broke_off_goes_on_where_it_stood(
    mirror: Mirror, world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(mirroring, "CHUNK", 100)
    world.party("brand", BRAND)
    grow_on(world)
    with contextlib.closing(DatabaseReader(world.url)) as reader:
        honest = reader.entries
        monkeypatch.setattr(reader, "entries", lambda start, stop: cut(honest, start, stop))
        with pytest.raises(ConnectionError):
            mirror.follow(reader)
    assert 0 < mirror.size() < 256
    mirror.follow_world(world)
    assert verified(mirror.url, replay=True) == verified(world.url, replay=True)


def cut(entries, start: int, stop: int) -> EntryRange:
    """Read as far as the network goes."""
    if stop > 256 and start:
        raise ConnectionError
    return entries(start, stop)
