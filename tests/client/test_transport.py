"""HTTP to one server: nothing unbounded, nothing followed, nothing believed of the way there."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from client.serving import CUT, Reply, Service
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ledger.client.transport import Server, problem, retry_after_s
from ledger.cose import cbor
from ledger.errors import ServerError, UsageError
from ledger.primitives.exchange import Answer, LostError

Talk = Callable[[socket.socket], None]


@contextmanager
def listening(talk: Talk, *, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """Answer every connection by a function, raw; yield the port's address."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with suppress(OSError):
                if context is not None:
                    connection = context.wrap_socket(connection, server_side=True)
                connection.recv(65_536)
                talk(connection)
            connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_a_redirect_is_not_followed(service: Service):
    service.before.append(
        lambda r: (
            Reply(302, headers={"Location": "http://127.0.0.1:1/"})
            if r.path == "/checkpoint"
            else None
        )
    )
    with pytest.raises(ServerError, match=r"redirected to 'http://127.0.0.1:1/', which is not"):
        Server(service.url).get("/checkpoint", limit=100)
    assert len(service.seen) == 1


def test_an_answer_larger_than_what_belongs_there_is_not_read(service: Service):
    service.before.append(lambda _: Reply(200, b"x" * 200_000))
    with pytest.raises(ServerError, match="more than 100 bytes"):
        Server(service.url).get("/checkpoint", limit=100)


def test_an_endless_one_is_not_either():
    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"4000\r\n" + b"x" * 0x4000 + b"\r\n")

    with listening(endless) as address, pytest.raises(ServerError, match="more than 100000"):
        Server(f"http://{address}").once("GET", "/", limit=100_000)


@pytest.mark.parametrize(
    "said",
    [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", b"??\r\n"],
    ids=["nothing", "half a head", "half a body", "no HTTP"],
)
def test_half_an_answer_is_none(said: bytes):
    with (
        listening(lambda connection: connection.sendall(said)) as address,
        pytest.raises(LostError, match="no answer"),
    ):
        Server(f"http://{address}").once("GET", "/", limit=100)


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"])
def test_a_server_that_drips_is_cut_off(head: bytes):
    def drip(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(100):
            connection.sendall(b"H")
            time.sleep(0.05)

    started = time.monotonic()
    with listening(drip) as address, pytest.raises(LostError):
        Server(f"http://{address}", exchange_s=0.3).once("GET", "/", limit=200)
    assert time.monotonic() - started < 2


def test_a_handshake_that_drips_is_cut_off():
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"\x16\x03\x03\x40\x00")  # a TLS record of 16 KiB, never whole
        for _ in range(100):
            connection.sendall(b"\0")
            time.sleep(0.05)

    started = time.monotonic()
    with (
        listening(drip) as address,
        pytest.raises(LostError, match=r"no whole answer within 0.3 s"),
    ):
        Server(f"https://{address}", exchange_s=0.3).once("GET", "/", limit=200)
    assert time.monotonic() - started < 2


def test_a_lost_get_is_asked_again_a_few_times(service: Service):
    cuts = iter([CUT, CUT])
    service.before.append(lambda _: next(cuts, None))
    with closing(Server(service.url)) as server:
        assert server.get("/checkpoint", limit=10_000).status == 200
    service.before.append(lambda _: CUT)
    with pytest.raises(ServerError, match="no answer"):
        Server(service.url, patience_s=0.5).get("/checkpoint", limit=10_000)


def test_nobody_there_is_said_quickly():
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    started = time.monotonic()
    with pytest.raises(ServerError, match="Connection refused"):
        Server(f"http://127.0.0.1:{port}").require("/checkpoint", limit=100)
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("url", "warns"),
    [
        ("http://127.0.0.1:8080", False),
        ("http://localhost", False),
        ("http://[::1]:80/ledger/", False),
        ("https://ledger.example", False),
        ("http://ledger.example", True),
        ("http://10.0.0.1", True),
    ],
)
def test_plain_http_is_for_loopback_or_said(url: str, *, warns: bool):
    server = Server(url)
    assert (server.warning is not None) == warns
    assert server.url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "ledger.example",
        "ftp://ledger.example",
        "https://",
        "https://a:b@ledger.example",
        "https://ledger.example?x=1",
        "https://ledger.example#x",
        "https://ledger.example:port",
        "https://[::1",
    ],
)
def test_what_is_no_address_is_refused(url: str):
    with pytest.raises(UsageError, match="--server"):
        Server(url)


def certificate(
    folder: Path, *, name: str = "tls.pem", ends: timedelta = timedelta(days=1)
) -> tuple[ssl.SSLContext, Path]:
    """Return a server's context with a certificate for 127.0.0.1 that signs itself, and its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "ledger")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + ends)
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / name
    pem.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context, pem


def test_a_certificate_must_verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    context, pem = certificate(tmp_path)

    def hello(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")

    with listening(hello, context=context) as address:
        server = Server(f"https://{address}")
        with pytest.raises(ServerError, match="its certificate does not verify"):
            server.get("/", limit=100)
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        trusting = Server(f"https://{address}")
        assert trusting.get("/", limit=100).body == b"hello"
        trusting.close()
        with pytest.raises(ServerError, match="its certificate does not verify"):
            Server(f"https://localhost:{address.partition(':')[2]}").get("/", limit=100)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (
            Answer(
                422,
                {"content-type": "application/concise-problem-details+cbor"},
                cbor.encode({-1: "Refused", -2: "role: no\x1b[31m brand"}),
            ),
            "role: no [31m brand",
        ),
        (
            Answer(400, {"content-type": "application/problem+json"}, b'{"title":"Malformed"}'),
            "Malformed",
        ),
        (Answer(502, {"content-type": "text/html"}, b"<h1>Bad"), "Bad Gateway"),
        (Answer(400, {"content-type": "application/problem+json"}, b"{"), "Bad Request"),
        (Answer(418, {"content-type": "application/problem+json"}, b"[]"), "I'm a Teapot"),
    ],
    ids=["RFC 9290, without control characters", "RFC 9457", "a proxy's page", "broken", "a list"],
)
def test_what_a_problem_says(answer: Answer, says: str):
    assert problem(answer) == says


@pytest.mark.parametrize(
    ("value", "wait_s"),
    [("3", 3), ("0", 0), ("9999", 30), ("-1", 0.5), ("Wed, 21 Oct 2026 07:28:00 GMT", 0.5)],
)
def test_retry_after_is_bounded(value: str, wait_s: float):
    assert retry_after_s(Answer(503, {"retry-after": value}, b""), 0.5) == wait_s
