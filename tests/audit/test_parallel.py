"""Verifying in several processes says what verifying in one says, whatever is wrong."""

import pickle
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from audit.ledgers import SIZE, Administrator, verified, verified_export
from world import BRAND, TRADER, World

from ledger.audit import RANGE, verify_ledger
from ledger.errors import AuditError, StorageError
from ledger.files.archive import DirectoryReader
from ledger.store.tables import entries

LATE = RANGE + 108  # where the trader's key enters, in the second range; it signs in the third


def error_of(check: Callable[[], object]) -> tuple[str, str, str]:
    with pytest.raises(AuditError) as caught:
        check()
    return caught.value.where, caught.value.field, caught.value.why


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return a ledger of three ranges."""
    folder = tmp_path_factory.mktemp("long")
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    world.party("brand", BRAND)
    world.register(*(world.reading(f"{i}", subject=f"urn:x:{i % 99}") for i in range(LATE - 5)))
    assert world.party("trader", TRADER).index == LATE
    world.register(
        *(world.reading(f"again {i}", subject=f"urn:x:{i % 99}") for i in range(RANGE)),
        *(world.reading(f"late {i}", by="trader", issuer=TRADER) for i in range(50)),
    )
    yield world
    world.log.engine.dispose()


def test_two_processes_find_what_one_finds(long: World):
    alone = verified(long.url)
    assert alone.size > 2 * RANGE
    done: list[int] = []
    assert verified(long.url, workers=2, progress=done.append) == alone
    assert done == [RANGE // 8, RANGE, 2 * RANGE, alone.size]


def test_two_processes_find_the_first_error_of_the_last_range(long: World):
    """A statement under a key that entered in the range before, and a chain value behind it."""
    administrator = Administrator(long.url)
    rows = administrator.rows(entries)
    first, second = rows[-7], rows[-3]
    forged = first.leaf[:-1] + bytes([first.leaf[-1] ^ 1])
    with (
        administrator.edited(entries, second, chain=bytes(32)),
        administrator.edited(entries, first, leaf=forged),
    ):
        found = error_of(lambda: verified(long.url, workers=2))
    administrator.engine.dispose()
    assert found[:2] == (f"entry {first.idx}", "signature")


# Many small ranges: some are checked before the keys they need are known, others behind.


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut ledgers into ranges of 32 entries."""
    monkeypatch.setattr("ledger.audit.RANGE", 32)


@pytest.mark.usefixtures("narrow")
def test_many_ranges_come_to_the_same_report(exported: Path, lasting: World):
    alone = verified_export(exported, replay=True)
    assert alone == verified(lasting.url, workers=2, replay=True)
    assert verified_export(exported, workers=3) == replace(alone, replayed=False)


EDITS = {
    "the genesis": [("tile/entries/000", 100)],
    "an early statement": [("tile/entries/000", 9_000)],
    "a statement of a key known by then": [("tile/entries/002.p/8", 400)],
    "a leaf hash": [("tile/0/001", 32 * 200)],
    "a checkpoint": [("checkpoints", 50)],
    "a receipt signature": [("checkpoints", 230)],
    "a late hash and an early statement": [("tile/0/001", 32 * 200), ("tile/entries/000", 9_000)],
}


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("case", EDITS)
def test_many_ranges_come_to_the_same_first_error(exported: Path, tmp_path: Path, case: str):
    copy = Path(shutil.copytree(exported, tmp_path / "copy"))
    for name, at in EDITS[case]:
        raw = bytearray((copy / name).read_bytes())
        raw[at] ^= 1
        (copy / name).write_bytes(raw)
    found = error_of(lambda: verified_export(copy, workers=2))
    assert found == error_of(lambda: verified_export(copy))


@pytest.mark.usefixtures("narrow")
def test_a_missing_file_is_named_from_a_worker_too(exported: Path, tmp_path: Path):
    copy = Path(shutil.copytree(exported, tmp_path / "copy"))
    name = f"tile/entries/00{SIZE // 256}.p/{SIZE % 256}"
    (copy / name).unlink()
    found = error_of(lambda: verified_export(copy, workers=2))
    assert found[:2] == (name, "file")
    assert found == error_of(lambda: verified_export(copy))


@pytest.mark.usefixtures("narrow")
def test_a_worker_that_cannot_open_the_ledger_says_so(exported: Path, tmp_path: Path):
    copy = Path(shutil.copytree(exported, tmp_path / "copy"))
    reader = DirectoryReader(copy)
    (copy / "checkpoint").unlink()
    with pytest.raises((AuditError, StorageError)):
        verify_ledger(reader, workers=2)


def test_an_audit_error_travels_between_processes():
    error = AuditError("entry 7", "chain", "not the chain's value")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (again.where, again.field, again.why) == ("entry 7", "chain", "not the chain's value")
    assert str(again) == str(error)
