"""A process that reads: what takes long is computed there, so that nothing else waits for it.

Threads would share an interpreter with the loop that serves tiles and checkpoints: while one
computes, every other waits for its turn. A process has a processor of its own, or is told by the
system to give way, and what it used is measured.
"""

import contextlib
import gc
import multiprocessing
import os
import pickle
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from api.http.logs import FaultError, place_of, run_logged
from api.http.problems import FORESEEN, UnavailableError, problem_of
from api.reading.reads import Reads
from ledger.errors import PinyuanError
from ledger.texts import saying

NICE = 10  # far behind those who serve and write, who are done in a moment
END_S = 5.0
GONE = saying("the process that read for this request is gone: ask again")
_SPAWN = multiprocessing.get_context("spawn")

Reading = Callable[..., Any]
"""A function of a module, of ``Reads`` and what can be sent."""


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a read: what it returned or raised, and the processor time it took."""

    found: Any
    error: Exception | None
    cost_s: float


def serve(directory: Path, pipe: Connection) -> None:
    """Answer until the pipe closes: what the child process runs."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent closes the pipe
    os.nice(NICE)
    reads: Reads | None = None
    with contextlib.suppress(PinyuanError):  # who asks is told why
        reads = Reads(directory)
    gc.freeze()
    with contextlib.suppress(EOFError, OSError):
        while True:
            function, arguments = pickle.loads(pipe.recv_bytes())  # noqa: S301 - the parent's own
            began, found, error = time.process_time(), None, None
            try:
                if reads is None:  # a database that was away may be back
                    reads = Reads(directory)
                found = reads.tried(function, reads, *arguments)
            except Exception as raised:  # noqa: BLE001 - a fault in one read ends that read alone
                error = _sent(raised)
            pipe.send_bytes(pickle.dumps(Read(found, error, time.process_time() - began)))
    if reads is not None:
        reads.close()


def _sent(error: Exception) -> Exception:
    """Return an error as it travels: those foreseen as they are, others by their place."""
    if isinstance(error, FORESEEN):
        with contextlib.suppress(TypeError):  # some are made of more than they say
            pickle.loads(pickle.dumps(error))  # noqa: S301 - what was just made
            return error
        return problem_of(error)
    return FaultError(*place_of(error))


class Reader:
    """One such process, as a thread of the service uses it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._pipe: Connection | None = None
        self._process: multiprocessing.process.BaseProcess | None = None

    def start(self) -> Connection:
        """Start the process where none runs."""
        if self._pipe is None:
            self._pipe, theirs = _SPAWN.Pipe()
            self._process = _SPAWN.Process(
                target=run_logged, args=(serve, self._directory, theirs), name="reader", daemon=True
            )
            self._process.start()
            theirs.close()
        return self._pipe

    def ask(self, function: Reading, arguments: tuple[Any, ...]) -> Read:
        """Have a function read, and wait for what becomes of it.

        Raises:
            UnavailableError: the process was killed; the next read has another one.

        """
        pipe = self.start()
        try:
            pipe.send_bytes(pickle.dumps((function, arguments)))
            read: Read = pickle.loads(pipe.recv_bytes())  # noqa: S301 - a process of our own
        except (EOFError, OSError) as error:
            self.end()
            raise UnavailableError(GONE) from error
        return read

    def end(self) -> None:
        """End the process: after what it is at, or by force where that takes long."""
        pipe, process = self._pipe, self._process
        self._pipe = self._process = None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.join(END_S)
            if process.is_alive():
                process.kill()
                process.join()
