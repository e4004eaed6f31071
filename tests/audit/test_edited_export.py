"""Every bit of an export counts, and what is wrong is found where it is."""

import random
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from audit.ledgers import COSIGNED, SIZE, export_of, files_of, grow, verified, verified_export
from world import BRAND, World

from ledger.audit import Report
from ledger.errors import AuditError, StorageError, UsageError, VerificationError
from ledger.files.archive import DirectoryReader, export, read_frames
from ledger.primitives.bounded import open_file
from ledger.tlog.note import VerifierKey, decode_note
from ledger.tlog.tiles import encode_bundle, parse_tile_path, tile_path, widths

SMALL = 6


def tile_names(size: int) -> set[str]:
    """Return the files that an export of ``size`` entries has."""
    hashes = {tile_path(level, number, width) for level, number, width in widths(size)}
    bundles = {tile_path(None, number, width) for level, number, width in widths(size) if not level}
    return hashes | bundles | {"checkpoint", "checkpoints"}


def frames_in(folder: Path) -> list[bytes]:
    with open_file(folder / "checkpoints") as file:
        return [*read_frames(file)]


@pytest.fixture
def copy(exported: Path, tmp_path: Path) -> Path:
    """Return an export to edit."""
    return Path(shutil.copytree(exported, tmp_path / "copy"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an export of six entries under two seals."""
    folder = tmp_path_factory.mktemp("small")
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    party = world.statement("party", world.party_fields("brand", BRAND), subject=BRAND)
    world.register(party, *(world.reading(f"{i}") for i in range(SMALL - 4)))
    world.log.engine.dispose()
    return export_of(world.url, folder / "export")


def place_of(folder: Path) -> str:
    """Return where an edited export is wrong; it must be found, and by no other error."""
    with pytest.raises((VerificationError, StorageError)) as caught:
        verified_export(folder)
    error = caught.value
    return error.where if isinstance(error, AuditError) else str(error)


def is_named(name: str, place: str) -> bool:
    """Return whether a place says something about a file: the file, an entry, a checkpoint."""
    if name.startswith("checkpoint"):
        # Another size in the note asks for files that are not there.
        return place.startswith(("checkpoint", "tile/entries/"))
    return place == name or place.startswith("entry ")


def edits(raw: bytes, seed: str) -> Iterator[tuple[str, bytes]]:
    """Yield edits of a file: flipped bits, a byte too few, a byte too many."""
    chance = random.Random(seed)  # the same edits each time
    for at in (0, len(raw) // 2, len(raw) - 1, *chance.sample(range(len(raw)), 4)):
        bit = chance.randrange(8)
        yield f"bit {bit} of byte {at}", raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :]
    yield "the last byte gone", raw[:-1]
    yield "the first byte gone", raw[1:]
    yield "a byte more", raw + b"\0"
    yield "a newline more", raw + b"\n"
    yield "a byte before", b"\0" + raw
    yield "empty", b""


def test_an_export_has_the_files_of_its_size_and_no_other(exported: Path, lasting: World):
    assert files_of(exported).keys() == tile_names(SIZE)
    assert {parse_tile_path(name)[0] for name in tile_names(SIZE) if "/" in name} == {None, 0, 1}
    assert verified_export(exported) == verified(lasting.url)
    assert verified_export(exported, replay=True) == lasting.check()


@pytest.mark.parametrize("name", sorted(tile_names(SIZE)))
def test_an_edit_of_any_file_is_named(copy: Path, name: str):
    path = copy / name
    raw = path.read_bytes()
    for what, edited in edits(raw, name):
        path.write_bytes(edited)
        place = place_of(copy)
        assert is_named(name, place), (what, place)
    path.unlink()
    assert place_of(copy) == name
    path.mkdir()
    assert name in place_of(copy)
    path.rmdir()
    path.write_bytes(raw)
    assert verified_export(copy).size == SIZE


def entry_at(raw: bytes, at: int) -> tuple[int, bool]:
    """Return which entry a byte of a bundle belongs to, and whether it is in its length."""
    for number, frame in enumerate(read_frames(BytesIO(raw))):
        if at < 2 + len(frame):
            return number, at < 2
        at -= 2 + len(frame)
    raise AssertionError


@pytest.mark.parametrize("name", sorted(tile_names(SMALL)))
def test_every_byte_is_checked_and_the_entry_found(small: Path, tmp_path: Path, name: str):
    folder = Path(shutil.copytree(small, tmp_path / "copy"))
    path = folder / name
    raw = bytearray(path.read_bytes())
    for at in range(len(raw)):
        raw[at] ^= 1 << at % 8
        path.write_bytes(raw)
        place = place_of(folder)
        raw[at] ^= 1 << at % 8
        if name.startswith("tile/entries/"):
            number, in_length = entry_at(bytes(raw), at)
            assert place == (name if in_length else f"entry {number}")
        elif name.startswith("tile/0/"):
            assert place == f"entry {at // 32}"
        else:
            assert is_named(name, place), (at, place)
    path.write_bytes(raw)
    assert verified_export(folder).size == SMALL


def test_a_full_tile_is_checked_level_by_level(copy: Path):
    """With the hashes of level 0 and 1 both edited, the first entry that differs is named."""
    for name, at in (("tile/0/001", 40), ("tile/1/000.p/2", 33)):
        raw = bytearray((copy / name).read_bytes())
        raw[at] ^= 1
        (copy / name).write_bytes(raw)
    assert place_of(copy) == "entry 257"


def test_the_hash_that_differs_a_level_up_is_counted(copy: Path):
    path = copy / "tile/1/000.p/2"
    raw = bytearray(path.read_bytes())
    raw[33] ^= 1
    path.write_bytes(raw)
    with pytest.raises(AuditError) as caught:
        verified_export(copy)
    assert (caught.value.where, caught.value.field) == ("tile/1/000.p/2", "hash 1")


def rewrite(folder: Path, change) -> None:
    """Write the checkpoints anew, after a change of the list of (note, signature)."""
    frames = frames_in(folder)
    pairs = change(list(zip(frames[::2], frames[1::2], strict=True)))
    (folder / "checkpoints").write_bytes(encode_bundle(frame for pair in pairs for frame in pair))
    if pairs:
        (folder / "checkpoint").write_bytes(pairs[-1][0])


REWRITTEN = {
    "none left": lambda _: [],
    "one twice": lambda pairs: [pairs[0], *pairs],
    "two swapped": lambda pairs: [pairs[1], pairs[0], *pairs[2:]],
    "signatures exchanged": lambda pairs: [
        (pairs[0][0], pairs[1][1]),
        (pairs[1][0], pairs[0][1]),
        *pairs[2:],
    ],
    "the log's signature twice": lambda pairs: [
        *pairs[:-1],
        (pairs[-1][0] + pairs[-1][0].partition(b"\n\n")[2], pairs[-1][1]),
    ],
}


@pytest.mark.parametrize("case", REWRITTEN)
def test_rewritten_checkpoints_are_named(copy: Path, case: str):
    rewrite(copy, REWRITTEN[case])
    assert place_of(copy).startswith(("checkpoint", "cosignature"))


def test_an_older_checkpoint_does_not_shorten_an_export(copy: Path):
    """The tiles at the right edge are those of the newest size."""
    rewrite(copy, lambda pairs: pairs[:-1])
    size = DirectoryReader(copy).size()
    assert place_of(copy) == tile_path(None, size // 256, size % 256)


def test_an_export_of_another_log_is_not_this_logs(exported: Path, world: World):
    stranger = VerifierKey(world.log.vkey.name, world.log.vkey.type, bytes(32))
    with pytest.raises(AuditError) as caught:
        verified_export(exported, log_key=stranger)
    assert (caught.value.where, caught.value.field) == ("entry 0", "log_key")
    assert verified_export(exported, log_key=world.log.vkey).size == SIZE


def test_no_directory_is_no_export(tmp_path: Path):
    with pytest.raises(StorageError, match="no such directory"):
        DirectoryReader(tmp_path / "nothing")
    with pytest.raises(AuditError, match="checkpoint: file: it is missing"):
        DirectoryReader(tmp_path)


# Making one.


def test_an_export_is_the_same_from_both_databases(database: str, exported: Path, tmp_path: Path):
    told = grow(World(tmp_path, database, **COSIGNED))
    assert files_of(export_of(told.url, tmp_path / "export")) == files_of(exported)
    told.log.engine.dispose()


def test_an_export_of_an_export_is_the_same(exported: Path, tmp_path: Path):
    seen: list[int] = []
    assert export(DirectoryReader(exported), tmp_path / "again", progress=seen.append) == SIZE
    assert files_of(tmp_path / "again") == files_of(exported)
    assert seen == [256, 512, SIZE]


def test_an_export_is_never_written_over(exported: Path, tmp_path: Path):
    (tmp_path / "there").mkdir()
    with pytest.raises(UsageError, match="exists already"):
        export(DirectoryReader(exported), tmp_path / "there")
    assert list((tmp_path / "there").iterdir()) == []


def test_an_interrupted_export_leaves_nothing(exported: Path, tmp_path: Path):
    def stop(done: int) -> None:
        if done > 256:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(DirectoryReader(exported), tmp_path / "half", progress=stop)
    assert list(tmp_path.iterdir()) == []
    assert export(DirectoryReader(exported), tmp_path / "half") == SIZE


def test_the_newest_checkpoint_stands_alone(exported: Path, lasting: World):
    note = decode_note((exported / "checkpoint").read_bytes())
    assert note.text.split("\n")[1] == str(SIZE)
    assert str(note).encode() == frames_in(exported)[-2]
    report: Report = verified(lasting.url)
    assert report.checkpoints == len(frames_in(exported)) // 2
