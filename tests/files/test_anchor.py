"""The anchor file: two slots, of which one is whole whatever happens to the other."""

import fcntl
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from world import ORIGIN, key_of

from ledger.errors import StorageError
from ledger.files import anchor as anchor_module
from ledger.files.anchor import SLOT_SIZE, Anchor
from ledger.signer import KeySigner
from ledger.tlog.checkpoint import Checkpoint, sign_checkpoint

SIGNER = KeySigner(ORIGIN, key_of("log"), key_of("operator"))


def note_of(size: int, *, signer: KeySigner = SIGNER) -> str:
    checkpoint = Checkpoint(signer.vkey.name, size, bytes([size % 256]) * 32)
    return str(sign_checkpoint(checkpoint, signer.vkey, signer.sign_log))


def advance(anchor: Anchor, *sizes: int) -> None:
    for size in sizes:
        anchor.advance(size, note_of(size))


@pytest.fixture
def anchor(tmp_path: Path) -> Anchor:
    return Anchor(tmp_path / "anchor", SIGNER.vkey)


def test_without_a_file_nothing_was_published(anchor):
    assert anchor.read() is None


def test_it_remembers_the_newest_checkpoint_and_never_goes_back(anchor):
    for size in (2, 5, 3, 5, 9, 2, 8, 10):
        advance(anchor, size)
        found, note = anchor.read()
        wanted = max(found.size, size)
        assert (found.size, note) == (wanted, note_of(wanted).encode())
    assert anchor.path.stat().st_size == 3 * SLOT_SIZE


def torn_write(before: bytes, after: bytes, cut: int) -> bytes:
    """Return what a power cut leaves of a write: its first bytes, then the old ones."""
    return after[:cut] + before[cut:]


def test_a_write_torn_anywhere_leaves_the_checkpoint_before_it(anchor):
    advance(anchor, 2, 4)
    before = anchor.path.read_bytes()
    advance(anchor, 10)
    after = anchor.path.read_bytes()
    whole = len(note_of(10).encode())
    for cut in range(whole + 1):
        anchor.path.write_bytes(torn_write(before, after, cut))
        assert anchor.read()[0].size == (10 if cut == whole else 4)


def test_the_whole_slot_is_never_the_one_that_is_written_over(anchor):
    # The torn one may show a size larger than any: only its signature says that it is torn.
    advance(anchor, 2, 4)
    before = anchor.path.read_bytes()
    advance(anchor, 10)
    after = anchor.path.read_bytes()
    for cut in range(0, len(note_of(10).encode()), 7):
        once = torn_write(before, after, cut)
        anchor.path.write_bytes(once)
        advance(anchor, 12)
        twice = anchor.path.read_bytes()
        for again in (1, 30, 120):
            start = SLOT_SIZE * (twice[:SLOT_SIZE] == once[:SLOT_SIZE])
            anchor.path.write_bytes(torn_write(once, twice, start + again))
            assert anchor.read()[0].size in (4, 10, 12), f"torn at {cut}, then at {again}"


def test_a_bit_that_flips_makes_a_slot_worthless_and_the_other_counts(anchor):
    advance(anchor, 4, 10)
    whole = anchor.path.read_bytes()
    (start,) = (match.start() for match in re.finditer(re.escape(note_of(10).encode()), whole))
    for bit in range(0, 8 * len(note_of(10).encode()), 5):
        flipped = bytearray(whole)
        flipped[start + bit // 8] ^= 1 << (bit % 8)
        anchor.path.write_bytes(flipped)
        assert anchor.read()[0].size == 4
        assert anchor.read()[1].decode() == note_of(4)


@pytest.mark.parametrize(
    "content",
    [b"\xff" * 2 * SLOT_SIZE, note_of(4).encode()[:-9]],
    ids=["noise", "half a note"],
)
def test_a_file_without_a_whole_checkpoint_is_not_taken_for_none(anchor, content):
    anchor.path.write_bytes(content)
    with pytest.raises(StorageError, match="no checkpoint signed by this log's key in it"):
        anchor.read()


@pytest.mark.parametrize("content", [b"", bytes(2 * SLOT_SIZE)], ids=["empty", "zeroes"])
def test_a_file_that_nothing_was_written_to_is_no_anchor(anchor, content):
    anchor.path.write_bytes(content)
    assert anchor.read() is None


def test_another_logs_anchor_is_not_taken_for_ours(anchor):
    for origin, key in ((ORIGIN, "another"), (f"{ORIGIN}/2", "log")):
        signer = KeySigner(origin, key_of(key), key_of("operator"))
        Anchor(anchor.path, signer.vkey).advance(4, note_of(4, signer=signer))
        with pytest.raises(StorageError, match="no checkpoint signed by this log's key in it"):
            anchor.read()
        anchor.path.unlink()


@pytest.mark.parametrize("action", [Anchor.read, lambda anchor: advance(anchor, 4)])
def test_a_file_that_cannot_be_read_or_written_is_named(anchor, action):
    anchor.path.mkdir()
    with pytest.raises(StorageError, match=f"anchor {anchor.path}: "):
        action(anchor)


def test_a_folder_that_is_not_there_is_named(tmp_path):
    anchor = Anchor(tmp_path / "nowhere" / "anchor", SIGNER.vkey)
    assert anchor.read() is None
    with pytest.raises(StorageError, match="No such file or directory"):
        advance(anchor, 4)


def test_it_waits_for_another_process_that_is_at_it(anchor):
    advance(anchor, 2)
    other = os.open(anchor.path, os.O_RDWR)
    fcntl.flock(other, fcntl.LOCK_EX)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(advance, anchor, 4)
        with pytest.raises(TimeoutError):
            waiting.result(0.2)
        os.close(other)
        waiting.result(10)
    assert anchor.read()[0].size == 4


def test_several_at_once_leave_the_newest(anchor):
    sizes = [2 + i * 7 % 40 for i in range(40)]
    notes = {size: note_of(size) for size in sizes}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda size: anchor.advance(size, notes[size]), sizes))
    assert anchor.read()[0].size == max(sizes)


def copied(anchor: Anchor) -> Anchor:
    other = anchor.path.with_name("copied")
    shutil.copy2(anchor.path, other)
    return Anchor(other, SIGNER.vkey)


def test_it_knows_a_copy_of_itself_until_that_is_at_home(anchor):
    advance(anchor, 2)
    assert anchor.elsewhere() is None
    copy = copied(anchor)
    assert copy.elsewhere() == "another file"
    advance(copy, 4)
    copy.settle()
    assert copy.elsewhere() == "another file", "nothing but somebody's word ends that"
    copy.settle(again=True)
    assert copy.elsewhere() is None
    assert copy.read()[0].size == 4
    anchor.path.unlink()
    copy.path.rename(anchor.path)  # the same file by another name
    assert anchor.elsewhere() is None
    shutil.copy2(anchor.path, copy.path)  # what a restored backup does to a path
    copy.path.replace(anchor.path)
    assert anchor.elsewhere() == "another file"


def test_it_knows_the_machines_that_its_disk_was_at_home_on(anchor, monkeypatch):
    machines = "ledger.files.anchor.machine"
    monkeypatch.setattr(machines, lambda: "one")
    advance(anchor, 2)
    monkeypatch.setattr(machines, lambda: "two")
    assert anchor.elsewhere() == "another machine"
    anchor.settle(again=True)
    for name in ("one", "two", "-"):  # a container without a name of its own, of either
        monkeypatch.setattr(machines, lambda name=name: name)
        assert anchor.elsewhere() is None
    monkeypatch.setattr(machines, lambda: "three")
    assert anchor.elsewhere() == "another machine"


def test_a_file_that_does_not_say_where_it_is_gets_to_say_it(anchor):
    advance(anchor, 2)
    whole = anchor.path.read_bytes()
    for cut in (0, 3, 20):  # of a release that did not say it, or torn
        torn = whole[: 2 * SLOT_SIZE + cut].ljust(len(whole), b"\0")
        anchor.path.write_bytes(torn)
        assert anchor.elsewhere() is None
        anchor.settle()
        assert anchor.path.read_bytes() == whole


def test_what_is_stopped_stays_so_until_somebody_lets_it_go_on(anchor):
    assert anchor.stopped() is None
    anchor.stop("without a file nothing is written either")
    assert not anchor.path.exists()
    advance(anchor, 2)
    for why in ("SPLIT_VIEW: somebody saw another", "short", "长" * 5_000):
        anchor.stop(why)
        assert anchor.stopped() == why[: len(anchor.stopped())]
        assert Anchor(anchor.path, SIGNER.vkey).stopped() == anchor.stopped()
    advance(anchor, 4)
    assert anchor.stopped() is not None
    assert anchor.read()[0].size == 4
    anchor.go_on()
    assert anchor.stopped() is None
    assert anchor.read()[0].size == 4
    assert anchor.elsewhere() is None


def test_what_another_process_left_is_written_again_one_slot_at_a_time(anchor, monkeypatch):
    advance(anchor, 2, 5)
    anchor.stop("somebody has seen more")
    before, calls = anchor.path.read_bytes(), []
    write, flush = os.pwrite, anchor_module._flush

    def written(handle: int, raw: bytes, at: int) -> int:
        calls.append((at, at + len(raw)))
        return write(handle, raw, at)

    def flushed(handle: int) -> None:
        calls.append("flush")
        flush(handle)

    monkeypatch.setattr(anchor_module.os, "pwrite", written)
    monkeypatch.setattr(anchor_module, "_flush", flushed)
    anchor.write_again()
    end = 4 * SLOT_SIZE
    assert calls == [(0, SLOT_SIZE), "flush", (SLOT_SIZE, end), "flush"]
    assert anchor.path.read_bytes() == before


def test_without_a_file_nothing_is_written_again(anchor):
    anchor.write_again()
    assert not anchor.path.exists()
