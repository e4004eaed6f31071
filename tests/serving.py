"""A service over a tea brand's ledger, on a port of its own, and a client of it."""

import io
import json
import socket
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from tea import Tea, cite
from world import OPERATOR, ORIGIN, World

from api.http.door import DoorProtocol
from ledger.cose import cbor
from ledger.settings import ReadLimits, Settings, write_settings
from ledger.signer import write_key
from ledger.statements.envelope import parse_statement

COSE = {"content-type": "application/cose"}
SEQUENCE = {"content-type": "application/cbor-seq"}
ARRAY = {"content-type": "application/cbor"}
START_S = STOP_S = 30.0
PLENTY = ReadLimits(processes=1, client_per_minute_s=100_000, client_burst_s=100_000)
"""All tests of a service are one client."""


def free_port() -> int:
    """Return a port that nobody listens at."""
    with closing(socket.create_server(("127.0.0.1", 0))) as found:
        return found.getsockname()[1]


def settle(world: World, **more: Any) -> Path:
    """Write beside a world's database what ``pinyuan init`` leaves there; return the directory."""
    folder = world.folder
    write_key(folder / "log.pem", world.log_key)
    write_key(folder / "operator.pem", world.operator_key)
    settings = Settings(
        directory=folder,
        origin=ORIGIN,
        operator=OPERATOR,
        db=world.url,
        clock="simulated",
        log_key=folder / "log.pem",
        operator_key=folder / "operator.pem",
        anchor=folder / "anchor",
        **{"reads": PLENTY} | more,
    )
    write_settings(settings, world.url)
    return folder


class Server:
    """An application served by uvicorn in a thread."""

    def __init__(self, app: FastAPI) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        config = uvicorn.Config(
            app,
            http=DoorProtocol,
            log_level="warning",
            access_log=False,
            server_header=False,
            ws="none",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self.socket],))
        self._thread.start()
        deadline = time.monotonic() + START_S
        while not self._server.started:
            assert self._thread.is_alive(), "the server did not start"
            assert time.monotonic() < deadline, "the server takes too long to start"
            time.sleep(0.02)

    def stop(self) -> None:
        """Let it drain and end."""
        self._server.should_exit = True
        self._thread.join(STOP_S)
        self.socket.close()
        assert not self._thread.is_alive()


@dataclass
class Service:
    """What tests of HTTP need: a client, the story told so far, the lines of the log."""

    world: World
    tea: Tea
    said: dict[str, Any]
    app: FastAPI
    server: Server
    client: httpx.Client
    stream: io.BytesIO

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def lines(self) -> list[dict[str, Any]]:
        """Return the lines logged so far."""
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def statement(self, text: str, **how: Any) -> bytes:
        """Return a foreign statement of the brand, signed at the ledger's present time."""
        self.world.now_us = self.world.last_us()
        return self.world.reading(text, **how)

    def post(self, raw: bytes) -> httpx.Response:
        """Submit one statement."""
        return self.client.post("/entries", content=raw, headers=COSE)

    def registered(self, raw: bytes) -> int:
        """Submit a statement that must be accepted; return its index."""
        answer = self.post(raw)
        assert answer.status_code == 201, answer.content
        id_ = parse_statement(raw).id.hex()
        return self.client.get(f"/v1/entries/{id_}").json()["index"]

    def indexed(self) -> int:
        """Wait until the search index has everything; return its size."""
        deadline = time.monotonic() + 10
        while True:
            page = self.client.get("/v1/entries", params={"limit": "1"}).json()
            if page["lag"] == 0:
                return page["seal"]["size"]
            assert time.monotonic() < deadline, "the search index does not follow"
            time.sleep(0.05)


def problem(answer: httpx.Response) -> tuple[str, str]:
    """Return title and detail of a problem in either form."""
    if answer.headers["content-type"] == "application/concise-problem-details+cbor":
        found = cbor.decode(answer.content, "problem")
        return found[-1], found[-2]
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    return body["title"], body["detail"]


def story(folder: Path) -> tuple[Tea, dict[str, Any]]:
    """Tell the usual beginning and an inspected lot."""
    tea = Tea(World(folder, f"sqlite:///{folder / 'ledger.sqlite'}"))
    said = tea.chain()
    said["root"] = cite(said["mark"], "qualification-number", "urn:trademark:cn:12345678:30")
    return tea, said
