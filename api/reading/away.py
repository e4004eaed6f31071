"""A database that is away: said once when it goes and once when it is back, and asked about by one.

Everybody else gets 503 at once meanwhile: who would wait for a host that does not answer
would hold the threads that serve what needs no database.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from api.http.logs import Log
from ledger.errors import DatabaseAwayError, PinyuanError

LOOK_S = 0.5  # between two looks whether it is back


class Away:
    """Whether the database of a serving process is away, and since when."""

    def __init__(self, look: Callable[[], Awaitable[None]], log: Log) -> None:
        """Args: ``look`` raises while the database is away."""
        self._look = look
        self._log = log
        self._said: str | None = None
        self._task: asyncio.Task[None] | None = None

    def check(self) -> None:
        """Go on where the database is there.

        Raises:
            DatabaseAwayError: it is away.

        """
        if self._said is not None:
            raise DatabaseAwayError(self._said)

    def noted(self, error: Exception | None) -> None:
        """Note what became of a read; the first that found no database begins the wait."""
        if isinstance(error, DatabaseAwayError) and self._said is None:
            self._said = str(error)
            self._log.event("database", said=f"away: {error}; requests that need it get 503")
            self._task = asyncio.get_running_loop().create_task(self._until_back())

    def suspected(self) -> None:
        """Look at once: somebody else found no database."""
        if self._said is None and (self._task is None or self._task.done()):
            self._task = asyncio.get_running_loop().create_task(self._look_once())

    async def _look_once(self) -> None:
        try:
            await self._look()
        except PinyuanError as error:
            self.noted(error)

    async def _until_back(self) -> None:
        since = time.monotonic()
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self._look()
            except PinyuanError:
                continue
            self._said = None
            self._log.event("database", said=f"back after {time.monotonic() - since:.1f} s")
            return

    def close(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
