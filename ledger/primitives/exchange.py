"""HTTP with somebody not trusted: bounded in time, in bytes, in where it leads.

One deadline holds for a whole exchange: connecting, TLS, headers and bodies that trickle. Redirects
are not followed, bodies are not unpacked, no proxy of the environment is used.
"""

import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from socket import SHUT_RDWR, create_connection, socket
from urllib.parse import urlsplit

from ledger.errors import ServerError

READ_SIZE = 1 << 16
GOOD = (200, 201)


class LostError(ServerError):
    """The connection ended without an answer: what was asked may or may not have been done."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """Return the media type without parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Peer:
    """Somebody by host and port, over one connection that is kept while it lasts.

    ``shown``: the address as errors name it.
    """

    def __init__(self, scheme: str, host: str, port: int | None, shown: str) -> None:
        """Take an address; nothing is sent yet."""
        self._tls = scheme == "https"
        self._address = (host, port or (443 if self._tls else 80))
        self._connection: HTTPConnection | None = None
        self.shown = shown

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def exchange(
        self,
        method: str,
        target: str,
        *,
        limit: int,
        seconds: float,
        other_limit: int | None = None,
        ends: bool = True,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask once.

        Args:
            method: GET or POST.
            target: path and query.
            limit: how many bytes an answer may have.
            seconds: for everything together.
            other_limit: of an answer other than 200 and 201, if not ``limit``.
            ends: whether an answer has to tell its end, so that a cut is known from it.
            body: what is posted.
            headers: its media type, and what is accepted.

        Raises:
            LostError: no answer in time, or half of one.
            ServerError: one that is too long; a certificate that does not verify.

        """
        until = time.monotonic() + seconds
        late = threading.Event()
        try:
            connection = self._connect(seconds)
            with _cut(connection.sock, until, late):
                if isinstance(connection.sock, ssl.SSLSocket):
                    connection.sock.do_handshake()
                connection.request(method, target, body, dict(headers or {}))
                response = connection.getresponse()
                try:
                    return self._read(response, limit, other_limit, ends=ends)
                finally:
                    response.close()  # or the connection would not take the next request
        except ssl.SSLCertVerificationError as error:
            msg = f"{self.shown}: its certificate does not verify: {error.verify_message}"
            raise self._ended(ServerError(msg)) from error
        except (OSError, HTTPException, ValueError) as error:
            if late.is_set() or isinstance(error, TimeoutError):
                msg = f"{self.shown}: no whole answer within {seconds:g} s"
            else:
                said = getattr(error, "strerror", None) or str(error) or type(error).__name__
                msg = f"{self.shown}: no answer: {said}"
            raise self._ended(LostError(msg)) from error
        except ServerError as error:
            raise self._ended(error) from error

    def _ended(self, error: ServerError) -> ServerError:
        self.close()
        return error

    def _connect(self, seconds: float) -> HTTPConnection:
        if self._connection is None or self._connection.sock is None:
            host, port = self._address
            made: socket = create_connection(self._address, timeout=seconds)
            if self._tls:
                made = ssl.create_default_context().wrap_socket(
                    made, server_hostname=host, do_handshake_on_connect=False
                )
            self._connection = HTTPConnection(host, port)
            self._connection.default_port = 443 if self._tls else 80  # as its Host header has it
            self._connection.sock = made
        self._connection.sock.settimeout(seconds)
        return self._connection

    def _read(
        self, response: HTTPResponse, limit: int, other_limit: int | None, *, ends: bool
    ) -> Answer:
        if other_limit is not None and response.status not in GOOD:
            limit = other_limit
        parts, size = list[bytes](), 0
        while part := response.read1(READ_SIZE):
            size += len(part)
            if size > limit:
                raise ServerError(
                    "{shown}: an answer of more than {limit} bytes", shown=self.shown, limit=limit
                )
            parts.append(part)
        if ends and response.length is None and not response.chunked:
            msg = "its end is not told from a cut"
            raise HTTPException(msg)
        if response.length:
            msg = f"cut off {response.length} bytes before its end"
            raise HTTPException(msg)
        headers = {name.lower(): value for name, value in response.getheaders()}
        if response.will_close:
            self.close()
        return Answer(response.status, headers, b"".join(parts))


@contextmanager
def _cut(connection: socket, until: float, late: threading.Event) -> Iterator[None]:
    """End a connection when time is up, whatever it is doing; ``late`` says that it was."""

    def cut() -> None:
        late.set()
        with suppress(OSError):
            # The plain socket's own: that of TLS would first take the session away from a reader.
            socket.shutdown(connection, SHUT_RDWR)

    timer = threading.Timer(max(0.0, until - time.monotonic()), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def fetch(
    method: str,
    url: str,
    *,
    limit: int,
    timeout_s: float,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Exchange one request over a connection of its own, whose end may be the answer's.

    Args:
        method: GET or POST.
        url: http or https, from the settings or the command line only.
        limit: how many bytes an answer may have.
        timeout_s: for everything together.
        body: what is posted.
        headers: its media type.

    Raises:
        ServerError: no answer in time, or one that is too long.

    """
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    peer = Peer(parts.scheme, parts.hostname or "", parts.port, url)
    sent = {"Connection": "close", **(headers or {})}
    try:
        return peer.exchange(
            method, target, limit=limit, seconds=timeout_s, ends=False, body=body, headers=sent
        )
    finally:
        peer.close()
