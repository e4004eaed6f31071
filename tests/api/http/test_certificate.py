"""The certificate shown over TLS is renewed while it is served; a wrong one changes nothing."""

import json
import shutil
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from client.test_transport import certificate
from cosigning.parties import end, start, until
from serving import free_port, settle
from world import World

from api.http.certificate import Certificate
from ledger.errors import UsageError


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    """Return the file that certificate and key are served from."""
    return certificate(tmp_path)[1]


def renewed(tmp_path: Path, pem: Path, **how: object) -> Path:
    """Put another certificate and key in the place of those that are there."""
    _, other = certificate(tmp_path, name="renewed.pem", **how)
    kept = Path(shutil.copy(other, tmp_path / "authority.pem"))
    other.replace(pem)
    return kept


def shown(address: tuple[str, int]) -> bytes:
    """Return the certificate that a handshake is answered with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(address, 10) as raw, context.wrap_socket(raw) as connection:
        return connection.getpeercert(binary_form=True)


def serial_of(pem: Path) -> bytes:
    return ssl.PEM_cert_to_DER_cert(pem.read_text().partition("-----BEGIN PRIVATE")[0])


@contextmanager
def handshaking(found: Certificate) -> Iterator[tuple[str, int]]:
    """Take connections with a certificate's context, as long as this lasts."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            while True:
                try:
                    raw, _ = listener.accept()
                except OSError:
                    return
                with raw, found.context.wrap_socket(raw, server_side=True) as connection:
                    connection.recv(1)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def test_each_handshake_takes_the_newest(tmp_path: Path, pem: Path):
    found = Certificate(pem, pem)
    with handshaking(found) as address:
        before = shown(address)
        assert before == serial_of(pem)
        assert found.look() is None
        renewed(tmp_path, pem, ends=timedelta(days=90))
        assert found.look() is None, "files that were just written may not be all of them"
        assert shown(address) == before
        assert found.look().startswith("a new certificate is shown, until 20")
        assert shown(address) == serial_of(pem) != before
    assert found.why_not() is None


WRONG: dict[str, Callable[[Path], None]] = {
    "no certificate": lambda pem: pem.write_text("nothing"),
    "nothing at all": lambda pem: pem.unlink(),
    "a certificate without its key": lambda pem: pem.write_text(
        pem.read_text().partition("-----BEGIN PRIVATE")[0]
    ),
    "a certificate with another's key": lambda pem: pem.write_text(
        pem.read_text().partition("-----BEGIN PRIVATE")[0]
        + "".join(
            certificate(pem.parent, name="other.pem")[1]
            .read_text()
            .partition("-----BEGIN PRIVATE")[1:]
        )
    ),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_one_keeps_the_old_and_says_so_once(
    wrong: Callable[[Path], None], tmp_path: Path, pem: Path
):
    found = Certificate(pem, pem)
    before = serial_of(pem)
    with handshaking(found) as address:
        wrong(pem)
        said = [found.look() for _ in range(5)]
        assert [item is not None for item in said] == [False, True, False, False, False]
        assert (
            "not a certificate in PEM with its key, unencrypted: the one before is shown" in said[1]
        )
        assert found.refused is not None
        assert shown(address) == before
        renewed(tmp_path, pem)
        assert found.look(at_once=True).startswith("a new certificate is shown")
        assert found.refused is None
        assert shown(address) == serial_of(pem)


def test_its_end_is_said(tmp_path: Path):
    _, pem = certificate(tmp_path, ends=timedelta(hours=-1))
    found = Certificate(pem, pem)
    assert found.why_not().startswith("the certificate ended at 20")
    with pytest.raises(UsageError, match="not a certificate"):
        Certificate(tmp_path / "nowhere", pem)


def figures(client: httpx.Client) -> dict[str, float]:
    lines = (line for line in client.get("/metrics").text.splitlines() if line[0] != "#")
    return {line.partition("{")[0]: float(line.rpartition(" ")[2]) for line in lines}


@pytest.mark.parametrize("how", ["by itself", "at SIGHUP"])
def test_a_service_is_renewed_and_keeps_its_connections(
    how: str, world: World, tmp_path: Path, pem: Path
):
    home, port, kept = settle(world), free_port(), Path(shutil.copy(pem, tmp_path / "first.pem"))
    process = start("serve", "--dir", home, "--port", port, "--tls-cert", pem, "--tls-key", pem)
    up = json.loads(process.stderr.readline())
    assert up["event"] == "serving"
    assert up["url"] == f"https://127.0.0.1:{port}"
    address, url = ("127.0.0.1", port), up["url"]
    trusted = ssl.create_default_context(cafile=str(kept))
    limits = httpx.Limits(max_connections=1)
    with httpx.Client(base_url=url, verify=trusted, limits=limits) as client:
        first = figures(client)
        if how == "at SIGHUP":
            process.send_signal(signal.SIGHUP)  # nothing is new
        authority = renewed(tmp_path, pem, ends=timedelta(days=90))
        if how == "at SIGHUP":
            process.send_signal(signal.SIGHUP)
        until(lambda: shown(address) == serial_of(pem), seconds=20)
        # Its certificate verifies against the first one alone: the connection is the old one.
        ends = "pinyuan_certificate_end_seconds"
        until(lambda: figures(client)[ends] != first[ends], seconds=20)  # figures lie a second
        later = figures(client)
        assert client.get("/readyz").json()["checks"]["certificate"] == "ok"
    assert first["pinyuan_certificate_refused"] == later["pinyuan_certificate_refused"] == 0
    assert (
        later["pinyuan_certificate_end_seconds"] - first["pinyuan_certificate_end_seconds"] > 86_400
    )
    again = ssl.create_default_context(cafile=str(authority))
    with httpx.Client(base_url=url, verify=again) as client:
        assert client.get("/healthz").status_code == 200
    process.terminate()
    out, said = end(process, kill=False)
    assert process.returncode == 0, (out, said)
    events = [json.loads(line) for line in said.splitlines()]
    (told,) = [item["said"] for item in events if item["event"] == "certificate"]
    assert told.startswith("a new certificate is shown")
