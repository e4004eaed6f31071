"""Bits that flip in memory, on disk or under somebody's hand: found before anything is signed."""

import pytest
from world import BRAND, World

from ledger.errors import AuditError, LogCorruptError, ReadOnlyError
from ledger.histories.history import history_key
from ledger.store.reads import Snapshot, page_number, reading


def size_of(world: World) -> int:
    with reading(world.log.engine) as snapshot:
        return snapshot.head().size


def newest_note(world: World) -> str | None:
    """Return the checkpoint stored for the ledger's size."""
    with reading(world.log.engine) as snapshot:
        stored = snapshot.checkpoint(snapshot.head().size)
    return stored and stored.note


def anchored(world: World) -> int:
    return world.anchor().read()[0].size


@pytest.mark.parametrize("place", [0, 40, -1])
def test_a_bit_that_flips_before_it_is_read_back_stops_the_log(told, monkeypatch, place):
    stored = Snapshot.leaf_range

    def flipped(snapshot: Snapshot, start: int, stop: int) -> list[bytes]:
        leaves = [bytearray(leaf) for leaf in stored(snapshot, start, stop)]
        leaves[0][place] ^= 4
        return [bytes(leaf) for leaf in leaves]

    with monkeypatch.context() as patch:
        patch.setattr(Snapshot, "leaf_range", flipped)
        with pytest.raises(LogCorruptError, match="entries 6 to 8: read back"):
            told.register(told.reading("x"))
    assert newest_note(told) is None
    assert anchored(told) == 6
    with pytest.raises(ReadOnlyError, match="entries 6 to 8: read back"):
        told.register(told.reading("y"))
    with pytest.raises(ReadOnlyError):
        told.log.heartbeat()
    with pytest.raises(ReadOnlyError):
        told.log.receipt(6)
    told.log.receipt(4)


def test_a_leaf_that_went_bad_on_disk_is_not_signed_by_opening_either(told, crash_at, administer):
    crash_at(told, "sign")
    with reading(told.log.engine) as snapshot:
        leaf = bytearray(snapshot.leaf_range(6, 7)[0])
    leaf[-1] ^= 1
    administer(told, "UPDATE entries SET leaf = :leaf WHERE idx = 6", leaf=bytes(leaf))
    with pytest.raises(LogCorruptError, match="6"):
        told.reopen()
    assert newest_note(told) is None
    assert anchored(told) == 6


def test_nothing_is_signed_on_top_of_a_head_that_went_bad(told, administer):
    with reading(told.log.engine) as snapshot:
        frontier = bytearray(snapshot.head().frontier)
    frontier[0] ^= 1
    administer(told, "UPDATE head SET frontier = :frontier", frontier=bytes(frontier))
    with pytest.raises(LogCorruptError):
        told.register(told.reading("x"))
    with reading(told.log.engine) as snapshot:
        assert snapshot.newest_checkpoint().size == 6
    assert anchored(told) == 6


def test_nothing_is_sealed_on_top_of_a_history_that_went_bad(told, administer):
    # What appending needs of a history lies beside its value in the page, hashed by nothing.
    told.reopen()  # with no page in memory
    with reading(told.log.engine) as snapshot:
        page = bytearray(snapshot.pages([""])[""])
        state = snapshot.history_state(told.log.view(snapshot, 6).tree, "generic", "urn:x:1")
    at = bytes(page).index(state.frontier.hashes[0], page.index(history_key("generic", "urn:x:1")))
    at = bytes(page).index(state.encode(), at)
    page[at] ^= 1
    number = page_number("")
    administer(
        told, "UPDATE index_pages SET page = :page WHERE number = :n", page=bytes(page), n=number
    )
    with pytest.raises(LogCorruptError):
        told.register(told.reading("x"))
    assert size_of(told) == 6


COLUMNS = [
    ("head", "size"),
    ("head", "chain"),
    ("head", "frontier"),
    ("head", "index_root"),
    ("head", "seal_idx"),
    ("head", "seal_id"),
    ("head", "seal_time_us"),
    ("index_pages", "page"),
    ("tiles", "hashes"),
    ("tiles", "root"),
    ("history_groups", "indices"),
    ("history_groups", "key"),
    ("seals", "time_us"),
    ("seals", "idx"),
]


def changes_of(value: int | bytes) -> list[int | bytes]:
    """Return a column's value with a bit changed here and there."""
    if isinstance(value, int):
        return [value ^ 1, value ^ 64, value + 2**40]
    changed = []
    for place in (0, len(value) // 2, len(value) - 1):
        flipped = bytearray(value)
        flipped[place] ^= 0x10
        changed.append(bytes(flipped))
    return changed


def found_by_opening_or_verifying(world: World) -> str:
    try:
        world.reopen()
        world.check()
    except (LogCorruptError, AuditError):
        return "found"
    except Exception as error:  # noqa: BLE001 - the sentence a test prints
        return repr(error)
    return "not found"


def test_whatever_goes_bad_of_what_follows_from_the_entries_is_found(any_world: World, administer):
    any_world.wait()
    any_world.party("brand", BRAND)
    any_world.register(*(any_world.reading(f"{i}", subject=f"urn:{i % 2}") for i in range(300)))
    answers = {}
    for table, column in COLUMNS:
        with reading(any_world.log.engine) as snapshot:
            ((value,), *_) = snapshot.driver.rows(f"SELECT {column} FROM {table}")  # noqa: S608
        value = value if isinstance(value, int) else bytes(value)
        sql = f"UPDATE {table} SET {column} = :new WHERE {column} = :old"  # noqa: S608
        for bad in changes_of(value):
            administer(any_world, sql, old=value, new=bad)
            answers.setdefault(found_by_opening_or_verifying(any_world), []).append((column, bad))
            administer(any_world, sql, old=bad, new=value)
    assert answers.keys() == {"found"}, answers
    any_world.reopen()
    any_world.check()


def test_a_missing_entry_is_found_by_opening_and_named_by_verifying(told, administer):
    administer(told, "DELETE FROM entries WHERE idx = 4")
    with pytest.raises(LogCorruptError, match="5 hashes stored, 6 expected"):
        told.reopen()
    with pytest.raises(AuditError, match="entry 4: idx: missing"):
        told.check()
