"""The application of ``pinyuan capture``: EPCIS 2.0 (section 12) over HTTP, for one party's own systems.

Queries are passed on to the ledger's server; a capture is signed here. Whoever reaches this address
may sign in the party's name, so it listens on loopback alone, and pages of a browser are refused: a
request must name this host, be JSON, and come from no other origin.
"""

import asyncio
import re
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from queue import SimpleQueue
from typing import Any
from urllib.parse import quote

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ledger.client.capture import (
    MAX_DOCUMENT_SIZE,
    MAX_EVENTS,
    Behaviour,
    Capturer,
    Fault,
    Job,
    events_in,
    read_json,
)
from ledger.client.transport import Server
from ledger.errors import MalformedError, PinyuanError
from ledger.events.event import Event
from ledger.events.words import VERSIONS

LIMITS = {
    "GS1-EPCIS-Capture-Limit": str(MAX_EVENTS),
    "GS1-EPCIS-Capture-File-Size-Limit": str(MAX_DOCUMENT_SIZE),
}
BEHAVIOUR = "gs1-capture-error-behaviour"
MEDIA = ("application/json", "application/ld+json")
PROBLEM = "application/problem+json"
AGAIN_S = 5.0
"""After so long a job is tried again whose server was away."""
MAX_ANSWER = 64 * 1024 * 1024
MAX_LISTED = 100
_HOST = re.compile(r"(?:localhost|127(?:\.[0-9]{1,3}){3}|\[::1\])(?::[0-9]{1,5})?", re.IGNORECASE)
_PASSED_ON = (
    "content-type",
    "link",
    "etag",
    "cache-control",
    "retry-after",
    "gs1-epcis-version",
    "gs1-cbv-version",
)


class Worker:
    """Runs jobs one after another in a thread of its own, those that were cut off first."""

    def __init__(self, capturer: Capturer, say: Callable[[str], None]) -> None:
        self._capturer, self._say = capturer, say
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._stop = threading.Event()
        self._done: dict[str, asyncio.Future[Job]] = {}
        self._thread = threading.Thread(target=self._run, name="capture", daemon=True)

    def start(self) -> None:
        """Begin, with the jobs that were cut off."""
        for job in self._capturer.unfinished():
            self._queue.put(job)
        self._thread.start()

    def close(self) -> None:
        """Let the job that runs end; the others are gone on with by the next start."""
        self._stop.set()
        self._queue.put(None)
        self._thread.join(AGAIN_S)

    def add(self, job: Job) -> "asyncio.Future[Job]":
        """Run a job when its turn comes; return what is done then."""
        future: asyncio.Future[Job] = asyncio.get_running_loop().create_future()
        if job.finished is not None:
            future.set_result(job)
            return future
        self._done[job.id] = future
        self._queue.put(job)
        return future

    def _run(self) -> None:
        while not self._stop.is_set():
            job = self._queue.get()
            if job is None:
                return
            self._one(job)

    def _one(self, job: Job) -> None:
        while not self._stop.is_set():
            try:
                done = self._capturer.run(job)
            except PinyuanError as error:
                self._say(f"capture {job.id}: {error}; tried again in {AGAIN_S:.0f} s")
                self._stop.wait(AGAIN_S)
                continue
            future = self._done.pop(job.id, None)
            if future is not None:
                loop = future.get_loop()
                loop.call_soon_threadsafe(_resolve, future, done)
            return


def _resolve(future: "asyncio.Future[Job]", job: Job) -> None:
    if not future.done():
        future.set_result(job)


def _json(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    raw = msgspec.json.encode(value)
    return Response(raw, status, VERSIONS | dict(headers or {}), "application/json")


def _problem(status: int, title: str, detail: str, faults: tuple[Fault, ...] = ()) -> Response:
    found: dict[str, Any] = {
        "type": "epcisException:ValidationException" if status < 500 else "about:blank",  # noqa: PLR2004
        "title": title,
        "status": status,
        "detail": detail,
    }
    if faults:
        found["errors"] = [msgspec.to_builtins(one) for one in faults]
    return Response(msgspec.json.encode(found), status, VERSIONS, PROBLEM)


class NotOurs(Exception):  # noqa: N818 - it is told as a problem
    """A request that this address does not answer, with its problem."""

    def __init__(self, response: Response) -> None:
        self.response = response
        super().__init__()


def _check_client(request: Request) -> None:
    if _HOST.fullmatch(request.headers.get("host", "")) is None:
        raise NotOurs(
            _problem(403, "Not allowed", "Host: this address is asked as localhost alone")
        )
    origin = request.headers.get("origin")
    if origin is not None and origin.partition("://")[2] != request.headers["host"]:
        raise NotOurs(_problem(403, "Not allowed", "no page of another origin captures here"))


async def _document(request: Request) -> Any:
    """Return the JSON of a request's body."""
    _check_client(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in MEDIA:
        raise NotOurs(
            _problem(415, "Another media type expected", f"Content-Type: {' or '.join(MEDIA)}")
        )
    raw = bytearray()
    async for part in request.stream():
        raw += part
        if len(raw) > MAX_DOCUMENT_SIZE:
            detail = f"at most {MAX_DOCUMENT_SIZE} bytes: make several documents of it"
            raise NotOurs(_problem(413, "Too large", detail))
    try:
        return await asyncio.to_thread(read_json, bytes(raw))
    except MalformedError as error:
        raise NotOurs(_problem(400, "not valid", str(error))) from error


def create_capture(  # noqa: C901 - one function for each route
    capturer: Capturer, queries: Server, say: Callable[[str], None], *, wait_s: float = 60.0
) -> Starlette:
    """Return the application.

    Args:
        capturer: who signs.
        queries: a connection of its own to the ledger's server, for queries.
        say: told what goes wrong beside requests.
        wait_s: how long the capture of one event waits for its receipt.

    """
    worker, turn = Worker(capturer, say), threading.Lock()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        worker.start()
        yield
        await asyncio.to_thread(worker.close)

    async def capture(request: Request) -> Response:
        value = await _document(request)
        behaviour = request.headers.get(BEHAVIOUR, "rollback")
        if behaviour not in ("rollback", "proceed"):
            return _problem(400, "not valid", "GS1-Capture-Error-Behaviour: rollback or proceed")
        try:
            events = events_in(value)
        except MalformedError as error:
            return _problem(400, "not valid", str(error))
        wanted: Behaviour = "proceed" if behaviour == "proceed" else "rollback"
        job = await asyncio.to_thread(capturer.begin, events, wanted)
        worker.add(job)
        return Response(None, 202, VERSIONS | LIMITS | {"Location": f"/capture/{job.id}"})

    async def capture_one(request: Request) -> Response:
        value = await _document(request)
        if not isinstance(value, dict):
            return _problem(400, "not valid", "an event is expected: a JSON object")
        job = await asyncio.to_thread(capturer.begin, [value], "rollback")
        try:
            done = await asyncio.wait_for(worker.add(job), wait_s)
        except TimeoutError:
            headers = VERSIONS | {"Location": f"/capture/{job.id}"}
            return Response(None, 202, headers)
        if done.errors:
            status = max(one.status for one in done.errors)
            said = "; ".join(one.detail for one in done.errors)
            return _problem(status, done.errors[0].title, said, done.errors)
        location = f"/events/{quote(Event(value).id, safe='')}"
        return Response(None, 201, VERSIONS | {"Location": location})

    async def job_of(request: Request) -> Response:
        found = await asyncio.to_thread(capturer.jobs.get, request.path_params["id"])
        if found is None:
            return _problem(404, "Not Found", "no capture job of this id")
        return _json(found.row())

    async def jobs(_request: Request) -> Response:
        found = await asyncio.to_thread(lambda: list(capturer.jobs.all())[::-1][:MAX_LISTED])
        return _json([job.row() for job in found])

    async def asked(request: Request) -> Response:
        _check_client(request)
        raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
        path = raw.partition(b"?")[0].decode("latin-1")
        query = request.scope.get("query_string", b"").decode("latin-1")
        if path.startswith("/events/"):
            path, query = "/events", f"EQ_eventID={path.removeprefix('/events/')}"

        def ask() -> Any:
            with turn:
                return queries.get(f"{path}?{query}" if query else path, limit=MAX_ANSWER)

        try:
            answer = await asyncio.to_thread(ask)
        except PinyuanError as error:
            return _problem(503, "Not now", str(error))
        headers = {name: answer.headers[name] for name in _PASSED_ON if name in answer.headers}
        return Response(answer.body, answer.status, headers)

    async def refused(_request: Request, error: Exception) -> Response:
        assert isinstance(error, NotOurs)  # noqa: S101 - it is registered for it
        return error.response

    return Starlette(
        routes=[
            Route("/capture", capture, methods=["POST"]),
            Route("/capture", jobs, methods=["GET"]),
            Route("/capture/{id}", job_of, methods=["GET"]),
            Route("/events", capture_one, methods=["POST"]),
            Route("/events", asked, methods=["GET"]),
            Route("/events/{id:path}", asked, methods=["GET"]),
            Route("/epcs/{epc:path}/events", asked, methods=["GET"]),
        ],
        exception_handlers={NotOurs: refused},
        lifespan=lifespan,
    )
