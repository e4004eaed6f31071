"""Verifying needs the base install only: no database library, no network."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from serving import Server, settle
from world import BRAND, World

from api.app import create_app
from ledger.answering.prover import prove
from ledger.evidence.bundle import encode_bundle
from ledger.files.archive import export
from ledger.settings import read_settings
from ledger.store.ledger_reader import DatabaseReader
from ledger.writing.backup import back_up

BLOCKED = ("sqlalchemy", "alembic", "psycopg", "pysqlite3", "sqlite3", "fastapi", "httpx")
_BLOCKER = f"""
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {BLOCKED}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name.partition(".")[0])

sys.meta_path.insert(0, Blocker())
"""
NO_NETWORK = """
def no_network(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind"):
        raise RuntimeError(f"the network was asked for: {event}")

sys.addaudithook(no_network)
"""
RUN = """
from ledger.cli.main import main
main()
"""
SCRIPT = _BLOCKER + NO_NETWORK + RUN


def without_server(
    *words: object, folder: Path, before: str = NO_NETWORK
) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", _BLOCKER + before + RUN, *map(str, words)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def evidence(world: World) -> Path:
    """Return a folder with a bundle, a receipt, an export, a backup and a trust file."""
    world.party("brand", BRAND)
    statement = world.reading("4.5")
    outcome = world.accept(statement)
    bundle = prove(world.log, "history", {"topic": "generic", "subject": "urn:x:1"})
    (world.folder / "bundle.json").write_bytes(encode_bundle(bundle))
    (world.folder / "s.cose").write_bytes(statement)
    (world.folder / "s.receipt.cbor").write_bytes(world.log.receipt(outcome.index))
    reader = DatabaseReader(world.url)
    export(reader, world.folder / "export")
    reader.close()
    settings = read_settings(settle(world), {})
    back_up(world.log, settings, world.folder / "backup", now_us=world.now_us, workers=1)
    (world.folder / "trust.txt").write_text(f"log {world.log.vkey}\nquorum none\n")
    return world.folder


@pytest.mark.parametrize(
    "words",
    [
        [
            "verify",
            "bundle",
            "bundle.json",
            "--trust",
            "trust.txt",
            "--now",
            "2026-09-22T00:00:00Z",
        ],
        [
            "pdf",
            "bundle",
            "bundle.json",
            "--trust",
            "trust.txt",
            "--now",
            "2026-09-22T00:00:00Z",
            "-o",
            "answer.pdf",
        ],
        ["verify", "receipt", "s.receipt.cbor", "s.cose", "--trust", "trust.txt"],
        ["verify", "checkpoint", "export/checkpoint", "--trust", "trust.txt", "--export", "export"],
        ["verify", "export", "export", "--trust", "trust.txt", "--replay"],
        ["verify", "backup", "backup", "--trust", "trust.txt"],
        ["key", "new", "fresh.pem"],
        ["--help"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_it_runs_without_the_server_extra_and_without_network(evidence: Path, words: list[str]):
    done = without_server(*words, folder=evidence)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_what_needs_a_database_says_so(tmp_path: Path):
    done = without_server("init", "--operator", BRAND, folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "pinyuan: this command needs a database: pip install 'pinyuan[server]'\n"
    assert not (tmp_path / "pinyuan-ledger").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("search", BRAND),
        ("show", "1"),
        ("history", "identity", BRAND),
        ("expiring", BRAND, "--days", "30"),
    ],
    ids=lambda words: words[0],
)
def test_what_a_server_is_asked_needs_none_here(
    world: World, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
):
    world.party("brand", BRAND)
    monkeypatch.setenv("PINYUAN_STATE", str(world.folder / "state"))
    trust = world.folder / "trust.txt"
    trust.write_text(f"log {world.log.vkey}\nquorum none\nmax-age 3153600000\n")
    server = Server(create_app(settle(world), log_to=io.BytesIO(), ask_witnesses=False))
    there = ("--server", f"http://127.0.0.1:{server.port}", "--trust", trust)
    try:
        done = without_server(*words, *there, folder=world.folder, before="")
    finally:
        server.stop()
    assert done.returncode in (0, 1), done.stderr
    assert "needs a database" not in done.stderr
    assert done.stdout
