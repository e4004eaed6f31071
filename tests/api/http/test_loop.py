"""Who begins a TLS handshake and says nothing is let go, before anybody counts whose connection it is."""

import asyncio
import ssl
from pathlib import Path

import pytest
import uvicorn
from client.test_transport import certificate

from api.cli import LOOP
from api.http import loop as loops
from api.http.certificate import Certificate
from api.http.loop import Loop

HANDSHAKE_S = 0.2


async def left_alone(context: ssl.SSLContext) -> tuple[bytes, float]:
    """Connect and say nothing; return what came, and after how long the connection was closed."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(asyncio.Protocol, "127.0.0.1", 0, ssl=context)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        begun_s = loop.time()
        try:
            found = await asyncio.wait_for(reader.read(), 20)
        except ConnectionResetError:
            found = b""
        writer.close()
        return found, loop.time() - begun_s


def test_a_handshake_that_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(loops, "HEAD_S", HANDSHAKE_S)
    _, pem = certificate(tmp_path)
    with asyncio.Runner(loop_factory=Loop) as runner:
        found, took_s = runner.run(left_alone(Certificate(pem, pem).context))
    assert found == b""
    assert took_s >= HANDSHAKE_S


def test_the_service_runs_on_it():
    assert uvicorn.Config("api.serving:app_from_environment", loop=LOOP).get_loop_factory() is Loop
