"""A served world, and clients that have met its log."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from client.serving import Service, serving
from world import BRAND, World

from ledger.client.contact import meet
from ledger.client.session import Client
from ledger.client.transport import Server

Meet = Callable[..., Client]


@pytest.fixture
def service(world: World) -> Iterator[Service]:
    """Return an honest server over a world with one party."""
    world.party("brand", BRAND)
    with serving(Service(world)) as served:
        yield served


@pytest.fixture
def trust(world: World) -> str:
    """Return the trust file that names the world's log."""
    return f"log {world.log.vkey}\nquorum none\nmax-age 3153600000\n"


@pytest.fixture
def client(
    service: Service, trust: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    """Return a client that was given the trust file."""
    monkeypatch.setattr("ledger.client.session.BEHIND_S", 0.1)
    monkeypatch.setattr("ledger.client.transport.FIRST_WAIT_S", 0.02)
    server = Server(service.url, patience_s=1.5, exchange_s=5)
    made = meet(server, tmp_path / "state", trust=trust, first_use=False, say=lambda _: None)
    yield made
    server.close()
