"""One service for all tests of HTTP: what they say to it, the next ones may find there."""

import io
from collections.abc import Iterator

import httpx
import pytest
from serving import Server, Service, settle, story

from api.app import create_app


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    tea, said = story(tmp_path_factory.mktemp("service"))
    stream = io.BytesIO()
    app = create_app(settle(tea.world), log_to=stream)
    server = Server(app)
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=20) as client:
        yield Service(tea.world, tea, said, app, server, client, stream)
    server.stop()
    tea.world.log.engine.dispose()
