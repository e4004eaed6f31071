"""What every exchange has in common: headers, HEAD, preflights, figures, its line in the log.

Plain ASGI around the application: a request costs one more call, not one more task.
"""

import time
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.logs import Log
from api.http.metrics import Metrics
from api.http.problems import INSIDE, Problem, concise, details, speaks_cbor
from ledger.texts import saying

STATEMENT = "pinyuan.statement"
UNMATCHED = "none"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
READING = ("GET", "HEAD")

Headers = list[tuple[bytes, bytes]]


def _raw(headers: Mapping[str, str]) -> Headers:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
SECURITY_HEADERS = _raw(SECURITY)
# Anybody may read, from any page, without credentials; nobody may write from another's page.
CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Language, ETag, Link, Location, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_READING_HEADERS = SECURITY_HEADERS + _raw(CROSS_ORIGIN)
_NAMES = frozenset(name for name, _ in _READING_HEADERS)
PREFLIGHT = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def about(request: Request, statement_id: bytes) -> None:
    """Let the request's log line name the statement it was about."""
    request.scope[STATEMENT] = statement_id.hex()


class _Exchange:
    """One request and its answer on their way."""

    __slots__ = ("_reading", "_receive", "_send", "_silent", "received", "sent", "status")

    def __init__(self, method: str, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._reading = method in READING
        self._silent = method == "HEAD"
        self.received = self.sent = self.status = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self.received += len(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            ours = _READING_HEADERS if self._reading else SECURITY_HEADERS
            given = message.get("headers", ())
            names = {name for name, _ in given}  # a route's own stand
            added = ours if names.isdisjoint(_NAMES) else [it for it in ours if it[0] not in names]
            message = {**message, "headers": [*given, *added]}
        elif message["type"] == "http.response.body":
            if self._silent:
                message = {**message, "body": b""}
            self.sent += len(message.get("body", b""))
        await self._send(message)


class Exchanges:
    """The layer around the application."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, log: Log) -> None:
        self._app = app
        self._metrics = metrics
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; whatever is raised within it is answered here at the latest."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        method = scope["method"]
        exchange = _Exchange(method, receive, send)
        if method == "HEAD":
            scope = {**scope, "method": "GET"}  # the server's own still says HEAD: no body
        try:
            if method == "OPTIONS" and _asks_to_read(scope):
                await Response(None, 204, PREFLIGHT)(scope, exchange.receive, exchange.send)
            else:
                await self._app(scope, exchange.receive, exchange.send)
        except Exception as error:  # noqa: BLE001 - a fault in one request ends that request alone
            self._log.fault(error, _route(scope))
            if not exchange.status:
                problem = Problem(
                    500, saying("an unforeseen error; it is in the log"), title=saying("Fault")
                )
                answer = concise if speaks_cbor(scope["path"]) else details
                await answer(problem)(scope, exchange.receive, exchange.send)
        finally:
            self._note(scope, method, exchange, time.perf_counter() - began)

    def _note(self, scope: Scope, method: str, exchange: _Exchange, seconds: float) -> None:
        route = _route(scope)
        method = method if method in METHODS else "other"
        self._metrics.request(route, method, exchange.status)
        self._metrics.took(route, seconds)
        line: dict[str, Any] = {
            "route": route,
            "method": method,
            "status": exchange.status,
            "ms": round(seconds * 1000, 2),
            "received": exchange.received,
            "sent": exchange.sent,
        }
        if STATEMENT in scope:
            line["statement"] = scope[STATEMENT]
        if INSIDE in scope:
            self._log.trouble(route, scope[INSIDE])
        self._log.request(line)


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", UNMATCHED)


def _asks_to_read(scope: Scope) -> bool:
    """Return whether a preflight asks to GET or HEAD from another page."""
    wanted = Request(scope).headers.get("access-control-request-method", "")
    return wanted in READING
