"""Hostile requests get 4xx: nested, huge, slow, of the wrong type; nothing gets 500."""

import http.client
import socket
import time

import cbor2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from serving import COSE, SEQUENCE, Server, Service

from api.http import bodies
from api.http.bodies import Intake
from api.http.problems import OverloadedError

NESTED = {
    "arrays": b"\x81" * 60_000,
    "arrays of the most items": b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff" * 5_000,
    "maps": b"\xa1\x01" * 30_000,
    "tags": b"\xd2" * 60_000,
    "indefinite arrays": b"\x9f" * 60_000,
    "shared references": b"\xd8\x1c\x81\xd8\x1d\x00" * 100,
    "a bignum": b"\xc2\x59\xff\x00" + b"\xff" * 0xFF00,
    "a header nested deep": b"\xd2\x84\x59\xea\x60" + b"\x81" * 60_000 + b"\xa0\x40\x40",
    "a statement of numbers": cbor2.dumps(cbor2.CBORTag(18, [1, 2, 3, 4])),
    "a payload of null": cbor2.dumps(cbor2.CBORTag(18, [b"\xa1\x01\x27", {}, None, bytes(64)])),
}


@pytest.mark.parametrize("case", NESTED)
def test_hostile_cbor_is_refused(service: Service, case: str):
    began = time.monotonic()
    answer = service.client.post("/entries", content=NESTED[case], headers=COSE)
    assert answer.status_code == 400
    batch = service.client.post("/entries/batch", content=NESTED[case], headers=SEQUENCE)
    assert batch.status_code == 400 or "refusals" in batch.json()["statements"][0]
    assert time.monotonic() - began < 2


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    body=st.binary(max_size=200) | st.sampled_from(list(NESTED.values())),
    path=st.sampled_from(["/entries", "/entries/batch"]),
    media_type=st.sampled_from(["application/cose", "application/cbor-seq", "application/cbor"]),
)
def test_any_body_is_answered(service: Service, body: bytes, path: str, media_type: str):
    answer = service.client.post(path, content=body, headers={"content-type": media_type})
    assert answer.status_code in {200, 400, 413, 415, 422}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from(
        ["/v1/entries", "/v1/may-sell", "/v1/history", "/01/06901234500004", "/readyz"]
    ),
    query=st.binary(max_size=60).map(lambda raw: raw.decode("latin-1"))
    | st.text(alphabet="&=%+;#?linkTypecursor0123456789\x7f", max_size=60),
)
def test_any_query_string_is_answered(service: Service, path: str, query: str):
    raw = "".join(char for char in query if 0x20 < ord(char) < 0x7F)
    connection = http.client.HTTPConnection("127.0.0.1", service.server.port, timeout=10)
    connection.request("GET", f"{path}?{raw}")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status < 500


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    prefix=st.sampled_from(["/", "/01/", "/entries/", "/tile/", "/v1/entries/", "/v1/proofs/"]),
    rest=st.text(alphabet="%./\\0123456789abcdefxAZ-_~;:@&'\"<>{}|^`", max_size=40),
)
def test_any_path_is_answered(service: Service, prefix: str, rest: str):
    connection = http.client.HTTPConnection("127.0.0.1", service.server.port, timeout=10)
    connection.request("GET", prefix + rest)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status < 500


HEADERS = {
    "accept": ["*", "/", ";q=1", "text/html;q=x", "," * 1000, "a/b;q=9e9"],
    "accept-language": ["zh;q=-1", "*", ";" * 500, "en" * 900],
    "if-none-match": ['"', "W/", ",,,", "*" * 1000],
    "content-length": ["0"],
    "host": ["", "a:b:c", "evil.example/../x", "[::1"],
}


@pytest.mark.parametrize("name", HEADERS)
def test_any_header_is_answered(service: Service, name: str):
    for value in HEADERS[name]:
        for path in ("/v1/history?topic=a&subject=b", "/01/06901234500004", "/checkpoint"):
            answer = service.client.get(path, headers={name: value})
            assert answer.status_code < 500, (name, value, path)


def raw_exchange(server: Server, sent: list[bytes], *, pause_s: float = 0.0) -> bytes:
    """Send a request piece by piece and return everything that comes back until the end."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as link:
        for piece in sent:
            link.sendall(piece)
            time.sleep(pause_s)
        received = b""
        while chunk := link.recv(65_536):
            received += chunk
        return received


HEAD = b"POST /entries HTTP/1.1\r\nHost: a\r\nContent-Type: application/cose\r\n"


def test_a_body_that_does_not_come_is_not_waited_for(
    service: Service, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bodies, "PATIENCE_S", 0.2)
    monkeypatch.setitem(bodies.read_body.__wrapped__.__kwdefaults__, "patience_s", 0.2)
    received = raw_exchange(
        service.server, [HEAD + b"Content-Length: 1000\r\n\r\n", b"12345"], pause_s=0.05
    )
    assert received.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in received.lower()
    assert b"The request took too long" in received


def test_a_body_that_is_too_large_is_not_read_on(service: Service):
    declared = raw_exchange(service.server, [HEAD + b"Content-Length: 100000000\r\n\r\n"])
    assert declared.startswith(b"HTTP/1.1 413 ")
    chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    chunked = raw_exchange(service.server, [HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunk])
    assert chunked.startswith(b"HTTP/1.1 413 ")


def test_a_client_that_goes_away_leaves_the_service_whole(service: Service):
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", service.server.port), timeout=10) as link:
            link.sendall(HEAD + b"Content-Length: 1000\r\n\r\n123")
    deadline = time.monotonic() + 5
    while service.app.state.pinyuan.intake._free != bodies.IN_MEMORY:
        assert time.monotonic() < deadline, "room in memory was not given back"
        time.sleep(0.02)
    assert service.post(service.statement("after those who left")).status_code == 201
    assert "fault" not in {line["event"] for line in service.lines()[-7:]}


def test_bodies_share_a_bounded_memory(service: Service, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(service.app.state.pinyuan.intake, "_free", 100)
    answer = service.post(service.statement("x" * 200))
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert service.app.state.pinyuan.intake._free == 100
    intake = Intake(10)
    intake.take(10)
    with pytest.raises(OverloadedError):
        intake.take(1)
    intake.give_back(1)
    intake.take(1)
