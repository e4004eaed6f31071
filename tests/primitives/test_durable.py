"""Files that are whole or absent after any crash, and nobody who makes files in another way."""

import ast
import os
import threading
from pathlib import Path

import pytest
from conftest import ROOT

from ledger.errors import StorageError
from ledger.primitives import durable
from ledger.primitives.durable import create_file, make_folder, partial_of, replace_file

ELSEWHERE = {
    # An export is a tree of files: its directories are flushed as a whole before it gets its name.
    ("ledger/files/archive.py", "mkdir"),
    # What the demonstration makes is made again.
    ("ledger/demo/audit.py", "write_text"),
    ("ledger/demo/audit.py", "write_bytes"),
}
MAKING = {"fsync", "mkdir", "makedirs", "rename", "renames", "write_text", "write_bytes"}


def test_no_module_makes_files_durable_in_a_way_of_its_own():
    found = set()
    for folder in ("ledger", "api"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.name == "durable.py":
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in MAKING:
                    found.add((path.relative_to(ROOT).as_posix(), node.attr))
    found.discard(("ledger/files/anchor.py", "fsync"))  # slots in place, flushed one by one
    assert found == ELSEWHERE


def test_many_who_replace_a_file_at_once_leave_one_of_theirs(tmp_path: Path):
    path = tmp_path / "file"
    wanted = [bytes([number]) * 50_000 for number in range(8)]

    def put(raw: bytes) -> None:
        for _ in range(20):
            replace_file(path, raw)
            assert path.read_bytes() in wanted

    threads = [threading.Thread(target=put, args=(raw,)) for raw in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_bytes() in wanted
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_there_is_not_made(tmp_path: Path):
    create_file(tmp_path / "new" / "key", b"1", mode=0o600)
    with pytest.raises(FileExistsError):
        create_file(tmp_path / "new" / "key", b"2")
    assert (tmp_path / "new" / "key").read_bytes() == b"1"
    assert (tmp_path / "new" / "key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("there", [False, True], ids=["made", "left by a process that was killed"])
def test_every_directory_is_flushed_into_the_one_above_it(tmp_path: Path, monkeypatch, there: bool):
    flushed = []
    monkeypatch.setattr(durable, "sync_folder", flushed.append)
    folder = tmp_path / "a" / "b" / "c"
    if there:
        folder.mkdir(parents=True)
    make_folder(folder)
    assert flushed[:3] == [tmp_path / "a" / "b", tmp_path / "a", tmp_path]
    count = len(flushed)
    make_folder(folder)
    assert len(flushed) == count


def test_a_disk_that_refuses_keeps_the_old_file_and_no_half_of_the_new_one(
    tmp_path: Path, monkeypatch
):
    path = tmp_path / "file"
    replace_file(path, b"old")

    def refuse(_: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(durable.os, "fsync", refuse)
    with pytest.raises(StorageError, match="file: No space left on device"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert not partial_of(path).exists()
