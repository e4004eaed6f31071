"""Connections over plain sockets: a request at a time, kept alive where both sides can go on."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from fuzzing.judging import BODILESS, Answered
from fuzzing.requests import Made

ANSWER_S = 40.0  # a request that waits longer for its answer is a finding
NO_ANSWER = "no answer"


class _Connection(asyncio.Protocol):
    """One connection; ``answer`` is what comes for the request under way."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.answer: asyncio.Future[Answered | None] | None = None
        self._buffer = bytearray()
        self._method = ""

    def connection_made(self, transport) -> None:
        self.transport = transport

    def connection_lost(self, _error) -> None:
        self.transport = None
        if self.answer is not None and not self.answer.done():
            self.answer.set_result(self._parsed(ended=True))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self.answer is not None and not self.answer.done():
            found = self._parsed(ended=False)
            if found is not None:
                self.answer.set_result(found)

    def ask(self, made: Made) -> "asyncio.Future[Answered | None]":
        """Send a request; None comes where the server closes without an answer."""
        self._buffer.clear()
        self._method = made.method
        self.answer = asyncio.get_running_loop().create_future()
        self.transport.write(made.raw)
        if not made.framed:
            with contextlib.suppress(OSError):  # the server may have closed by now
                self.transport.write_eof()  # nothing more comes: who waits for it need not
        return self.answer

    def _parsed(self, *, ended: bool) -> Answered | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        head, *lines = bytes(self._buffer[:end]).split(b"\r\n")
        status = int(head.split(b" ")[1])
        if status == 100:
            del self._buffer[: end + 4]
            return self._parsed(ended=ended)
        headers = {}
        for line in lines:
            name, _, value = line.partition(b":")
            headers[name.lower()] = value.strip()
        body = bytes(self._buffer[end + 4 :])
        if self._method == "HEAD" or status in BODILESS:
            return Answered(status, headers, b"")
        if b"content-length" in headers:
            size = int(headers[b"content-length"])
            return Answered(status, headers, body[:size]) if len(body) >= size or ended else None
        return Answered(status, headers, body) if ended or b"0\r\n\r\n" in body else None

    def close(self) -> None:
        if self.transport is not None:
            self.transport.abort()


@dataclass
class Sender:
    """Sends requests over some connections at once, and hands each answer on."""

    port: int
    connections: int
    took: Callable[[Made, Answered | None, float], None]

    async def run(self, requests) -> None:
        """Send all of them."""
        source = iter(requests)
        async with asyncio.TaskGroup() as group:
            for _ in range(self.connections):
                group.create_task(self._one(source))

    async def _one(self, source) -> None:
        loop = asyncio.get_running_loop()
        connection: _Connection | None = None
        for made in source:
            if (
                connection is None
                or connection.transport is None
                or connection.transport.is_closing()
            ):
                _, connection = await loop.create_connection(_Connection, "127.0.0.1", self.port)
            began = time.perf_counter()
            answer = await self._asked(connection, made)
            if answer is None and made.framed:  # it may have been closed just then, as any idle one
                _, connection = await loop.create_connection(_Connection, "127.0.0.1", self.port)
                answer = await self._asked(connection, made)
            self.took(made, answer, time.perf_counter() - began)
            closes = answer is None or answer.headers.get(b"connection", b"").lower() == b"close"
            if closes or not made.framed:
                connection.close()
                connection = None
            await asyncio.sleep(0)
        if connection is not None:
            connection.close()

    async def _asked(self, connection: _Connection, made: Made) -> Answered | None:
        try:
            async with asyncio.timeout(ANSWER_S):
                return await connection.ask(made)
        except TimeoutError:
            connection.close()
            return Answered(0, {}, b"")
