"""Whose turn it is to write, among processes that share one SQLite file.

SQLite lets who finds the database locked sleep and look again, up to 100 ms a time, and
whoever begins first writes a whole batch. A process that had just committed waited for
the next one's batch before it could store its checkpoint, then both prepared their next
batch at the same time while nobody wrote. So a writer holds this file's lock from
before its batch until its checkpoint is stored.

It is a courtesy and no guard: that is the database's own lock. Who waits too long goes
on without, and learns from the database what is wrong.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import Engine

from ledger.store.engine import BUSY_TIMEOUT_MS

LOOK_S = 0.001  # between two looks: short beside a batch, long beside the cost of looking
SUFFIX = "-turn"


@contextmanager
def turn(engine: Engine) -> Iterator[None]:
    """Hold the turn to write; at once on PostgreSQL, whose checkpoints wait for nobody."""
    with ExitStack() as stack:
        handle = _open(engine)
        if handle is not None:
            stack.callback(os.close, handle)  # gives up the lock
            _wait_for(handle)
        yield


def _open(engine: Engine) -> int | None:
    name = engine.url.database or ""
    if engine.dialect.name != "sqlite" or name.startswith("file:"):
        return None
    try:
        return os.open(name + SUFFIX, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:
        return None  # a folder that cannot be written to: the database will say so


def _wait_for(handle: int) -> None:
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1_000
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return
            time.sleep(LOOK_S)
        else:
            return
