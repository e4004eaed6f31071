"""HTTP to one server, asked again while it says "not now": bounded as ``exchange`` is.

A lost connection is told apart from an answer: whoever posted asks again what became of it.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from http.client import responses
from ipaddress import ip_address
from urllib.parse import urlsplit

from ledger import __version__
from ledger.cose import cbor
from ledger.errors import MalformedError, ParameterError, ServerError
from ledger.primitives import ijson
from ledger.primitives.exchange import Answer, LostError, Peer
from ledger.texts import SPOKEN, saying

EXCHANGE_S = 60.0  # one request and its answer, whatever the server does meanwhile
BATCH_EXCHANGE_S = 300.0  # 16 MiB on a slow line, 10,000 statements on a busy server
PATIENCE_S = 120.0  # how long a server that says "not now" is asked again
MAX_WAIT_S = 30.0  # a Retry-After beyond it is asked again sooner
FIRST_WAIT_S, LAST_WAIT_S = 0.2, 3.0  # between tries where no answer says when
LOST_ATTEMPTS = 4
MAX_PROBLEM_SIZE = 65_536
NOT_NOW = (429, 502, 503, 504)
"""Too many, a proxy without its server, not now, a proxy that gave up waiting."""


def retry_after_s(answer: Answer, default: float) -> float:
    """Return after how many seconds a server wants to be asked again, at most ``MAX_WAIT_S``."""
    text = answer.headers.get("retry-after", "")
    digits = text.isascii() and text.isdecimal() and len(text) <= 6  # noqa: PLR2004 - eleven days
    return min(float(text) if digits else default, MAX_WAIT_S)


class Patience:
    """How long something is tried again: waits that grow, until a deadline after the first."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._deadline: float | None = None
        self._next_s = FIRST_WAIT_S

    def wait(self, answer: Answer | None, what: str) -> None:
        """Wait as long as an answer asks for, or a little longer than the last time.

        Raises:
            ServerError: it would be past the deadline; ``what`` says what did not come about.

        """
        wait_s = self._next_s if answer is None else retry_after_s(answer, self._next_s)
        self._next_s = min(self._next_s * 2, LAST_WAIT_S)
        if self._deadline is None:
            self._deadline = time.monotonic() + self.seconds
        left_s = self._deadline - time.monotonic()
        if left_s <= 0 or (wait_s > left_s and answer is None):
            raise ServerError("{what}, tried for {seconds:g} s", what=what, seconds=self.seconds)
        time.sleep(min(wait_s, left_s))


def _split(url: str) -> tuple[str, str, int | None, str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ParameterError("--server {url!r}: {why}", url=url[:200], why=error) from error
    extra = parts.username or parts.password or parts.query or parts.fragment
    if parts.scheme not in ("http", "https") or not host or extra:
        raise ParameterError(
            "--server {url!r}: an address like https://ledger.example is expected", url=url[:200]
        )
    return parts.scheme, host, port, parts.path.rstrip("/")


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Server:
    """One server, by its address; one connection, kept while it lasts."""

    def __init__(
        self, url: str, *, patience_s: float | None = None, exchange_s: float = EXCHANGE_S
    ) -> None:
        """Take an address; nothing is sent yet.

        Raises:
            UsageError: it is none.

        """
        self._scheme, self._host, self._port, self._base = _split(url)
        self.patience_s = PATIENCE_S if patience_s is None else patience_s
        self._exchange_s = exchange_s
        host = f"[{self._host}]" if ":" in self._host else self._host
        port = "" if self._port is None else f":{self._port}"
        self.url = f"{self._scheme}://{host}{port}{self._base}"
        self._peer = Peer(self._scheme, self._host, self._port, self.url)

    @property
    def warning(self) -> str | None:
        """Return what is to be known of the way to this server, None over TLS or loopback."""
        if self._scheme == "https" or _loopback(self._host):
            return None
        return saying(
            "{url}: plain http, so whoever stands between reads along and may hold back",
            url=self.url,
        )

    def close(self) -> None:
        """Close the connection."""
        self._peer.close()

    def once(
        self,
        method: str,
        path: str,
        *,
        limit: int,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        exchange_s: float | None = None,
    ) -> Answer:
        """Ask once.

        Args:
            method: GET or POST.
            path: below the server's address, with its query.
            limit: how many bytes an answer may have; other statuses than 200 and 201 fewer.
            body: what is posted.
            headers: its media type, and what is accepted.
            exchange_s: how long it may take, if not as long as others.

        Raises:
            LostError: no answer, or half of one.
            ServerError: an answer that is none: a redirect, too large, a certificate that does not verify.

        """
        sent = {
            "User-Agent": f"pinyuan/{__version__}",
            "Accept-Encoding": "identity",
            "Accept-Language": SPOKEN.get(),
        }
        answer = self._peer.exchange(
            method,
            self._base + path,
            limit=limit,
            other_limit=MAX_PROBLEM_SIZE,
            seconds=self._exchange_s if exchange_s is None else exchange_s,
            body=body,
            headers=sent | dict(headers or {}),
        )
        if 300 <= answer.status < 400:  # noqa: PLR2004
            self.close()
            where = answer.headers.get("location", "elsewhere")[:200]
            raise ServerError(
                "{url}{path}: redirected to {where!r}, which is not followed",
                url=self.url,
                path=path[:100],
                where=where,
            )
        return answer

    def get(self, path: str, *, limit: int, accept: str = "*/*") -> Answer:
        """Get something, asking again while the server says "not now" or connections are lost.

        Raises:
            ServerError: it did not answer in time.

        """
        patience = Patience(self.patience_s)
        lost = 0
        while True:
            try:
                answer = self.once("GET", path, limit=limit, headers={"Accept": accept})
            except LostError:
                lost += 1
                if lost == LOST_ATTEMPTS:
                    raise
                patience.wait(None, f"{self.url}: no answer")
                continue
            if answer.status not in NOT_NOW:
                return answer
            patience.wait(answer, f"{self.url}: {answer.status}, {problem(answer)}")

    def require(self, path: str, *, limit: int, accept: str = "*/*") -> bytes:
        """Return the body of a 200.

        Raises:
            ServerError: another status.

        """
        answer = self.get(path, limit=limit, accept=accept)
        if answer.status != 200:  # noqa: PLR2004
            raise self.unexpected(path, answer)
        return answer.body

    def unexpected(self, path: str, answer: Answer) -> ServerError:
        """Return the error that an answer of an unexpected status is."""
        return ServerError(
            "{url}{path}: {status}, {problem}",
            url=self.url,
            path=path[:200],
            status=answer.status,
            problem=problem(answer),
        )


def problem(answer: Answer) -> str:
    """Return what a problem says (RFC 9290 or RFC 9457), in one line without control characters."""
    said: object = None
    with suppress(MalformedError):
        if answer.media_type == "application/concise-problem-details+cbor":
            value = cbor.decode(answer.body, "problem")
            said = (value.get(-2) or value.get(-1)) if isinstance(value, dict) else None
        elif answer.media_type == "application/problem+json":
            value = ijson.decode(answer.body)
            said = (value.get("detail") or value.get("title")) if isinstance(value, dict) else None
    text = said if isinstance(said, str) else responses.get(answer.status, "no reason")
    return "".join(c if c.isprintable() else " " for c in text)[:2_000]
