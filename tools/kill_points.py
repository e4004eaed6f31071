"""Kill a registering process at every system call that leaves a trace, and look at what is left.

A ledger on SQLite lies as a crash right behind COMMIT leaves it: its newest batch is not
signed. A process opens it, which mends it, registers statements one by one, and closes it.
It is killed (SIGKILL, by strace) on entering its first ``pwrite64``, its second, and so on
for every call in CALLS: between two of these nothing changes that outlives a process.
After each kill the ledger must mend by itself when it is opened; hold everything that was
acknowledged, at its index, under a receipt that verifies; take what was not acknowledged
once more; pass verification with replay; and hold every checkpoint ever signed.

One process imports everything, is attached to once, and forks for each kill point: strace
kills every fork at its RESERVE-th call of a kind, and a fork makes RESERVE - n calls that
fail before it begins. strace must be installed, and allowed to attach to a process.
"""

import argparse
import contextlib
import fcntl
import itertools
import json
import mmap
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from ledger.anchor import SLOT_SIZE
from ledger.audit import verify_ledger
from ledger.clock import SimulatedClock
from ledger.cose.keys import PrivateKey, possession_message
from ledger.cose.receipt import verify_receipt
from ledger.errors import PinyuanError
from ledger.log import Log, Registered, create_log, open_log
from ledger.signer import KeySigner, log_public_key
from ledger.statements.envelope import sign_statement
from ledger.statements.fields import Names
from ledger.store.engine import make_engine
from ledger.store.ledger_reader import DatabaseReader
from ledger.store.reads import reading
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import decode_note

ORIGIN = "ledger.example/kill-points"
OPERATOR = "https://id.gs1.org/417/6901234507003"
START_S = 1_790_000_000
LOG_KEY, OPERATOR_KEY = (PrivateKey.from_seed(bytes([n]) * 32) for n in (1, 2))

RESERVE = 400  # more calls of one kind than one run makes
NO_FILE = 1 << 20  # a descriptor nobody has
CALLS: dict[str, Callable[[], object]] = {
    "openat": lambda: os.open("", os.O_RDONLY),
    "pwrite64": lambda: os.pwrite(NO_FILE, b"", 0),
    "write": lambda: os.write(NO_FILE, b""),
    "fsync": lambda: os.fsync(NO_FILE),
    "fdatasync": lambda: os.fdatasync(NO_FILE),
    "ftruncate": lambda: os.ftruncate(NO_FILE, 0),
    "unlink": lambda: os.unlink(""),
    "fcntl": lambda: fcntl.fcntl(NO_FILE, fcntl.F_GETFD),
    "flock": lambda: fcntl.flock(NO_FILE, fcntl.LOCK_UN),
    "mmap": lambda: mmap.mmap(NO_FILE, 1),
    "close": lambda: os.close(NO_FILE),
}
"""Each kind of call a run makes, and one of that kind that does nothing."""

Point = tuple[str, int]
