"""``pinyuan serve`` in processes: it stops as it should, and takes nobody down or leaves anybody behind."""

import base64
import json
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from socket import AF_UNIX, SOCK_DGRAM, create_connection, create_server, socket

import httpx
import pytest
import scitt_cose
from client.test_transport import certificate
from conftest import ROOT, new_database
from cosigning.parties import start, until
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from serving import COSE, free_port
from sqlalchemy.engine import make_url

from ledger.cose import cbor
from ledger.cose.keys import PrivateKey
from ledger.settings import read_settings
from ledger.signer import read_key
from ledger.statements.envelope import parse_statement, sign_statement
from ledger.store.engine import make_engine
from ledger.store.reads import reading
from ledger.writing.opening import open_log

PASSPHRASE, PASSWORD = "offen-sesam-2026", "db-geheim-2026"
PEM = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
OPERATOR, BRAND = "did:web:op.example", "did:web:brand.example"

ORPHAN = """
import multiprocessing, signal, sys, time
from api.serving import _end_with_parent

def serve(path):
    def stopped(*_):
        open(path, "w").write("drained")
        sys.exit(0)
    signal.signal(signal.SIGTERM, stopped)
    _end_with_parent()
    print("serving", flush=True)
    time.sleep(60)

if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=serve, args=sys.argv[1:])
    process.start()
    process.join()
"""


def test_a_worker_whose_parent_was_killed_drains_and_ends(tmp_path: Path):
    program, drained = tmp_path / "parent.py", tmp_path / "drained"
    program.write_text(ORPHAN)
    with subprocess.Popen(
        [sys.executable, program, drained],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout.readline() == "serving\n"
        parent.send_signal(signal.SIGKILL)
        deadline = time.monotonic() + 10
        while not drained.exists():
            assert time.monotonic() < deadline, "it serves on"
            time.sleep(0.02)


def run(*words: object, code: int = 0) -> str:
    process = start(*words)
    out, said = process.communicate(timeout=60)
    assert process.returncode == code, out + said
    return out + said


class Host:
    """A ledger as a newcomer makes it, with every secret there is, served over TLS."""

    def __init__(self, folder: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.directory = folder, folder / "ledger"
        self.port = free_port()
        _, self.pem = certificate(folder)
        (folder / "passphrase").write_text(f"{PASSPHRASE}\n")
        url = make_url(database).set(password=PASSWORD)
        (folder / "db").write_text(url.render_as_string(hide_password=False))
        monkeypatch.setenv("PINYUAN_DB_FILE", str(folder / "db"))
        monkeypatch.setenv("PINYUAN_PASSPHRASE_FILE", str(folder / "passphrase"))
        monkeypatch.setenv("PINYUAN_DIR", str(self.directory))
        run("init", "--operator", OPERATOR, "--origin", "ledger.example/serving")
        self.settings = read_settings(self.directory)
        run("key", "new", folder / "brand.pem")
        self.brand: PrivateKey = read_key(folder / "brand.pem", PASSPHRASE.encode())
        (folder / "brand.json").write_text(
            '{"names": {"en": "B"}, "country": "DE", "roles": ["brand"]}'
        )
        party = ["sign", "party", folder / "brand.json", "--subject", BRAND]
        run(*party, "--bind", folder / "brand.pem", "-o", folder / "party.cose")
        run("register", folder / "party.cose")
        self.client = self.another_client()

    def another_client(self) -> httpx.Client:
        context = ssl.create_default_context(cafile=str(self.pem))
        return httpx.Client(base_url=f"https://127.0.0.1:{self.port}", timeout=20, verify=context)

    def serve(self, *more: object) -> subprocess.Popen:
        words = ["serve", "--port", self.port, "--tls-cert", self.pem, "--tls-key", self.pem]
        process = start(*words, *more)

        def ready() -> bool:
            assert process.poll() is None, process.communicate()
            try:
                return self.client.get("/readyz").status_code == 200
            except httpx.TransportError:
                return False

        until(ready, seconds=60)
        return process

    def statement(self, text: str) -> bytes:
        return sign_statement(
            self.brand,
            text.encode(),
            issuer=BRAND,
            subject="urn:x:1",
            issued_at=int(time.time()),
            audience=None,
            content_type="text/plain",
        )

    def secrets(self) -> dict[str, bytes]:
        """Return what nobody may read anywhere, by name."""
        found = {"passphrase": PASSPHRASE.encode(), "password": PASSWORD.encode()}
        for path in (self.settings.log_key, self.settings.operator_key):
            seed = read_key(path, PASSPHRASE.encode()).pem()
            found[path.name] = seed.splitlines()[1]
            raw = base64.b64decode(seed.splitlines()[1])[-32:]
            found[f"{path.name} in hex"] = raw.hex().encode()
        return found


@pytest.fixture
def host(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    made = Host(tmp_path, new_database(postgres), monkeypatch)
    yield made
    made.client.close()


class Load:
    """Clients that submit until they are not answered any more; who was told what."""

    def __init__(self, host: Host, clients: int) -> None:
        self.told: dict[bytes, bytes] = {}
        self.others: list[int] = []
        self.unanswered: list[float] = []
        self._threads = [
            threading.Thread(target=self._submit, args=(host, number)) for number in range(clients)
        ]
        for thread in self._threads:
            thread.start()

    def _submit(self, host: Host, number: int) -> None:
        with host.another_client() as client:
            for count in range(10_000):
                raw = host.statement(f"{number} {count}")
                try:
                    answer = client.post("/entries", content=raw, headers=COSE)
                except httpx.TransportError:
                    self.unanswered.append(time.monotonic())
                    return
                if answer.status_code == 201:
                    self.told[raw] = answer.content
                else:
                    self.others.append(answer.status_code)

    def join(self) -> None:
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()


def test_a_service_under_load_drains_and_says_no_secret(host: Host):
    process = host.serve()
    asked = [host.client.get(path) for path in ("/metrics", "/readyz", "/openapi.json", "/nowhere")]
    asked.append(host.client.post("/entries", content=b"x", headers=COSE))
    (key,) = cbor.decode(host.client.get("/.well-known/scitt-keys").content, "key set")
    host.client.close()  # an idle TLS connection is closed by both ends, or at the end of the drain
    load = Load(host, 4)
    until(lambda: len(load.told) > 20)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=35)
    load.join()
    assert time.monotonic() - began < 10, "it drains, and does not wait for nothing"

    assert process.returncode == 0, said
    assert len(load.unanswered) == 4, "every client was let go of"
    assert set(load.others) <= {503}
    up, *lines = map(json.loads, said.splitlines())
    assert up["event"] == "serving"
    assert all(line["event"] == "request" for line in lines), said
    accepted = sum(line["status"] == 201 for line in lines)
    assert accepted == len(load.told), "an answer was lost on its way"

    verified = run("verify", "ledger", "--replay")
    everything = "\n".join([said, verified, *(answer.text for answer in asked)]).encode()
    everything += (host.directory / "pinyuan.toml").read_bytes()
    for name, secret in host.secrets().items():
        assert secret not in everything, name

    pem = Ed25519PublicKey.from_public_bytes(key[-2]).public_bytes(*PEM)
    engine = make_engine(host.settings.database_url)
    log = open_log(engine, anchor_path=host.settings.anchor)
    with reading(engine) as snapshot:
        places = snapshot.by_id([parse_statement(raw).id for raw in load.told])
    receipts = log.receipts([index for index, _ in places.values()])
    engine.dispose()
    for raw, receipt in load.told.items():
        statement = parse_statement(raw)
        assert receipts[places[statement.id][0]] == receipt
        assert scitt_cose.verify_receipt(
            receipt, leaf_entry_hex=statement.leaf.hex(), log_public_key_pem=pem
        ).ok


def test_what_keeps_it_from_starting_is_one_sentence(host: Host, tmp_path: Path):
    wrong = tmp_path / "wrong"
    wrong.write_text("another passphrase\n")
    none = tmp_path / "none.pem"
    none.write_text("no certificate")
    with create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        cases = {
            ("--passphrase-file", wrong): "the passphrase is wrong",
            ("--passphrase-file", tmp_path / "nowhere"): "No such file",
            ("--tls-cert", none, "--tls-key", none): "not a certificate in PEM with its key",
            ("--tls-cert", host.pem): "--tls-cert and --tls-key go together",
            ("--port", port): f"127.0.0.1:{port}: Address already in use",
        }
        for words, sentence in cases.items():
            said = run("serve", *words, code=2 if "go together" in sentence else 1)
            assert sentence in said
            assert len(said.splitlines()) == 1, said
            assert "another passphrase" not in said
    host.settings.log_key.unlink()
    run("key", "new", host.settings.log_key)
    said = run("serve", "--port", host.port, code=1)
    assert said == (
        "pinyuan: the log key given is not the one genesis of ledger.example/serving names\n"
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_it_says_that_it_is_up_when_it_is(
    workers: int, host: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """One line with all that is served, READY=1 to a supervisor, and connections are taken from then on."""
    notified = socket(AF_UNIX, SOCK_DGRAM)
    notified.bind(str(tmp_path / "notify"))
    notified.settimeout(60)
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    more = [] if workers == 1 else ["--workers", workers]
    words = ["--port", host.port, "--tls-cert", host.pem, "--tls-key", host.pem]
    process = start("serve", *words, *more)
    ready, _, status = notified.recv(4_096).decode().partition("\n")
    create_connection(("127.0.0.1", host.port), 5).close()
    assert host.client.get("/healthz").status_code == 200
    said = json.loads(process.stderr.readline())
    url = f"https://127.0.0.1:{host.port}"
    sentence = f"serving ledger.example/serving at {url}: 4 entries, postgresql"
    assert said.pop("time")
    assert said == {
        "event": "serving",
        "said": sentence,
        "url": url,
        "origin": "ledger.example/serving",
        "entries": 4,
        "database": "postgresql",
        "workers": workers,
    }
    assert (ready, status) == ("READY=1", f"STATUS={sentence}")
    processes = _processes(host, workers)
    process.send_signal(signal.SIGHUP)
    time.sleep(0.7)
    assert _processes(host, workers) == processes, "a hangup ends nobody"
    host.client.close()
    process.terminate()
    assert notified.recv(4_096) == b"STOPPING=1"
    _, rest = process.communicate(timeout=35)
    assert process.returncode == 0, rest
    assert {json.loads(line)["event"] for line in rest.splitlines()} <= {"request"}
    notified.close()


def _processes(host: Host, count: int) -> set[str]:
    """Return the first so many processes that answer new connections."""
    found: set[str] = set()

    def another() -> bool:
        with host.another_client() as client:
            text = client.get("/metrics").text
        found.add(text.partition('process="')[2].partition('"')[0])
        return len(found) >= count

    until(another, seconds=30)
    return found
