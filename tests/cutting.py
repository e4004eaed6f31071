"""A PostgreSQL that can be cut off at one COMMIT: before the server gets it, or before its answer arrives."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from sqlalchemy.engine import make_url

COMMIT = b"COMMIT\0"
PORT = 5432
Moment = Literal["before", "after"]


class Proxy:
    """Stands between clients and a server, at a local socket of the same form."""

    def __init__(self, server: str, folder: Path) -> None:
        self._upstream = make_url(server)
        self.path = folder / f".s.PGSQL.{PORT}"
        self.url = self._upstream.set(
            host=None, port=None, query={"host": str(folder)}
        ).render_as_string(hide_password=False)
        self._armed: tuple[bytes, Moment] | None = None
        self.cuts = 0
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self.path))
        self._listening.listen(64)
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def arm(self, table: str, moment: Moment) -> None:
        """Cut the next transaction that inserts into a table, once."""
        self._armed = (f"INSERT INTO {table} ".encode(), moment)

    def _connect(self) -> socket.socket:
        host = str(self._upstream.query.get("host", ""))
        port = self._upstream.port or PORT
        if not host:
            return socket.create_connection((self._upstream.host, port))
        made = socket.socket(socket.AF_UNIX)
        made.connect(f"{host}/.s.PGSQL.{port}")
        return made

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = self._connect()
                self._open += [client, server]
                threading.Thread(target=self._forward, args=(client, server), daemon=True).start()
                threading.Thread(target=self._answer, args=(server, client), daemon=True).start()

    def _forward(self, client: socket.socket, server: socket.socket) -> None:
        """Carry what a client says; at the COMMIT that is waited for, hang up on both."""
        inserting = False
        with contextlib.suppress(OSError):
            while said := client.recv(1 << 20):
                armed = self._armed
                inserting = inserting or (armed is not None and armed[0] in said)
                if COMMIT in said and inserting and armed is not None:
                    self._armed, moment = None, armed[1]
                    self.cuts += 1
                    if moment == "after":
                        client.shutdown(socket.SHUT_RD)
                        self._swallow(server, said)
                    break
                inserting = inserting and COMMIT not in said
                server.sendall(said)
        for end in (client, server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _swallow(self, server: socket.socket, said: bytes) -> None:
        """Send a COMMIT and let nobody hear that it was done."""
        self._deaf = server
        self._done = threading.Event()
        server.sendall(said)
        assert self._done.wait(10), "the server never answered"

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while said := server.recv(1 << 20):
                if getattr(self, "_deaf", None) is server:
                    assert said.startswith(b"C"), "CommandComplete is what COMMIT is answered with"
                    self._done.set()
                    return
                client.sendall(said)
        for end in (client, server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for end in (self._listening, *self._open):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._thread.join(5)


@contextmanager
def proxied(server: str, folder: Path) -> Iterator[Proxy]:
    """Stand before a server for a while."""
    made = Proxy(server, folder)
    try:
        yield made
    finally:
        made.close()
