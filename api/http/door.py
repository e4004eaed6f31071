"""The door: what the queue cannot take is refused where the request's head has been read.

Ten times what the ledger can register may be offered. Then nearly every request is a refusal,
and its cost decides how long all others wait, so it is one write of bytes made beforehand:
no task, no routing, no body, no line in the log of its own.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from api.http.exchange import SECURITY_HEADERS
from api.http.heads import BoundedProtocol, raw_answer
from api.http.logs import Log
from api.http.metrics import Metrics
from api.http.problems import OverloadedError, concise, details, problem_of, speaks_cbor

SINGLE, MANY = "/entries", "/entries/batch"
COUNTED_S = 1.0  # refusals share a line of the log for so long
# Who was refused is not read again for so long. A turn of the loop reads until fewer than 1,024
# connections have sent anything: clients that ask again at once would keep it from ending.
REST_S = 0.01

RawHeaders = Sequence[tuple[bytes, bytes]]


class Enter(Protocol):
    """Says whether there is room for what is on its way, and counts it in."""

    def __call__(self, *, single: bool) -> OverloadedError | None:
        """Return why there is none."""


@dataclass(slots=True)
class Refusals:
    """Answers 503 of one path, made once a second, and how many were given."""

    path: str
    metrics: Metrics
    log: Log
    _made: dict[int, bytes] = field(default_factory=dict)
    _made_with: RawHeaders = ()
    _count: int = 0

    def answer(self, error: OverloadedError, defaults: RawHeaders) -> bytes:
        """Return the whole answer, with the server's own headers; note that it was given."""
        if self._made_with is not defaults:  # they carry the date
            self._made, self._made_with = {}, defaults
        found = self._made.get(error.retry_after_s)
        if found is None:
            found = self._made[error.retry_after_s] = self._make(error, defaults)
        self.metrics.request(self.path, "POST", 503)
        if not self._count:
            asyncio.get_running_loop().call_later(COUNTED_S, self.tell)
        self._count += 1
        return found

    def _make(self, error: OverloadedError, defaults: RawHeaders) -> bytes:
        problem = problem_of(error)
        found = (concise if speaks_cbor(self.path) else details)(problem)
        return raw_answer(found, [*defaults, *SECURITY_HEADERS])

    def tell(self) -> None:
        """Write the line of all refused since the last one."""
        count, self._count = self._count, 0
        if count:
            self.log.event("refused", route=self.path, method="POST", status=503, count=count)


class Door:
    """Decides for each registration whether there is room."""

    def __init__(self, metrics: Metrics, log: Log) -> None:
        self._refusals = {path.encode(): Refusals(path, metrics, log) for path in (SINGLE, MANY)}
        self._resting: list[DoorProtocol] = []
        self.enter: Enter | None = None
        """None until the service has started."""

    def refusal(self, target: bytes, defaults: RawHeaders) -> bytes | None:
        """Return the answer to a POST that there is no room for, None if there is."""
        refusals = self._refusals.get(target)
        if refusals is None or self.enter is None:
            return None
        error = self.enter(single=refusals.path == SINGLE)
        return None if error is None else refusals.answer(error, defaults)

    def rest(self, protocol: "DoorProtocol") -> None:
        """Read nothing more of a connection for a moment."""
        protocol.flow.pause_reading()
        if not self._resting:
            asyncio.get_running_loop().call_later(REST_S, self._read_on)
        self._resting.append(protocol)

    def _read_on(self) -> None:
        resting, self._resting = self._resting, []
        for protocol in resting:
            if not protocol.transport.is_closing():
                protocol.flow.resume_reading()

    def close(self) -> None:
        """Write the lines that are due."""
        for refusals in self._refusals.values():
            refusals.tell()


class DoorProtocol(BoundedProtocol):
    """HTTP/1.1 with the door in front of the application.

    Where anything is unusual (another version, a connection that closes, an answer before this
    one still under way, a client that does not read), the request goes the usual way: the
    queue refuses it there as well.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        app = self.app
        while not isinstance(door := getattr(app, "door", None), Door):
            app = app.app  # uvicorn wraps what it is given
        self._door = door
        self._refused = False

    def _usual(self) -> bool:
        parser = self.parser
        return bool(
            parser.get_method() == b"POST"
            and parser.get_http_version() == "1.1"
            and parser.should_keep_alive()
            and not self.expect_100_continue
            and not self.flow.write_paused
            and (self.cycle is None or self.cycle.response_complete)
        )

    def on_headers_complete(self) -> None:
        """Refuse, or go on."""
        if self._usual():
            answer = self._door.refusal(self.url, self.server_state.default_headers)
            if answer is not None:
                self._refused = True
                self.head_read()
                self.transport.write(answer)
                self._door.rest(self)
                return
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Let the body of a refused request go by."""
        if self._refused:
            self.body_read(len(body))
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Be ready for the next request."""
        if not self._refused:
            super().on_message_complete()
            return
        self._refused = False
        self.message_read()
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )
