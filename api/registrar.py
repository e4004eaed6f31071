"""Registration as the event loop sees it: a queue bounded by age, one batch under way at a time.

While the writing process works on a batch, submissions collect; they share the next one.
Nobody waits longer than ``MAX_AGE_S`` to be taken: a queue that old refuses newcomers.
"""

import asyncio
import multiprocessing
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from api.metrics import Metrics
from api.writer import READY, Failed, Result, write

MAX_AGE_S = 0.5  # the oldest submission waiting; beyond it more is offered than can be done
MAX_BATCH = 2_000  # statements handed over at once: half a second of work
MAX_WAITING = 40_000  # statements in memory whatever their age
_SPAWN = multiprocessing.get_context("spawn")


class OverloadedError(Exception):
    """The queue is too old or too long; ``retry_after_s``: when to come back."""

    def __init__(self, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"too much is waiting: try again in {retry_after_s} s")


class UnavailableError(Exception):
    """The writer cannot say what became of a batch, or is not there: submit again later."""


@dataclass(slots=True)
class _Waiting:
    statements: list[bytes]
    since: float
    answer: "asyncio.Future[list[Result]]"


class Registrar:
    """Hands statements to the writing process and its answers to those who wait."""

    def __init__(self, directory: Path, passphrase: bytes | None, metrics: Metrics) -> None:
        self._metrics = metrics
        self._directory = directory
        self._passphrase = passphrase
        self._queue: deque[_Waiting] = deque()
        self._count = 0
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="writer-pipe")
        self._pipe: Connection | None = None
        self._process: multiprocessing.process.BaseProcess | None = None
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._under_way: list[asyncio.Future[list[Result]]] = []
        self.broken: str | None = None
        """Why nothing can be registered any more, None while all is well."""

    async def start(self) -> None:
        """Start the writing process.

        Raises:
            UnavailableError: it could not open the ledger for writing.

        """
        await self._spawn()
        if self.broken is not None:
            raise UnavailableError(self.broken)
        self._task = asyncio.create_task(self._run())

    async def _spawn(self) -> None:
        ours, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(
            target=write, args=(self._directory, self._passphrase, theirs), daemon=True
        )
        self._process.start()
        theirs.close()
        self._pipe = ours
        said = await self._call(None)
        self.broken = None if said == READY else getattr(said, "why", "the writer did not start")

    async def _call(self, statements: list[bytes] | None) -> "list[Result] | Failed | str":
        """Send a batch (or only listen) and return what the writer says."""
        pipe = self._pipe
        assert pipe is not None  # noqa: S101 - spawned before

        def exchange() -> "list[Result] | Failed | str":
            try:
                if statements is not None:
                    pipe.send(statements)
                answer: list[Result] | Failed | str = pipe.recv()
            except (EOFError, OSError):
                return Failed("the writing process is gone; what became of the batch is not known")
            return answer

        return await asyncio.get_running_loop().run_in_executor(self._thread, exchange)

    def age_s(self) -> float:
        """Return how long the oldest submission has waited."""
        return time.monotonic() - self._queue[0].since if self._queue else 0.0

    @property
    def waiting(self) -> int:
        """Return how many statements wait."""
        return self._count

    def why_not(self) -> str | None:
        """Return why nothing can be registered now, None if it can."""
        if self._closing:
            return "the service is stopping"
        if self.broken is not None:
            return self.broken
        if self._task is None or self._task.done():
            return "nothing hands statements over any more"
        alive = self._process is not None and self._process.is_alive()
        return None if alive else "the writing process is gone; the next statement starts another"

    async def submit(self, statements: list[bytes]) -> list[Result]:
        """Register statements; return one result for each, in order.

        Raises:
            OverloadedError: too much waits already.
            UnavailableError: unknown what became of them, or nothing can be registered.

        """
        if self.broken is not None or self._closing:
            raise UnavailableError(self.broken or "the service is stopping")
        if self.age_s() > MAX_AGE_S or self._count + len(statements) > MAX_WAITING:
            raise OverloadedError(1 + int(self.age_s()))
        answer: asyncio.Future[list[Result]] = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(statements, time.monotonic(), answer))
        self._count += len(statements)
        self._wake.set()
        return await answer

    def _take(self) -> list[_Waiting]:
        """Take the next batch: whole submissions, at least one."""
        batch: list[_Waiting] = []
        size = 0
        while self._queue and (not batch or size + len(self._queue[0].statements) <= MAX_BATCH):
            batch.append(self._queue.popleft())
            size += len(batch[-1].statements)
        self._count -= size
        return batch

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._queue:
                await self._hand_over(self._take())

    async def _hand_over(self, batch: list[_Waiting]) -> None:
        batch = [item for item in batch if not item.answer.cancelled()]
        self._under_way = [item.answer for item in batch]
        statements = [raw for item in batch for raw in item.statements]
        self._metrics.handed_over(len(statements))
        answer = await self._call(statements)
        if isinstance(answer, list):
            self._metrics.decided(answer)
            at = 0
            for item in batch:
                results = answer[at : at + len(item.statements)]
                at += len(item.statements)
                if not item.answer.done():
                    item.answer.set_result(results)
            return
        self._metrics.failed()
        why = answer.why if isinstance(answer, Failed) else "the writer answered nothing known"
        for item in batch:
            if not item.answer.done():
                item.answer.set_exception(UnavailableError(why))
        if isinstance(answer, Failed) and answer.fatal:
            self.broken = why
        elif self._process is not None and not self._process.is_alive():
            await self._spawn()  # killed: the ledger mends itself when it is opened

    async def close(self, drain_s: float) -> None:
        """Take nothing more, let what waits be registered, end the writing process."""
        self._closing = True
        waiting = [item.answer for item in self._queue] + self._under_way
        if waiting:
            await asyncio.wait(waiting, timeout=drain_s)
        if self._task is not None:
            self._task.cancel()
        for item in self._queue:
            if not item.answer.done():
                item.answer.set_exception(UnavailableError("the service is stopping"))
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            await asyncio.get_running_loop().run_in_executor(None, self._process.join, 5.0)
        self._thread.shutdown(wait=False)
