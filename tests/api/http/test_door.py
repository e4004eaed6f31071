"""More is offered than can be registered: refusals at the door, and the short way to busy routes."""

import contextlib
import socket
import time

import pytest
from serving import COSE, SEQUENCE, Service, problem
from starlette.requests import Request

from api.http import door
from api.http.buckets import BUCKETS
from api.http.problems import Problem
from api.state import Quota
from ledger.statements.envelope import parse_statement

VARYING = {"date", "connection"}


@pytest.fixture
def full(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    registrar = service.app.state.pinyuan.registrar
    monkeypatch.setattr(registrar, "_singles", 10**9)
    monkeypatch.setattr(registrar, "_chunks", 10**9)
    return service


@pytest.mark.parametrize(
    ("path", "headers"), [("/entries", COSE), ("/entries/batch", SEQUENCE)], ids=["one", "many"]
)
def test_a_full_queue_refuses_at_the_door_as_it_would_behind_it(
    full: Service, path: str, headers: dict
):
    raw = full.statement(f"too much at {path}")
    body = raw if path == "/entries" else raw * 120
    at_the_door = full.client.post(path, content=body, headers=headers)
    # A connection that is to be closed goes the usual way.
    behind_it = full.client.post(path, content=body, headers=headers | {"connection": "close"})
    assert at_the_door.status_code == behind_it.status_code == 503
    assert at_the_door.headers["retry-after"] == "1"
    assert problem(at_the_door) == ("Not now", "too much is waiting: try again in 1 s")
    assert at_the_door.content == behind_it.content
    said, wanted = (
        {name: value for name, value in answer.headers.items() if name not in VARYING}
        for answer in (at_the_door, behind_it)
    )
    assert said == wanted
    assert "date" in at_the_door.headers


def test_everything_else_goes_on_while_the_queue_is_full(full: Service):
    assert full.client.get("/tile/0/000.p/2").status_code == 200
    assert full.client.get("/checkpoint").status_code == 200
    assert full.client.post("/entries?x=1", content=b"", headers=COSE).status_code == 400
    assert full.client.post("/cosignatures", content=b"").status_code < 500
    assert full.client.get("/entries").status_code == 405


def exchange(port: int, sent: bytes, answers: int) -> list[bytes]:
    """Send bytes on one connection and return so many answers."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as link:
        link.sendall(sent)
        received, found = b"", []
        while len(found) < answers:
            chunk = link.recv(65_536)
            assert chunk, "the connection was closed"
            received += chunk
            while (end := received.find(b"\r\n\r\n") + 4) >= 4:
                at = received.index(b"content-length: ") + 16
                stop = end + int(received[at : received.index(b"\r", at)])
                if len(received) < stop:
                    break
                found.append(received[:stop])
                received = received[stop:]
        return found


def post(raw: bytes) -> bytes:
    head = f"POST /entries HTTP/1.1\r\nHost: a\r\nContent-Type: application/cose\r\nContent-Length: {len(raw)}\r\n\r\n"
    return head.encode() + raw


GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"


def test_requests_behind_each_other_are_answered_in_order(full: Service):
    raw = full.statement("pipelined")
    # GET, POST that must wait for it, POST, GET on one connection
    found = exchange(full.server.port, GET + post(raw) + post(raw) + GET, 4)
    assert [answer[9:12] for answer in found] == [b"200", b"503", b"503", b"200"]


def test_the_body_of_a_refused_request_goes_by(service: Service, monkeypatch: pytest.MonkeyPatch):
    raw = service.statement("after a refused one")
    registrar = service.app.state.pinyuan.registrar
    with socket.create_connection(("127.0.0.1", service.server.port), timeout=10) as link:
        with monkeypatch.context() as patch:
            patch.setattr(registrar, "_singles", 10**9)
            link.sendall(post(bytes(60_000))[:200])
            assert link.recv(4096).startswith(b"HTTP/1.1 503 ")
        # What is left of that body is no request; the next one is.
        link.sendall(post(bytes(60_000))[200:] + post(raw))
        assert link.recv(4096).startswith(b"HTTP/1.1 201 ")


def test_a_client_that_does_not_read_fills_no_memory(full: Service):
    raw = full.statement("never read")
    with socket.create_connection(("127.0.0.1", full.server.port), timeout=1) as link:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sent, requests = 0, post(raw) * 100
        with contextlib.suppress(TimeoutError):
            while sent < 64 << 20:
                sent += link.send(requests)
        assert sent < 64 << 20, "the service goes on reading"
    assert full.client.get("/healthz").status_code == 200


def test_refusals_share_a_line_and_are_counted(full: Service, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(door, "COUNTED_S", 0.05)
    time.sleep(1.1)  # lines that are due are written
    at = len(full.lines())
    counter = full.app.state.pinyuan.metrics.requests.labels("/entries", "POST", 503)
    before = counter._value.get()
    for _ in range(7):
        assert full.post(full.statement("refused")).status_code == 503
        time.sleep(0.005)
    deadline = time.monotonic() + 5
    while sum(line["count"] for line in full.lines()[at:] if line["event"] == "refused") < 7:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    line = next(line for line in full.lines()[at:] if line["event"] == "refused")
    assert line.keys() == {"time", "event", "route", "method", "status", "count"}
    assert (line["route"], line["status"]) == ("/entries", 503)
    assert "request" not in {line["event"] for line in full.lines()[at:]}
    assert counter._value.get() - before == 7


PATHS = [
    "/checkpoint", "/tile/0/000.p/2", "/tile/entries/000.p/2", "/tile/0/999", "/tile/", "/tile/x",
    "/tile/0/%30%30%30.p/2", "/tile//0", "/v1/proofs/1", "/v1/proofs/01", "/v1/proofs/999999",
    "/v1/proofs/", "/v1/proofs/1/2", "/v1/proofs/%31", "/entries/" + "0" * 64, "/entries/batch",
    "/entries/", "/entries/x/y", "/checkpoint/", "/checkpoint?x=1", "/v1/proofs/1?bundle=1",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_the_short_way_and_the_router_s_give_the_same_answer(
    service: Service, path: str, monkeypatch: pytest.MonkeyPatch
):
    at = len(service.lines())
    short = service.client.get(path)
    monkeypatch.setattr(service.app.lanes, "_lanes", {})
    usual = service.client.get(path)
    assert short.status_code == usual.status_code
    assert short.content == usual.content
    assert [item for item in short.headers.items() if item[0] != "date"] == [
        item for item in usual.headers.items() if item[0] != "date"
    ]
    lines = service.lines()[at:]
    assert lines[0]["route"] == lines[1]["route"]


def test_a_statement_is_registered_by_either_way(service: Service, monkeypatch: pytest.MonkeyPatch):
    raw = service.statement("by either way")
    short = service.post(raw)
    monkeypatch.setattr(service.app.lanes, "_lanes", {})
    usual = service.post(raw)
    assert (short.status_code, short.content) == (usual.status_code, usual.content)
    bad = service.post(b"\x80")
    monkeypatch.undo()
    assert (bad.status_code, bad.content) == (400, service.post(b"\x80").content)


class TestInventedIssuers:
    """A quota for each (address, issuer) is none where issuers are invented one after the other."""

    @staticmethod
    def request(address: str = "192.0.2.1") -> Request:
        return Request({"type": "http", "client": (address, 1), "headers": []})

    def test_strangers_of_an_address_share_a_bucket(self):
        quota = Quota(1.0, 3.0)
        for number in range(3):
            quota.take(self.request(), f"did:web:{number}.example")
        with pytest.raises(Problem) as refused:
            quota.take(self.request(), "did:web:3.example")
        assert refused.value.status == 429
        assert "did:web:3.example" in refused.value.detail
        assert int(refused.value.headers["Retry-After"]) > 0
        quota.take(self.request("192.0.2.2"), "did:web:3.example")

    def test_whose_statement_was_accepted_is_none(self):
        quota = Quota(1.0, 3.0)
        quota.accepted("did:web:known.example")
        for number in range(3):
            quota.take(self.request(), f"did:web:{number}.example")
        for _ in range(3):
            quota.take(self.request(), "did:web:known.example")
        with pytest.raises(Problem):
            quota.take(self.request(), "did:web:known.example")

    def test_what_is_remembered_is_bounded(self):
        quota = Quota(0.001, 3.0)
        for number in range(BUCKETS + 10):
            quota.accepted(f"did:web:{number}.example")
            quota.take(self.request(), f"did:web:{number}.example")
        assert len(quota._known) == len(quota.buckets) == BUCKETS

    def test_who_has_all_of_its_share_again_is_forgotten(self):
        quota = Quota(1e9, 3.0)
        for number in range(1_000):
            quota.take(self.request(f"192.0.2.{number % 256}"), f"did:web:{number}.example")
        assert len(quota.buckets) < 10

    def test_the_service_learns_whom_it_accepted(self, service: Service):
        quota = service.app.state.pinyuan.quota
        quota._known.clear()
        stranger = service.statement("x", by="nobody", issuer="did:web:nobody.example")
        assert service.post(stranger).status_code == 422
        assert not quota._known
        raw = service.statement("known from now on")
        assert service.post(raw).status_code == 201
        issuer = parse_statement(raw).issuer
        assert list(quota._known) == [issuer]
        quota._known.clear()
        assert service.client.post("/entries/batch", content=raw, headers=SEQUENCE).is_success
        assert list(quota._known) == [issuer]
