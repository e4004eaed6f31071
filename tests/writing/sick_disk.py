"""A ledger on a file system of its own that fills up, or turns read-only: python sick_disk.py DIR.

Run where DIR may be mounted over; it says what every attempt came to, as JSON.
"""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

from world import BRAND, World

from ledger.errors import StorageError
from ledger.writing.log import Registered

PAGE = 4096


def fill(ballast: Path, free: int) -> None:
    """Take all but ``free`` bytes of the disk."""
    handle = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while os.write(handle, bytes(PAGE)):
            pass
    os.ftruncate(handle, max(0, os.fstat(handle).st_size - free))
    os.close(handle)


def filled_up(world: World, free: int) -> str | None:
    """Register while the disk is full, read meanwhile, and again when it is not."""
    ballast, raw = world.folder / "ballast", world.reading(f"{free} bytes free")
    before, sentence = world.check(), None
    fill(ballast, free)
    try:
        world.register(raw)
    except StorageError as error:
        sentence = str(error)
        assert world.log.receipt(2)  # reads go on
    ballast.unlink()
    (outcome,) = world.register(raw)
    assert isinstance(outcome, Registered), outcome
    assert outcome.index == before.size
    assert world.check().size == before.size + 2
    return sentence


def read_only(world: World) -> str | None:
    """Open and register on a disk mounted read-only, and again when it is not."""
    raw, folder = world.reading("read-only"), str(world.folder)
    before, sentence = world.check(), None
    world.log.engine.dispose()
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
    os.chdir(world.folder.parent)
    try:
        world.reopen()
        world.register(raw)
    except StorageError as error:
        sentence = str(error)
    world.log.engine.dispose()
    subprocess.run(["umount", folder], check=True)
    world.reopen()
    assert world.accept(raw).index == before.size
    world.check()
    return sentence


def main(folder: Path) -> None:
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "pinyuan", str(folder)], check=True)
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    world.party("brand", BRAND)
    said = {"full": [filled_up(world, free) for free in range(0, 36 * PAGE, PAGE)]}
    said["read-only"] = read_only(world)
    world.log.engine.dispose()
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
