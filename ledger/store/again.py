"""Writing down again what another process left, before anything is built on it.

A process whose flush failed ends. What it wrote stays readable, also for the next process, until
the power is cut; the disk may never get it, and no later flush says so. SQLite takes such a
batch out of its WAL for a committed one. Written once more, it is flushed with what follows.
"""

import os
from pathlib import Path

from sqlalchemy import Engine

from ledger.primitives.durable import flush, storage
from ledger.store.driver import transaction

CHUNK = 1 << 20


def write_again(engine: Engine) -> None:
    """Write the bytes of SQLite's WAL over themselves and flush them, while nobody else writes.

    A server does the like by itself: PostgreSQL stops at a flush that fails.

    Raises:
        StorageError: the database or the disk refused.

    """
    if engine.dialect.name != "sqlite":
        return
    path = Path(f"{engine.url.database}-wal")
    with transaction(engine, write=True), storage(path):
        if not path.exists():
            return  # another journal, and another way back
        with path.open("r+b", buffering=0) as file:
            at = 0
            while raw := os.pread(file.fileno(), CHUNK, at):
                at += os.pwrite(file.fileno(), raw, at)
            flush(file.fileno())
