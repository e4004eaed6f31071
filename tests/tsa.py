"""A timestamp authority of our own (RFC 3161): its certificates, its clock, and what it does wrong."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
SHA256, ECDSA = "2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2"
SIGNED_DATA, TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"


def der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(size))) + size + body


def sequence(*parts: bytes) -> bytes:
    return der(0x30, *parts)


def integer(value: int) -> bytes:
    return der(0x02, value.to_bytes(value.bit_length() // 8 + 1))


def oid(text: str) -> bytes:
    first, second, *rest = map(int, text.split("."))
    body = bytearray()
    for value in (first * 40 + second, *rest):
        digits = [value & 0x7F]
        while value := value >> 7:
            digits.append(0x80 | value & 0x7F)
        body += bytes(reversed(digits))
    return der(0x06, bytes(body))


def parts_of(raw: bytes) -> list[tuple[int, bytes]]:
    """Return what a sequence's body has: tag and body of each."""
    found = []
    while raw:
        tag, size, raw = raw[0], raw[1], raw[2:]
        if size & 0x80:
            size, raw = int.from_bytes(raw[: size & 0x7F]), raw[size & 0x7F :]
        found.append((tag, raw[:size]))
        raw = raw[size:]
    return found


def _certificate(name: str, key, issuer, issuer_key, purpose, until: datetime):
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder(called if issuer is None else issuer, called, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGAN)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=purpose is None, path_length=None), critical=True)
    )
    if purpose is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
    return builder.sign(issuer_key, hashes.SHA256())


@dataclass
class Authority:
    """A root, and the key and certificate that timestamps are signed with."""

    root: x509.Certificate
    own: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    now: datetime
    bend: Callable[[bytes], bytes] = field(default=lambda raw: raw)
    disordered: bool = False
    """Whether it sends its certificates in another order than DER has them."""

    @classmethod
    def made(
        cls,
        *,
        purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING,
        now: datetime,
        until: datetime | None = None,
    ) -> "Authority":
        root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        ends = until or BEGAN + timedelta(days=3_650)
        root = _certificate("Test root", root_key, None, root_key, None, ends)
        own = _certificate("Test TSA", key, root.subject, root_key, purpose, ends)
        return cls(root, own, key, now)

    def at(self, now: datetime) -> "Authority":
        return replace(self, now=now)

    def pem(self) -> bytes:
        return self.root.public_bytes(Encoding.PEM)

    def reply(self, request: bytes) -> bytes:
        """Return what it answers: a TimeStampResp."""
        ((_, body),) = parts_of(request)
        _, (_, imprint), *rest = parts_of(body)
        nonce = next(value for tag, value in rest if tag == 0x02)
        info = sequence(
            integer(1),
            oid("1.3.6.1.4.1.57264.2"),
            der(0x30, imprint),
            integer(4711),
            der(0x18, self.now.strftime("%Y%m%d%H%M%SZ").encode()),
            sequence(integer(1)),
            der(0x02, nonce),
        )
        return self.bend(sequence(sequence(integer(0)), self._signed(info)))

    def _certificates(self) -> list[bytes]:
        """Return the certificates that it sends: its own, or both where the order is to be wrong."""
        own, root = (one.public_bytes(Encoding.DER) for one in (self.own, self.root))
        return sorted((own, root), reverse=True) if self.disordered else [own]

    def _signed(self, info: bytes) -> bytes:
        """Return the CMS that signs a TSTInfo."""
        raw = self.own.public_bytes(Encoding.DER)
        issuer = self.own.issuer.public_bytes()
        digest = sequence(oid(SHA256))
        attributes = sorted(
            (
                sequence(oid(CONTENT_TYPE), der(0x31, oid(TST_INFO))),
                sequence(oid(DIGEST), der(0x31, der(0x04, sha256(info).digest()))),
                sequence(
                    oid(CERTIFICATE_V2),
                    der(0x31, sequence(sequence(sequence(der(0x04, sha256(raw).digest()))))),
                ),
            )
        )
        signature = self.key.sign(der(0x31, *attributes), ec.ECDSA(hashes.SHA256()))
        signer = sequence(
            integer(1),
            sequence(issuer, integer(self.own.serial_number)),
            digest,
            der(0xA0, *attributes),
            sequence(oid(ECDSA)),
            der(0x04, signature),
        )
        content = sequence(oid(TST_INFO), der(0xA0, der(0x04, info)))
        data = sequence(
            integer(3),
            der(0x31, digest),
            content,
            der(0xA0, *self._certificates()),
            der(0x31, signer),
        )
        return sequence(oid(SIGNED_DATA), der(0xA0, data))


@contextmanager
def served(authority: Authority) -> Iterator[str]:
    """Serve an authority; return its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            raw = authority.reply(body)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsr"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
