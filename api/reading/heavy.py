"""Reads that take long: computed by processes of their own, in turns, within each client's budget."""

import asyncio
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import ClientDisconnect, Request

from api.http.clients import client_of
from api.http.metrics import Metrics
from api.http.problems import OverloadedError, Problem, UnavailableError
from api.reading.budget import Budget
from api.reading.reader import Read, Reader, Reading
from api.reading.turns import Turns
from ledger.settings import ReadLimits
from ledger.texts import Sentence, Words, saying

WAITING = 512  # of all clients: beyond these nobody would be answered soon
WAITING_OF_ONE = 32
FIRST_S = 0.02  # what a read is expected to cost of which none was asked yet
WEIGHT = 0.1  # of the newest cost in what the next one is expected to be
MINUTE_S = 60.0
STOPPING = saying("the service is stopping")


@dataclass(slots=True)
class _Job:
    request: Request
    client: str
    route: str
    expected_s: float
    function: Reading
    arguments: tuple[Any, ...]
    answer: "asyncio.Future[Any]"


REFUSED = {
    "quota": Words("this address has used its share of processor time: ask again in {wait_s} s"),
    "line": Words("{count} requests of this address wait already: ask again in {wait_s} s"),
}
"""Why an address gets no answer now."""


class Heavy:
    """The readers of a serving process, and who waits for them."""

    def __init__(
        self,
        directory: Path,
        limits: ReadLimits,
        metrics: Metrics,
        check: Callable[[], None],
        noted: Callable[[Exception | None], None],
    ) -> None:
        """Args: ``check`` and ``noted`` as ``Away`` has them."""
        self.budget = Budget(limits.client_per_minute_s / MINUTE_S, limits.client_burst_s)
        self._metrics = metrics
        self._check = check
        self._noted = noted
        self._readers = [Reader(directory) for _ in range(limits.processes)]
        self._threads = ThreadPoolExecutor(limits.processes, thread_name_prefix="heavy")
        self._turns: Turns[_Job] = Turns()
        self._costs_s: dict[str, float] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = False

    def start(self) -> None:
        """Start the readers before anybody asks."""
        loop = asyncio.get_running_loop()
        for reader in self._readers:
            loop.run_in_executor(self._threads, reader.start)

    async def run(self, request: Request, function: Reading, *arguments: Any) -> Any:
        """Run a function of ``Reads`` and some arguments for a client.

        Raises:
            Problem: 429, the client used its processor time, or too many of its requests wait;
                with the seconds after which there is room again.
            OverloadedError: too many wait.
            UnavailableError: the reader was killed.
            DatabaseAwayError: the database is away.

        """
        if self._closing:
            raise UnavailableError(STOPPING)
        self._check()
        client, route = client_of(request), request.scope["route"].path
        expected_s = self._costs_s.get(route, FIRST_S)
        self._check_waiting(client, expected_s)
        wait_s = self.budget.take(client, expected_s)
        if wait_s:
            raise self._refused("quota", wait_s)
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._serve(item)) for item in self._readers]
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._turns.put(
            client, _Job(request, client, route, expected_s, function, arguments, answer)
        )
        return await answer

    def _check_waiting(self, client: str, expected_s: float) -> None:
        turn_s = expected_s / len(self._readers)
        if self._turns.of(client) >= WAITING_OF_ONE:
            wait_s = turn_s * WAITING_OF_ONE * self._turns.clients
            raise self._refused("line", math.ceil(wait_s) + 1)
        if len(self._turns) >= WAITING:
            self._metrics.read_refused("overload")
            raise OverloadedError(math.ceil(turn_s * WAITING) + 1)

    def _refused(self, why: str, wait_s: int) -> Problem:
        self._metrics.read_refused(why)
        said = Sentence(REFUSED[why].en, {"wait_s": wait_s, "count": WAITING_OF_ONE})
        return Problem(429, said, headers={"Retry-After": str(wait_s)})

    async def _serve(self, reader: Reader) -> None:
        """Let one reader answer whose turn it is, again and again."""
        loop = asyncio.get_running_loop()
        while True:
            job = await self._turns.next()
            if await job.request.is_disconnected():
                job.answer.set_exception(ClientDisconnect())
                self.budget.settle(job.client, job.expected_s, 0.0)
                continue
            try:
                read = await loop.run_in_executor(
                    self._threads, reader.ask, job.function, job.arguments
                )
            except UnavailableError as error:  # what it cost is not known; what was set aside stays
                read = Read(None, error, job.expected_s)
            self._done(job, read)

    def _done(self, job: _Job, read: Read) -> None:
        self.budget.settle(job.client, job.expected_s, read.cost_s)
        self._metrics.read_cost(job.route, read.cost_s)
        known = self._costs_s.get(job.route, read.cost_s)
        self._costs_s[job.route] = known + WEIGHT * (read.cost_s - known)
        self._noted(read.error)
        if job.answer.done():
            return
        if read.error is None:
            job.answer.set_result(read.found)
        else:
            job.answer.set_exception(read.error)

    async def close(self) -> None:
        """Answer nobody more, and end the readers."""
        self._closing = True
        for job in self._turns.drain():
            if not job.answer.done():
                job.answer.set_exception(UnavailableError(STOPPING))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(asyncio.to_thread(item.end) for item in self._readers))
        self._threads.shutdown(wait=False)
