"""A mirror that is served: it shows what its source shows, takes nothing, and says where to go."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from conftest import ROOT
from serving import COSE, Server, settle, story
from tea import GTIN
from world import BRAND, TRADER, World

from api.app import create_app

SALE = f"/v1/may-sell?trader={TRADER}&product={GTIN}&territory=CN&channel=tmall.example&bundle=1"
SHOWN = (
    "/checkpoint",
    "/tile/0/000.p/{size}",
    "/tile/entries/000.p/{size}",
    SALE,
    f"/v1/history?topic=identity&subject={BRAND}&bundle=1",
    "/v1/entries?limit=3",
    "/v1/entries/0",
    "/v1/registration-policy",
    "/.well-known/scitt-keys",
)


@dataclass(frozen=True)
class Pair:
    """A ledger's service and its mirror's, where the mirror lies, who signs at the first."""

    there: httpx.Client
    here: httpx.Client
    home: Path
    world: World


def run(state: Path, *words: object) -> str:
    """Run a command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "ledger.cli.main", *map(str, words)],
        cwd=ROOT,
        env=os.environ | {"PINYUAN_STATE": str(state)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Return clients of a ledger's service and of its mirror's, and where the mirror lies."""
    home = tmp_path_factory.mktemp("pair")
    (home / "ledger").mkdir()
    tea, _ = story(home / "ledger")
    source = Server(create_app(settle(tea.world), ask_witnesses=False))
    url = f"http://127.0.0.1:{source.port}"
    run(home / "state", "mirror", home / "mirror", "--from", url, "--trust-on-first-use")
    served = Server(create_app(home / "mirror"))
    mirror = httpx.Client(base_url=f"http://127.0.0.1:{served.port}")
    with httpx.Client(base_url=url) as there, mirror as here:
        yield Pair(there, here, home, tea.world)
    served.stop()
    source.stop()
    tea.world.log.engine.dispose()


@pytest.mark.parametrize("path", SHOWN)
def test_a_mirror_shows_what_its_source_shows(pair: Pair, path: str):
    there, here = pair.there, pair.here
    size = there.get("/checkpoint").text.splitlines()[1]
    wanted, found = (client.get(path.format(size=size)) for client in (there, here))
    assert (found.status_code, found.content) == (wanted.status_code, wanted.content)
    assert found.status_code == 200


def test_a_mirror_is_ready_and_takes_nothing(pair: Pair):
    there, here = pair.there, pair.here
    ready = here.get("/readyz")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert "writer" not in ready.json()["checks"]
    answer = here.post("/entries", content=pair.world.reading("here"), headers=COSE)
    assert answer.status_code == 503
    assert (
        f"register with the log itself (--server {str(there.base_url).rstrip('/')})".encode()
        in answer.content
    )


def test_a_mirror_is_followed_while_it_is_served(pair: Pair):
    there, here, home = pair.there, pair.here, pair.home
    before = int(here.get("/checkpoint").text.splitlines()[1])
    pair.world.now_us = pair.world.last_us()
    raw = pair.world.reading("while it is mirrored")
    assert there.post("/entries", content=raw, headers=COSE).status_code == 201
    run(home / "state", "mirror", home / "mirror", "--replay")
    assert here.get("/checkpoint").text == there.get("/checkpoint").text
    assert int(here.get("/checkpoint").text.splitlines()[1]) == before + 2
