"""Heads of requests, bounded in bytes and in time before anything of them is read; answers, in time.

uvicorn keeps a head until it is whole, however long it is and however long that takes. What no
client needs is refused and its connection closed: 431 beyond ``MAX_HEAD_SIZE`` bytes, 408 after
``HEAD_S``. The bounds hold for whatever is no body: a request line, fields, trailers, the lengths
of chunks; and for a body that goes on after its answer was given.

It also keeps an answer until its client has read it. Who takes none of it for ``UNREAD_S`` is cut
off: a connection closed in order waits for its reader, and enough of them shut out everybody.
For the same reason one client has half of all connections at most, where no proxy stands between.
"""

import asyncio
import struct
from collections import Counter
from fcntl import ioctl
from http import HTTPStatus
from socket import SO_LINGER, SOL_SOCKET, socket
from termios import TIOCOUTQ
from typing import Any

from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.http.clients import network_of
from api.http.problems import LATER, Problem, details
from ledger.texts import saying

MAX_HEAD_SIZE = 32 * 1024
HEAD_S = 10.0
UNREAD_S = 30.0
LEAST_READ = 4_096  # bytes in that time
_COUNT = struct.Struct("i")
_AT_ONCE = struct.pack("ii", 1, 0)
TOO_MANY = saying("too many connections at once: come back in a moment")
AWAY = Problem(503, TOO_MANY, headers=LATER | {"Connection": "close"})
_held: Counter[str] = Counter()
"""How many connections each client has to this process."""


def _in_kernel(connection: socket) -> int:
    """Return how many bytes sent were not received yet; a kernel may not say: then it is none."""
    try:
        (found,) = _COUNT.unpack(ioctl(connection.fileno(), TIOCOUTQ, bytes(_COUNT.size)))
    except OSError:
        return 0
    return int(found)


def raw_answer(answer: Response, headers: list[tuple[bytes, bytes]]) -> bytes:
    """Return a whole answer as it goes over HTTP/1.1, with more headers."""
    status = HTTPStatus(answer.status_code)
    lines = [f"HTTP/1.1 {status.value} {status.phrase}".encode()]
    lines += [name + b": " + value for name, value in (*headers, *answer.raw_headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + bytes(answer.body)


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1 with bounded heads."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        # uvicorn's own refusal is no problem, says not when to come back, and is a warning each time.
        self._most, self.limit_concurrency = self.limit_concurrency, None
        self._received = 0
        """Bytes since the newest request ended: at most those of a read before it began too many."""
        self._body = 0
        self._begun = self._in_body = False
        self._patience: asyncio.TimerHandle | None = None
        self._reader: asyncio.TimerHandle | None = None
        self._whose = ""
        self._unread = 0
        """Bytes that were waiting for the client when it was last looked."""
        self._taken = False
        """Whether all that was waiting has been taken since."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for a head, but not for ever."""
        super().connection_made(transport)
        self._whose = network_of(self.client[0]) if self.client else ""
        _held[self._whose] += 1
        if self._has_its_share():
            self.transport.write(raw_answer(details(AWAY), self.server_state.default_headers))
            self.transport.close()
            return
        self._wait()
        self._reader = self.loop.call_later(UNREAD_S, self._look)

    def _has_its_share(self) -> bool:
        """Return whether this client had half of all connections before this one."""
        if self._most is None or self.config.proxy_headers:
            return False
        return 2 * _held[self._whose] > max(2, self._most)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        if self._reader is not None:
            self._reader.cancel()
        _held[self._whose] -= 1
        if not _held[self._whose]:
            del _held[self._whose]
        super().connection_lost(exc)

    def resume_writing(self) -> None:
        """Note that the client reads."""
        self._taken = True
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        """Read on, within the bounds."""
        self._received += len(data)
        super().data_received(data)
        if self._patience is None and self._unfinished() and not self.transport.is_closing():
            self._wait()
        # A chunk of one byte comes with five that say so.
        if self._received - self._body > MAX_HEAD_SIZE + 5 * self._body:
            self._refuse(
                431,
                saying("The head is too large"),
                saying("a head of more than {size} bytes", size=MAX_HEAD_SIZE),
            )

    def on_message_begin(self) -> None:
        """Note that a head has begun."""
        self._begun = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Go on to the body; where there are too many connections, to a refusal."""
        self.head_read()
        app, most = self.app, self._most
        if most is not None and max(len(self.connections), len(self.tasks)) >= most:
            self.app = details(AWAY)
        try:
            super().on_headers_complete()
        finally:
            self.app = app

    def on_body(self, body: bytes) -> None:
        """Count the body apart."""
        self.body_read(len(body))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Be ready for the next head."""
        self.message_read()
        super().on_message_complete()

    def head_read(self) -> None:
        """Note that a head is whole."""
        self._in_body = True
        self._stop_waiting()

    def body_read(self, size: int) -> None:
        """Note so many bytes of a body."""
        self._body += size

    def message_read(self) -> None:
        """Note that a request is whole."""
        self._received = self._body = 0
        self._begun = self._in_body = False
        self._stop_waiting()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP as everything else is refused."""
        self._refuse(400, saying("Malformed request"), msg)

    def _unfinished(self) -> bool:
        """Return whether a head is on its way, or a body whose answer was given."""
        if self._in_body:
            return self._answered()
        return self._begun or self._received > 0

    def _answered(self) -> bool:
        return self.cycle is not None and self.cycle.response_complete

    def _wait(self) -> None:
        self._patience = self.loop.call_later(HEAD_S, self._impatient)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _impatient(self) -> None:
        self._patience = None
        if self._in_body and self._answered():
            self.transport.close()
        else:
            self._refuse(
                408,
                saying("The request took too long"),
                saying("no whole head in {head_s:g} s", head_s=HEAD_S),
            )

    def _look(self) -> None:
        """Cut off a client that has taken nothing of its answer since the last look."""
        connection = self.transport.get_extra_info("socket")
        unread = self.transport.get_write_buffer_size() + _in_kernel(connection)
        if 0 < self._unread < unread + LEAST_READ and not self._taken:
            # Reset: what the kernel holds for it would stay there for minutes.
            connection.setsockopt(SOL_SOCKET, SO_LINGER, _AT_ONCE)
            self.transport.abort()
            return
        self._unread, self._taken = unread, False
        self._reader = self.loop.call_later(UNREAD_S, self._look)

    def _refuse(self, status: int, title: str, why: str) -> None:
        """Say why, if nobody else is being answered, and close."""
        if self.transport.is_closing():
            return
        self._stop_waiting()
        if self.cycle is None or self.cycle.response_complete:
            problem = details(Problem(status, why, title=title, headers={"Connection": "close"}))
            self.transport.write(raw_answer(problem, self.server_state.default_headers))
        self.transport.close()
