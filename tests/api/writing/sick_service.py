"""A service's registrar on a file system that turns read-only and fills up: python sick_service.py DIR.

Run where DIR may be mounted over; it says what was said meanwhile, as JSON.
"""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path

from serving import settle
from world import BRAND, World

from api.http.metrics import Metrics
from api.http.problems import UnavailableError
from api.writing import registrar
from api.writing.registrar import Registrar
from api.writing.wire import Accepted
from ledger.store.reads import reading

PAGE = 4096


def mount(*options: str) -> None:
    """Mount, away from the folder."""
    subprocess.run(["mount", *options], check=True)


async def broken(only: Registrar) -> str:
    """Wait until it says why nothing can be registered."""
    deadline = time.monotonic() + 20
    while only.broken is None:
        assert time.monotonic() < deadline, "nothing is broken"
        await asyncio.sleep(0.02)
    return only.broken


async def healed(only: Registrar) -> None:
    """Wait until it can register again, by itself."""
    deadline = time.monotonic() + 20
    while only.why_not() is not None:
        assert time.monotonic() < deadline, f"it does not heal: {only.why_not()}"
        await asyncio.sleep(0.02)


async def tell(world: World, folder: Path, said: list[bytes]) -> dict[str, object]:
    """Kill the writer while the disk is read-only; fill the disk while it registers."""
    registrar.LAST_PAUSE_S = 0.3
    only = Registrar(folder, None, Metrics())
    await only.start()
    assert isinstance((await only.submit([said[0]]))[0], Accepted)

    process = only._line._process
    assert process is not None
    world.log.engine.dispose()  # who has files open for writing keeps a disk from being remounted
    process.kill()
    process.wait()
    mount("-o", "remount,bind,ro", str(folder))  # before the next writer has opened anything
    why = await broken(only)
    with contextlib.suppress(UnavailableError):
        await only.submit([said[1]])
        raise AssertionError("registered on a disk that is read-only")
    mount("-o", "remount,bind,rw", str(folder))
    await healed(only)
    assert isinstance((await only.submit([said[1]]))[0], Accepted)

    ballast = folder / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(PAGE)):
            pass
    full = ""
    for raw in said[2:]:
        try:
            await only.submit([raw])
        except UnavailableError as error:
            full = str(error.inside)  # what the log says: strangers are told less
            break
    assert full, "the disk was never full"
    with reading(world.log.engine) as snapshot:
        assert snapshot.head() is not None  # reads go on
    ballast.unlink()
    for raw in said[1:]:
        assert isinstance((await only.submit([raw]))[0], Accepted)
    await only.close(5)
    return {"broken": why, "full": full}


def main(folder: Path) -> None:
    mount("-t", "tmpfs", "-o", "size=4m", "pinyuan", str(folder))
    mount("--bind", str(folder), str(folder))
    world = World(folder, f"sqlite:///{folder / 'ledger.sqlite'}")
    world.party("brand", BRAND)
    settle(world)
    world.now_us = world.last_us()
    said = [world.reading(f"{number} {'x' * 2_000}") for number in range(40)]
    found = asyncio.run(tell(world, folder, said))
    json.dump(found | {"size": world.check().size}, sys.stdout)
    world.log.engine.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
