"""One HTTP exchange with somebody not trusted: bounded in time, in bytes, in where it leads.

The deadline holds for the whole exchange, handshake and trickled headers included. Redirects
are not followed, bodies are not unpacked, no proxy of the environment is used.
"""

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import SplitResult, urlsplit

from ledger.errors import StorageError


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    content_type: str
    body: bytes


class _Deadline:
    """Ends a connection when time is up, whatever it is doing."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        self._connection = connection
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()
        self.passed = False

    def _end(self) -> None:
        self.passed = True
        with suppress(OSError):
            # The plain socket's own: that of TLS would first take the session away from a reader.
            socket.socket.shutdown(self._connection, socket.SHUT_RDWR)

    def cancel(self) -> None:
        self._timer.cancel()


@contextmanager
def _connected(parts: SplitResult, timeout_s: float) -> Iterator[tuple[socket.socket, _Deadline]]:
    """Connect, with TLS where the URL asks for it."""
    secure = parts.scheme == "https"
    address = (parts.hostname or "", parts.port or (443 if secure else 80))
    made = socket.create_connection(address, timeout=timeout_s)
    if secure:
        made = ssl.create_default_context().wrap_socket(
            made, server_hostname=parts.hostname, do_handshake_on_connect=False
        )
    deadline = _Deadline(made, timeout_s)
    try:
        if isinstance(made, ssl.SSLSocket):
            made.do_handshake()
        yield made, deadline
    finally:
        deadline.cancel()
        made.close()


def fetch(
    method: str,
    url: str,
    *,
    limit: int,
    timeout_s: float,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Exchange one request.

    Args:
        method: GET or POST.
        url: http or https, from the settings or the command line only.
        limit: the longest body that is believed to be an answer.
        timeout_s: for everything together.
        body: of the request.
        headers: of the request.

    Raises:
        StorageError: no answer in time, or more than ``limit`` bytes.

    """
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with _connected(parts, timeout_s) as (connection, deadline):
            exchange = HTTPConnection(parts.netloc.rpartition("@")[2])
            exchange.sock = connection
            try:
                exchange.request(method, target, body, {"Connection": "close", **(headers or {})})
                found = exchange.getresponse()
                raw = found.read(limit + 1)
            except (OSError, HTTPException, ValueError):
                if deadline.passed:
                    raise TimeoutError from None
                raise
            if deadline.passed:
                raise TimeoutError
            content_type = found.headers.get("content-type", "").partition(";")[0].strip().lower()
            answer = Answer(found.status, content_type, raw)
    except TimeoutError as error:
        msg = f"{url}: no whole answer within {timeout_s:g} s"
        raise StorageError(msg) from error
    except (OSError, HTTPException, ValueError) as error:
        msg = f"{url}: {getattr(error, 'strerror', None) or str(error) or type(error).__name__}"
        raise StorageError(msg) from error
    if len(answer.body) > limit:
        msg = f"{url}: more than {limit} bytes"
        raise StorageError(msg)
    return answer
