"""The database's connection is cut at COMMIT, over HTTP: unknown is told, sent again it is there once."""

import io
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from conftest import new_database
from cosigning.parties import start
from cutting import Moment, Proxy, proxied
from serving import COSE, Server, settle
from world import BRAND, ORIGIN, World

from api.app import create_app
from ledger.cose.receipt import verify_receipt
from ledger.signer import log_public_key
from ledger.statements.envelope import parse_statement

WAYS = [
    ("entries", "before"),
    ("entries", "after"),
    ("checkpoints", "before"),
    ("checkpoints", "after"),
]


@pytest.fixture(scope="module")
def cut(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple]:
    """Return a world, a proxy before its database, and a service behind the proxy."""
    world = World(tmp_path_factory.mktemp("cut"), new_database(postgres))
    world.party("brand", BRAND)
    with (
        tempfile.TemporaryDirectory(prefix="cut-") as short,
        proxied(world.url, Path(short)) as proxy,
    ):
        world.url, direct = proxy.url, world.url
        app = create_app(settle(world), log_to=io.BytesIO())
        world.url = direct
        server = Server(app)
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=20) as client:
            yield world, proxy, client
        server.stop()
    world.log.engine.dispose()


def submitted_until_answered(client: httpx.Client, raw: bytes) -> tuple[list[int], bytes]:
    """Submit the same bytes until there is a receipt; return the statuses, and it."""
    statuses: list[int] = []
    deadline = time.monotonic() + 20
    while True:
        answer = client.post("/entries", content=raw, headers=COSE)
        statuses.append(answer.status_code)
        if answer.status_code == 201:
            return statuses, answer.content
        assert answer.status_code == 503, answer.content
        assert int(answer.headers["retry-after"]) >= 1
        assert time.monotonic() < deadline, "it never came to be registered"
        time.sleep(0.05)


@pytest.mark.parametrize(("table", "moment"), WAYS)
def test_a_statement_whose_commit_was_cut_is_registered_exactly_once(
    cut: tuple[World, Proxy, httpx.Client], table: str, moment: Moment
):
    world, proxy, client = cut
    raw, before, cuts = world.reading(f"{table} {moment}"), world.check().size, proxy.cuts
    proxy.arm(table, moment)
    first = client.post("/entries", content=raw, headers=COSE)
    assert first.status_code == 503, "nobody knows what became of it"
    assert proxy.cuts == cuts + 1
    said = parse_statement(raw)
    there = (table, moment) != ("entries", "before")
    known = client.get(f"/entries/{said.id.hex()}").status_code
    assert known in ({200, 204} if there else {404})
    statuses, receipt = submitted_until_answered(client, raw)
    assert len(statuses) <= 2, statuses
    report = world.check()
    assert report.size == before + 2, "the statement once, and its seal"
    found = verify_receipt(receipt, said.leaf, log_public_key(world.log.vkey), ORIGIN)
    assert found.index == before
    assert submitted_until_answered(client, raw) == ([201], receipt)
    assert client.get(f"/entries/{said.id.hex()}").content == receipt
    assert client.get("/readyz").json()["status"] == "ready"
    assert world.check() == report


@pytest.mark.parametrize("moment", ["before", "after"])
def test_the_command_asks_again_by_itself(
    cut: tuple[World, Proxy, httpx.Client],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    moment: Moment,
):
    world, proxy, client = cut
    monkeypatch.setenv("PINYUAN_STATE", str(tmp_path / "state"))
    path, before = tmp_path / "late.cose", world.check().size
    path.write_bytes(world.reading(f"by the command, cut {moment}"))
    proxy.arm("entries", moment)
    words = ["register", path, "--server", client.base_url, "--trust-on-first-use"]
    process = start(*words, "--receipts", tmp_path / "receipts")
    out, said = process.communicate(timeout=60)
    assert process.returncode == 0, out + said
    assert f"entry {before}" in out, out
    assert world.check().size == before + 2
    assert len(list((tmp_path / "receipts").iterdir())) == 1


def test_a_client_that_only_waits_gets_the_receipt_of_a_batch_that_was_left_unsigned(
    cut: tuple[World, Proxy, httpx.Client],
):
    world, proxy, client = cut
    raw, before = world.reading("waiting"), world.check().size
    proxy.arm("entries", "after")
    assert client.post("/entries", content=raw, headers=COSE).status_code == 503
    deadline = time.monotonic() + 10
    while (answer := client.get(f"/entries/{parse_statement(raw).id.hex()}")).status_code != 200:
        assert answer.status_code == 204, "it is committed"
        assert time.monotonic() < deadline, "nobody signs it"
        time.sleep(0.1)
    assert submitted_until_answered(client, raw) == ([201], answer.content)
    assert world.check().size == before + 2
