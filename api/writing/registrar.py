"""Registration as the event loop sees it: what is asked of the writer, and what is too much.

Submissions go to the writing process at once, those of one turn of the loop together; it
takes all that arrived while it wrote a batch into the next one. What bounds the queue is how
long a newcomer would wait: at the rate of lately, about ``MAX_WAIT_S``.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from api.http.metrics import Metrics
from api.http.outside import STORAGE, Outside, outside
from api.http.problems import OverloadedError, UnavailableError
from api.writing.line import Line, UnreachableError
from api.writing.wire import Accepted, Answer, Failed, Rejected, Request, Result
from ledger.texts import saying

MAX_WAIT_S = 0.1  # what an accepted single statement waits for those before it, about
TURN_S = 0.02  # of the writer's work, at most, that a turn of the loop takes in beyond LEAST
LEAST_TURN = 32
MAX_AGE_S = 2.0  # the oldest submission without an answer; beyond it the writer stands still
LEAST = 128  # single statements that may wait, however slow the writer was lately
MOST = 20_000
MAX_CHUNKS = 8_000  # statements of large submissions that may wait: a second's work or two
SINGLES = 100  # a submission of fewer statements is a single one
WEIGHT = 0.1  # of the newest answer in the rate that is expected
FIRST_PAUSE_S, LAST_PAUSE_S = 0.2, 30.0  # between two tries to reach or start a writer
LOOK_AGAIN_S = 5.0  # whether a ledger that is read-only was brought forward
STOPPING = saying("the service is stopping")
GONE = saying("the writing process is gone; what became of the statement is not known")

_ANSWER = msgspec.msgpack.Decoder(Answer)


@dataclass(slots=True)
class _Submission:
    statements: list[bytes]
    answer: "asyncio.Future[list[Result]]"

    @property
    def single(self) -> bool:
        return len(self.statements) < SINGLES


@dataclass(slots=True)
class _Asked:
    """A request to the writer: its submissions, in order."""

    since: float
    submissions: list[_Submission] = field(default_factory=list)
    count: int = 0

    def add(self, item: _Submission) -> None:
        self.submissions.append(item)
        self.count += len(item.statements)


def told_strangers(failed: Failed) -> str | Outside:
    """Return what submitters are told: no paths, users or hosts; of a read-only ledger its word."""
    if failed.read_only:
        word = outside(failed.why.partition(":")[0])
        return saying(
            "this ledger is read-only now ({word}): it can be read, its operator is told more",
            word=word,
        )
    return STORAGE if failed.storage else Outside(failed.why)


def _unavailable(failed: Failed) -> UnavailableError:
    """Return the error of submissions; of a database that is away the log has a sentence already."""
    told, why = told_strangers(failed), str(failed.why)
    inside = None if failed.away or str(told) == why else why
    return UnavailableError(told, inside)


class Registrar:
    """Hands statements to the writing process and its answers to those who wait."""

    def __init__(
        self,
        directory: Path,
        passphrase: bytes | None,
        metrics: Metrics,
        suspected: Callable[[], None] = lambda: None,
        *,
        mirror: str | None = None,
    ) -> None:
        """Args: ``suspected`` is called where the writing process finds no database.

        ``mirror``: why nobody ever writes here, of a mirror.
        """
        self._suspected = suspected
        self._metrics = metrics
        self.mirror = mirror
        self._line = Line(directory, passphrase, self._received, self._lost)
        self._fresh: list[_Submission] = []
        self._fresh_since = 0.0
        self._asked: dict[int, _Asked] = {}
        self._number = 0
        self._singles = self._chunks = self._entering = 0
        self._per_s = 0.0
        self._mending: asyncio.Task[None] | None = None
        self._closing = self._fatal = False
        self.broken: str | None = None
        """Why nothing can be registered now, None while all is well."""
        self._failed: Failed | None = None

    async def start(self) -> None:
        """Reach the writing process, or start it; a ledger that is read-only is served all the same.

        Raises:
            UnavailableError: it could not open the ledger for writing.

        """
        if self.mirror is not None:
            self.broken = self.mirror
            return
        try:
            await self._line.open()
        except UnreachableError as error:
            self._close_door(error.failed)
            if not error.failed.read_only:
                raise UnavailableError(str(error)) from error
            self._mending = asyncio.get_running_loop().create_task(self._mend(LOOK_AGAIN_S))

    def _close_door(self, failed: Failed) -> None:
        """Remember why nothing can be registered."""
        self._fatal, self.broken, self._failed = failed.fatal, failed.why, failed
        if failed.away:
            self._suspected()

    @property
    def waiting(self) -> int:
        """Return how many statements wait for their answer."""
        return self._singles + self._chunks

    def age_s(self) -> float:
        """Return how long the oldest submission has waited."""
        if self._asked:
            return time.monotonic() - next(iter(self._asked.values())).since
        return time.monotonic() - self._fresh_since if self._fresh else 0.0

    def why_not(self) -> str | None:
        """Return why nothing can be registered now, None if it can."""
        if self._closing:
            return STOPPING
        if self.broken is not None:
            return self.broken
        return None if self._line.is_open else "the writing process is gone; another one starts"

    def enter(self, *, single: bool) -> OverloadedError | None:
        """Let a submission in that is on its way here, or return its refusal."""
        error = self._overload(1 + self._entering, single=single)
        if error is None:
            if not self._entering:
                asyncio.get_running_loop().call_soon(self._entered)
            self._entering += 1
        return error

    def _entered(self) -> None:
        """Forget who was let in: they submit in this turn of the loop, or their bodies are slow."""
        self._entering = 0

    def _overload(self, more: int, *, single: bool) -> OverloadedError | None:
        """Return the refusal that the last of some more submissions gets, None if there is room."""
        if single:
            wait, turn = self._singles + more, len(self._fresh) + more
            full = wait > min(MOST, max(LEAST, MAX_WAIT_S * self._per_s)) or (
                wait > LEAST and turn > max(LEAST_TURN, TURN_S * self._per_s)
            )
        else:
            full = self._chunks >= MAX_CHUNKS
        age_s = self.age_s()
        return OverloadedError(1 + int(age_s)) if full or age_s > MAX_AGE_S else None

    def submit(self, statements: list[bytes]) -> "asyncio.Future[list[Result]]":
        """Register statements; the future has one result for each, in order.

        It raises ``UnavailableError`` where nothing is known of them.

        Raises:
            OverloadedError: too much waits already.
            UnavailableError: nothing can be registered.

        """
        if self.broken is not None or self._closing:
            raise self._not_now()
        loop = asyncio.get_running_loop()
        item = _Submission(statements, loop.create_future())
        error = self._overload(1, single=item.single)
        if error is not None:
            raise error
        self._book(item, 1)
        if not self._fresh:
            self._fresh_since = time.monotonic()
            loop.call_soon(self._hand_over)
        self._fresh.append(item)
        return item.answer

    def _not_now(self) -> UnavailableError:
        if self.mirror is not None and not self._closing:
            return UnavailableError(self.mirror)
        if self._closing or self._failed is None:
            return UnavailableError(STOPPING)
        return _unavailable(self._failed)

    def _book(self, item: _Submission, sign: int) -> None:
        if item.single:
            self._singles += sign * len(item.statements)
        else:
            self._chunks += sign * len(item.statements)

    def _hand_over(self) -> None:
        """Send what came in this turn of the loop: large submissions alone, the others together."""
        if not self._line.is_open:
            return  # what waits goes when there is a writer again, or why there is none is known
        fresh, self._fresh = self._fresh, []
        together: _Asked | None = None
        for item in fresh:
            if item.answer.cancelled():
                self._book(item, -1)
                continue
            if not item.single:
                alone = _Asked(self._fresh_since)
                alone.add(item)
                self._ask(alone)
                continue
            if together is None or together.count + len(item.statements) >= SINGLES:
                if together is not None:
                    self._ask(together)
                together = _Asked(self._fresh_since)
            together.add(item)
        if together is not None:
            self._ask(together)

    def _ask(self, asked: _Asked) -> None:
        self._number += 1
        self._asked[self._number] = asked
        self._metrics.handed_over(asked.count)
        statements = [raw for item in asked.submissions for raw in item.statements]
        self._line.send(Request(self._number, statements))

    def _received(self, raw: bytes) -> None:
        answer = _ANSWER.decode(raw)
        asked = self._asked.pop(answer.number, None)
        if answer.failed is not None:
            if answer.failed.fatal:
                self._close_door(answer.failed)
            elif answer.failed.away:
                self._suspected()
            self._metrics.failed()
            self._fail([] if asked is None else asked.submissions, _unavailable(answer.failed))
            return
        if asked is None:
            return
        self._metrics.decided(
            registered=sum(isinstance(item, Accepted) and item.new for item in answer.results),
            again=sum(isinstance(item, Accepted) and not item.new for item in answer.results),
            refused=[
                [refusal.rule for refusal in item.refusals]
                for item in answer.results
                if isinstance(item, Rejected)
            ],
        )
        self._per_s += WEIGHT * (answer.per_s - self._per_s)
        at = 0
        for item in asked.submissions:
            stop = at + len(item.statements)
            if not item.answer.done():
                item.answer.set_result(answer.results[at:stop])
            self._book(item, -1)
            at = stop

    def _fail(self, submissions: list[_Submission], error: UnavailableError) -> None:
        for item in submissions:
            self._book(item, -1)
            if not item.answer.done():
                item.answer.set_exception(error)

    def _lost(self) -> None:
        """Say so to those whose statements were under way, and look for a writer."""
        asked, self._asked = self._asked, {}
        if asked:
            self._metrics.failed()
        for item in asked.values():
            gone = UnavailableError(GONE) if self.broken is None else self._not_now()
            self._fail(item.submissions, gone)
        if not self._closing and not self._fatal and self._mending is None:
            self._mending = asyncio.get_running_loop().create_task(self._mend())

    async def _mend(self, wait_s: float = 0.0) -> None:
        """Reach or start a writer again and again: a full disk, a database away may come back.

        What contradicts itself does not: then registering stops until somebody looks.
        """
        pause_s = FIRST_PAUSE_S
        await asyncio.sleep(wait_s)
        while not self._line.is_open and not self._fatal:
            try:
                await self._line.open()
            except UnreachableError as error:
                failed = error.failed
                self._close_door(failed)
                fresh, self._fresh = self._fresh, []
                self._fail(fresh, self._not_now())
                heals = failed.read_only or failed.away
                await asyncio.sleep(min(pause_s, LOOK_AGAIN_S) if heals else pause_s)
                pause_s = min(2 * pause_s, LAST_PAUSE_S)
            else:
                self.broken = None
                self._hand_over()
        self._mending = None

    async def close(self, drain_s: float) -> None:
        """Take nothing more, let what waits be registered, leave the writing process."""
        self._closing = True
        self._hand_over()
        pending = [item.answer for asked in self._asked.values() for item in asked.submissions]
        if pending:
            await asyncio.wait(pending, timeout=drain_s)
        if self._mending is not None:
            self._mending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._mending
        left = [item for asked in self._asked.values() for item in asked.submissions] + self._fresh
        self._fail(left, UnavailableError(STOPPING))
        await self._line.close()
