"""A server over a world's ledger that speaks the service's HTTP, and lies when it is told to.

Honest unless a test adds a lie: a function of the request and the honest reply that returns
what is sent instead. ``CUT`` closes the connection without a byte.
"""

import json
import sys
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from world import World

from ledger.answering.prover import prove
from ledger.cli.common import parse_now
from ledger.cose import cbor
from ledger.cose.keys import cose_key
from ledger.cose.sign1 import decode_sign1
from ledger.errors import MalformedError, UsageError
from ledger.evidence.bundle import encode_bundle
from ledger.signer import log_public_key
from ledger.store.reads import TreeReader, reading
from ledger.tlog.tiles import HEIGHT, WIDTH, parse_tile_path
from ledger.tlog.tiles import encode_bundle as encode_entries
from ledger.writing.log import Outcome, Registered

COSE, JSON = "application/cose", "application/json"


@dataclass(frozen=True)
class Request:
    """What came in."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes
    media_type: str


@dataclass(frozen=True)
class Reply:
    """What goes out."""

    status: int
    body: bytes = b""
    media_type: str = "application/octet-stream"
    headers: dict[str, str] = field(default_factory=dict)


CUT = Reply(0)
Lie = Callable[[Request, Reply], Reply]


def concise(status: int, detail: str, **headers: str) -> Reply:
    """Return a problem as the SCITT routes send it."""
    body = cbor.encode({-1: "Problem", -2: detail})
    return Reply(status, body, "application/concise-problem-details+cbor", headers)


def split(raw: bytes) -> list[bytes]:
    """Return the statements of a CBOR sequence: the shortest prefixes that are some."""
    found, start = [], 0
    while start < len(raw):
        stop = start + 1
        while True:
            try:
                decode_sign1(raw[start:stop], "statement")
                break
            except MalformedError:
                stop += 1
                assert stop <= len(raw)
        found.append(raw[start:stop])
        start = stop
    return found


@dataclass
class Service:
    """The routes, over one world."""

    world: World
    lies: list[Lie] = field(default_factory=list)
    before: list[Callable[[Request], Reply | None]] = field(default_factory=list)
    seen: list[Request] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    url: str = ""

    def answer(self, request: Request) -> Reply:
        """Return what is sent."""
        with self.lock:
            self.seen.append(request)
            for early in self.before:
                reply = early(request)
                if reply is not None:
                    return reply
            reply = self.honest(request)
            for lie in self.lies:
                reply = lie(request, reply)
            return reply

    def posts(self) -> list[Request]:
        """Return what was submitted so far."""
        return [item for item in self.seen if item.method == "POST"]

    def honest(self, request: Request) -> Reply:  # noqa: PLR0911 - one for each route
        """Return what an honest server sends."""
        parts = request.path.strip("/").split("/")
        match [request.method, *parts]:
            case ["POST", "entries"]:
                return self._register(request.body)
            case ["POST", "entries", "batch"]:
                rows = [self._row(outcome) for outcome in self.world.register(*split(request.body))]
                return Reply(200, json.dumps({"statements": rows}).encode(), JSON)
            case ["GET", "entries", id_]:
                return self._receipt(bytes.fromhex(id_))
            case ["GET", ".well-known", "scitt-keys"]:
                return Reply(200, b"\x81" + cose_key(log_public_key(self.world.log.vkey)))
            case ["GET", "checkpoint"]:
                return Reply(200, self.note().encode(), "text/plain")
            case ["GET", "tile", *_]:
                return self._tile(request.path.strip("/"))
            case ["GET", "v1", question]:
                return self._ask(question.replace("-", "_"), dict(request.query))
        return Reply(404)

    def note(self) -> str:
        """Return the newest checkpoint."""
        with reading(self.world.log.engine) as snapshot:
            return snapshot.newest_checkpoint().note

    def _register(self, raw: bytes) -> Reply:
        (outcome,) = self.world.register(raw)
        if isinstance(outcome, Registered):
            return Reply(201, self.world.log.receipt(outcome.index), COSE)
        text = "; ".join(f"{item.rule}: {item.message}" for item in outcome.refusals)
        return concise(422, text)

    def _row(self, outcome: Outcome) -> dict:
        if isinstance(outcome, Registered):
            receipt = b64encode(self.world.log.receipt(outcome.index)).decode()
            return {"id": outcome.id.hex(), "index": outcome.index, "receipt": receipt}
        rows = [
            {"rule": item.rule, "message": item.message, "cites": list(item.cites)}
            for item in outcome.refusals
        ]
        return {"id": outcome.id.hex(), "refusals": rows}

    def _receipt(self, id_: bytes) -> Reply:
        with reading(self.world.log.engine) as snapshot:
            found = snapshot.by_id([id_])
        if not found:
            return concise(404, "no such statement")
        return Reply(200, self.world.log.receipt(found[id_][0]), COSE)

    def _tile(self, path: str) -> Reply:
        level, number, width = parse_tile_path(path)
        with reading(self.world.log.engine) as snapshot:
            size = snapshot.newest_checkpoint().size
            if number * WIDTH + width > size >> (HEIGHT * (level or 0)):
                return Reply(404)
            if level is None:
                leaves = snapshot.leaf_range(number * WIDTH, number * WIDTH + width)
                return Reply(200, encode_entries(leaves))
            return Reply(200, b"".join(TreeReader(snapshot, size).tile(level, number)[:width]))

    def _ask(self, name: str, query: dict[str, str]) -> Reply:
        assert query.pop("bundle") == "1"
        times = {item: int(query.pop(item)) for item in ("known_at", "since") if item in query}
        if "at" in query:
            times["valid_at_us"] = parse_now(query.pop("at"))
        try:
            raw = encode_bundle(prove(self.world.log, name, query, **times))
        except UsageError as error:
            body = json.dumps({"title": "Malformed", "detail": str(error)}).encode()
            return Reply(400, body, "application/problem+json")
        return Reply(200, raw, "application/vnd.pinyuan.evidence+json")


@contextmanager
def serving(service: Service) -> Iterator[Service]:
    """Serve on a free port of the loopback interface until the end."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            media_type = self.headers.get("Content-Type", "")
            query = dict(parse_qsl(parts.query))
            reply = service.answer(Request(self.command, parts.path, query, body, media_type))
            if reply is CUT:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.media_type, **reply.headers}.items():
                self.send_header(name.replace("_", "-"), value)
            if "Content-Length" not in reply.headers:
                self.send_header("Content-Length", str(len(reply.body)))
            with suppress(OSError):  # a client may have seen enough
                self.end_headers()
                self.wfile.write(reply.body)

        do_GET = do_POST = _serve  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *where: object) -> None:
            if not isinstance(sys.exc_info()[1], ConnectionError):  # a client left
                super().handle_error(*where)

    server = Quiet(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
