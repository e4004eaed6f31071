"""A directory that somebody handed over: whatever lies in the place of a file, nobody waits or runs out of memory."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from audit.ledgers import export_of, verified_export
from serving import settle
from world import World

from ledger.audit.backups import verify_backup
from ledger.errors import AuditError, PinyuanError, StorageError
from ledger.files import archive
from ledger.files.archive import DirectoryReader, read_frames
from ledger.files.sums import SUMS
from ledger.primitives.bounded import open_file, read_at_most
from ledger.settings import read_settings
from ledger.writing.backup import back_up

HUGE = 1 << 40


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(HUGE)


def longer(path: Path) -> None:
    path.write_bytes(bytes(2 << 20))


IN_PLACE: dict[str, Callable[[Path], None]] = {
    "pipe": pipe,
    "endless": endless,
    "sparse": sparse,
    "longer": longer,
}
FILES = ("checkpoint", "checkpoints", "tile/0/000.p/{size}", "tile/entries/000.p/{size}")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kind", IN_PLACE)
def test_an_export_is_read_so_far_as_it_may_go(
    world: World, tmp_path: Path, kind: str, name: str, monkeypatch: pytest.MonkeyPatch
):
    folder = export_of(world.url, tmp_path / "export")
    path = folder / name.format(size=DirectoryReader(folder).size())
    path.unlink()
    IN_PLACE[kind](path)
    read: list[int] = []
    opened = archive.read_at_most

    def counted(path: Path, limit: int) -> bytes:
        raw = opened(path, limit)
        read.append(len(raw))
        return raw

    monkeypatch.setattr(archive, "read_at_most", counted)
    with pytest.raises(StorageError if kind in ("pipe", "endless") else AuditError):
        verified_export(folder)
    assert sum(read) < 1 << 20


@pytest.mark.parametrize("name", [SUMS, "backup.json", "cosigned", "attached", "pinyuan.toml"])
@pytest.mark.parametrize("kind", IN_PLACE)
def test_so_is_a_backup(
    world: World, tmp_path: Path, kind: str, name: str, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "backup"
    settings = read_settings(settle(world), {})
    back_up(world.log, settings, folder, now_us=world.now_us, workers=1)
    (folder / name).unlink()
    IN_PLACE[kind](folder / name)
    # Sums that were made anew prove nothing: what is behind them is read all the same.
    if name != SUMS:
        monkeypatch.setattr("ledger.audit.backups.check_sums", lambda _: 0)
    with pytest.raises(PinyuanError):
        verify_backup(folder, workers=1)


def test_links_to_files_are_files(tmp_path: Path):
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "b").symlink_to("a")
    assert read_at_most(tmp_path / "b", 10) == b"abc"
    assert read_at_most(tmp_path / "b", 1) == b"ab"
    with pytest.raises(IsADirectoryError):
        open_file(tmp_path)


@pytest.mark.parametrize("put", [Path.mkdir, pipe, endless])
def test_what_is_no_file_is_closed_again(tmp_path: Path, put: Callable[[Path], None]):
    def free() -> int:
        os.close(found := os.open(os.devnull, os.O_RDONLY))
        return found

    put(tmp_path / "there")
    before = free()
    with pytest.raises(OSError, match="there"):
        open_file(tmp_path / "there")
    assert free() == before


def test_frames_are_read_one_by_one(tmp_path: Path):
    sparse(tmp_path / "frames")
    with open_file(tmp_path / "frames") as file:
        assert next(read_frames(file)) == b""
        assert file.tell() <= 1 << 20
