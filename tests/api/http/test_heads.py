"""Heads of requests over a real socket: too long, too slow, never whole; nobody else waits."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from conftest import ROOT
from serving import Service

from api.http import heads
from api.http.heads import MAX_HEAD_SIZE

PATIENCE_S = 0.3
BEGUN = b"POST /entries HTTP/1.1\r\nHost: x\r\nContent-Type: application/cose\r\n"


@pytest.fixture
def impatient(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    monkeypatch.setattr("api.http.heads.HEAD_S", PATIENCE_S)
    return service


def talk(service: Service, *parts: bytes, pause_s: float = 0.0) -> bytes:
    """Send parts and return all that is answered until the connection is closed."""
    with socket.create_connection(("127.0.0.1", service.server.port), timeout=10) as connection:
        answer = b""
        try:
            for part in parts:
                connection.sendall(part)
                time.sleep(pause_s)
            while found := connection.recv(65_536):
                answer += found
        except ConnectionError:
            pass  # closed while it was still being told
        return answer


@pytest.mark.parametrize(
    "parts",
    [
        [b"GET /" + b"a" * (4 << 20)],
        [b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"a" * (4 << 20)],
        [b"GET /healthz HTTP/1.1\r\nHost: x\r\n", *[b"X: aaaaaaaaaaaa\r\n" * 1000] * 40],
        [
            BEGUN + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
            *[b"X: aaaaaaaaaaaa\r\n" * 1000] * 40,
        ],
        [BEGUN + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"a" * (4 << 20)],
    ],
    ids=["a target", "one field", "many fields", "trailers", "an extension of a chunk"],
)
def test_a_head_without_end_is_cut_off(service: Service, parts: list[bytes]):
    answer = talk(service, *parts)
    assert answer == b"" or answer.split()[1] in (b"400", b"431")  # or reset: it was not read
    assert service.client.get("/healthz").status_code == 200


def test_a_head_that_is_too_long_is_told_so(service: Service):
    answer = talk(service, b"GET /healthz HTTP/1.1\r\nX: " + b"a" * (MAX_HEAD_SIZE + 1))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert b"connection: close" in head.lower()
    assert b"a head of more than 32768 bytes" in body


@pytest.mark.parametrize(
    ("begun", "status"),
    [
        (b"", b"408"),
        (b"\r\n", b"408"),
        (b"GET /checkpoint HTT", b"408"),
        (b"GET /checkpoint HTTP/1.1\r\nHost: x\r\nX: ", b"408"),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /", b"200"),
    ],
)
def test_half_a_head_is_not_waited_for(impatient: Service, begun: bytes, status: bytes):
    began = time.monotonic()
    answer = talk(impatient, begun)
    assert answer.split()[1] == status
    assert time.monotonic() - began < 5


def test_a_head_that_drips_is_not_kept_by_its_drops(impatient: Service):
    drops = [bytes([one]) for one in b"GET /checkpoint HTTP/1.1\r\nHost: x"]
    assert talk(impatient, *drops, pause_s=PATIENCE_S / 10).split()[1:2] in ([b"408"], [])


def test_a_body_that_drips_behind_its_answer_is_cut_off(impatient: Service):
    drops = [b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n", *[b"a"] * 30]
    answer = talk(impatient, *drops, pause_s=PATIENCE_S / 5)
    assert answer.split()[1:2] in ([b"200"], [])


def test_a_client_that_comes_back_in_time_is_served(impatient: Service):
    again = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = talk(impatient, again, again, again + b"G", pause_s=PATIENCE_S / 3)
    assert answer.count(b"HTTP/1.1 200") == 3


def test_a_body_in_small_chunks_is_no_head(service: Service):
    chunks = b"1\r\na\r\n" * 40_000 + b"0\r\n\r\n"
    begun = BEGUN + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = talk(service, begun, chunks)
    assert answer.split()[1] in (b"400", b"422")


def test_beyond_the_limit_of_connections_a_client_is_told_when_to_come_back(
    service: Service, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(service.server._server.config, "limit_concurrency", 1)
    at = len(service.lines())
    for request in (
        b"GET /checkpoint HTTP/1.1\r\nHost: x\r\n\r\n",
        BEGUN + b"Content-Length: 3\r\n\r\nabc",
    ):
        head, _, body = talk(service, request).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: 2" in head.lower()
        assert b"application/problem+json" in head
        assert json.loads(body)["status"] == 503
    assert len(service.lines()) == at
    monkeypatch.undo()
    assert service.client.get("/healthz").status_code == 200


def deaf(service: Service, *requests: bytes) -> socket.socket:
    """Return a connection that asks and reads nothing of the answers."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
    connection.settimeout(10)
    connection.connect(("127.0.0.1", service.server.port))
    connection.sendall(b"".join(requests))
    return connection


def is_cut(connection: socket.socket, within_s: float) -> bool:
    """Return whether the other end gives a connection up, of which nothing is read."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("closing", [b"", b"Connection: close\r\n"], ids=["kept", "closing"])
def test_who_does_not_read_the_answer_is_cut_off(
    service: Service, monkeypatch: pytest.MonkeyPatch, closing: bytes
):
    monkeypatch.setattr("api.http.heads.UNREAD_S", PATIENCE_S)
    asked = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n"
    # More than the kernel takes for somebody: what is left waits in the process.
    with deaf(service, *[asked + b"\r\n"] * 40, asked + closing + b"\r\n") as connection:
        assert is_cut(connection, within_s=10)
    assert service.client.get("/healthz").status_code == 200


def test_who_reads_slowly_is_not_cut_off(service: Service, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("api.http.heads.UNREAD_S", PATIENCE_S)
    count = 12
    last = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    asked = last.replace(b"Connection: close\r\n", b"") * (count - 1) + last
    address = ("127.0.0.1", service.server.port)
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(asked)
        answer = b""
        while found := connection.recv(1 << 16):
            answer += found
            time.sleep(0.02)  # several looks go by
    assert answer.count(b"HTTP/1.1 200 OK") == count


def test_one_client_does_not_take_all_connections(
    service: Service, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(service.server._server.config, "limit_concurrency", 12)
    monkeypatch.setattr(service.server._server.config, "proxy_headers", False)
    address = ("127.0.0.1", service.server.port)
    with ExitStack() as held:
        for _ in range(12):  # fewer are taken: the fixture's client has one of its own, perhaps
            held.enter_context(socket.create_connection(address, timeout=10))
        refused = socket.create_connection(address, timeout=10)
        assert held.enter_context(refused).recv(65_536).startswith(b"HTTP/1.1 503 ")
        another = socket.create_connection(address, timeout=10, source_address=("127.0.0.2", 0))
        another.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert held.enter_context(another).recv(65_536).startswith(b"HTTP/1.1 200 ")
    assert settled(lambda: not heads._held["127.0.0.2"])


def settled(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not holds() and time.monotonic() < until:
        time.sleep(0.02)
    return holds()


LIMITS = """
import resource
from api.serving import room_for
resource.setrlimit(resource.RLIMIT_NOFILE, ({0}, {1}))
print(room_for(4_096), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(
    ("limits", "room"),
    [((256, 8_192), "4096 4352"), ((512, 1_024), "768 1024"), ((100, 100), "1 100")],
)
def test_as_many_connections_are_taken_as_there_are_descriptors(limits: tuple[int, int], room: str):
    script = LIMITS.format(*limits)
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.strip() == room
