"""Who waits for a reader: a line for each client, and the clients take turns."""

import asyncio
from collections import OrderedDict, deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """What waits, in an order in which nobody's many requests stand before another's first."""

    def __init__(self) -> None:
        self._lines: OrderedDict[str, deque[T]] = OrderedDict()
        self._count = 0
        self._arrived = asyncio.Event()

    def __len__(self) -> int:
        """Return how many wait."""
        return self._count

    def of(self, client: str) -> int:
        """Return how many of one client wait."""
        return len(self._lines.get(client, ()))

    @property
    def clients(self) -> int:
        """Return how many clients wait."""
        return len(self._lines)

    def put(self, client: str, item: T) -> None:
        """Let somebody wait."""
        self._lines.setdefault(client, deque()).append(item)
        self._count += 1
        self._arrived.set()

    async def next(self) -> T:
        """Return whose turn it is, as soon as anybody waits."""
        while not self._count:
            self._arrived.clear()
            await self._arrived.wait()
        client, line = self._lines.popitem(last=False)
        item = line.popleft()
        if line:
            self._lines[client] = line  # behind all others
        self._count -= 1
        return item

    def drain(self) -> list[T]:
        """Return all who wait; nobody does any more."""
        left = [item for line in self._lines.values() for item in line]
        self._lines.clear()
        self._count = 0
        return left
