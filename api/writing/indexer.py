"""The process that follows the log and fills the search index; registering never waits for it."""

import asyncio
import contextlib
import fcntl
import multiprocessing
import os
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

from api.http.logs import run_logged
from ledger.errors import PinyuanError
from ledger.settings import read_settings
from ledger.store.engine import make_engine
from ledger.store.search import lengthen

CHUNK = 500  # entries a transaction indexes: it holds SQLite's only lock for some 8 ms
POLL_S = 0.2  # how soon an idle indexer sees a new batch
REST = 2  # while behind, it rests this many times as long as it worked: the log goes first
FAILED_S = 5.0
LOOK_S = 2.0  # how soon a dead one is replaced, and another process's turn is taken over
LOCK = "indexer.lock"
_SPAWN = multiprocessing.get_context("spawn")


def index(directory: Path, pipe: Connection) -> None:
    """Lengthen the index until the pipe closes: what the child process runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent closes the pipe
    # At the log's own priority: one that is put last would keep the lock while it waits.
    engine = make_engine(read_settings(directory).database_url)
    wait_s, turn = 0.0, _Turn(directory / LOCK)
    with contextlib.suppress(EOFError, OSError), contextlib.closing(turn):
        while not pipe.poll(wait_s):
            if not turn.taken():
                wait_s = LOOK_S
                continue
            began = time.monotonic()
            try:
                more = lengthen(engine, CHUNK)
            except PinyuanError:
                wait_s = FAILED_S  # the lag tells; reading and registering do not depend on it
                continue
            wait_s = REST * (time.monotonic() - began) if more else POLL_S
    engine.dispose()


class _Turn:
    """One process of a directory indexes; the others would read the same entries for nothing.

    It spares work and guards nothing: who can make no lock file goes on without.
    """

    def __init__(self, path: Path) -> None:
        self._handle: int | None = None
        with contextlib.suppress(OSError):
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)

    def taken(self) -> bool:
        """Return whether it is this process's turn, which then lasts until its end."""
        if self._handle is None:
            return True
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """Let another one go on."""
        if self._handle is not None:
            os.close(self._handle)


class Indexer:
    """Keeps one such process running."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._pipe: Connection | None = None
        self._process: multiprocessing.process.BaseProcess | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start it."""
        self._spawn()
        self._task = asyncio.create_task(self._watch())

    def _spawn(self) -> None:
        ours, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(
            target=run_logged, args=(index, self._directory, theirs), daemon=True
        )
        self._process.start()
        theirs.close()
        self._pipe = ours

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            if self._process is not None and not self._process.is_alive():
                if self._pipe is not None:
                    self._pipe.close()
                self._spawn()

    async def close(self) -> None:
        """Let it end with the chunk it is at."""
        if self._task is not None:
            self._task.cancel()
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            process = self._process
            await asyncio.get_running_loop().run_in_executor(None, process.join, 5.0)
            if process.is_alive():
                process.kill()
