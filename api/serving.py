"""What a serving process does besides serving: it looks first, says that it is up, ends with its parent."""

import contextlib
import multiprocessing
import os
import signal
import socket
import ssl
import sys
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit
from types import FrameType

import uvicorn
from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from api.app import create_app
from api.http.certificate import Certificate
from api.http.logs import Log, take_over
from ledger.errors import FormError, StorageError, UsageError
from ledger.settings import Settings, open_signer, secret_from
from ledger.store.engine import make_engine
from ledger.store.reads import reading
from ledger.texts import cause
from ledger.writing.opening import open_to_read
from ledger.writing.publisher import require_head

DESCRIPTORS = 256
"""Of a serving process, for all but connections: databases, the processes beside it, modules."""


def app_from_environment() -> FastAPI:
    """Return the application for PINYUAN_DIR: what each serving process builds.

    Raises:
        StorageError, UsageError: the passphrase's file cannot be read.

    """
    _end_with_parent()
    take_over(Log())
    shown = certificate()
    _look_at_hangup(shown)
    secret = secret_from("PINYUAN_PASSPHRASE")
    return create_app(
        Path(os.environ["PINYUAN_DIR"]),
        passphrase=None if secret is None else secret.encode(),
        alone=True,
        certificate=shown,
    )


@cache
def certificate() -> Certificate | None:
    """Return the certificate that this process shows, None where it speaks HTTP.

    Raises:
        UsageError: its files hold none.

    """
    chain, key = os.environ.get("PINYUAN_TLS_CERT"), os.environ.get("PINYUAN_TLS_KEY")
    return Certificate(Path(chain), Path(key)) if chain and key else None


def tls_context(_config: object, _default: object) -> ssl.SSLContext:
    """Return what connections are accepted with: what each serving process asks for."""
    shown = certificate()
    if shown is None:
        raise FormError("no certificate is named")
    return shown.context


def _look_at_hangup(shown: Certificate | None) -> None:
    """Look for a new certificate, if there is one, at SIGHUP, which would end the process otherwise."""

    def look(_number: int, _frame: FrameType | None) -> None:
        said = None if shown is None else shown.look(at_once=True)
        if said is not None:
            Log().event("certificate", said=said)

    signal.signal(signal.SIGHUP, look)


def _end_with_parent() -> None:
    """Drain and stop when the process that started this one is gone, however it ended.

    One that was killed cannot tell its workers: they would keep the port from its successor.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return  # the only serving process

    def watch() -> None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def stop_is_success() -> None:
    """Let SIGTERM end this process with exit code 0.

    Uvicorn drains, then raises the signal again for whoever handled it before.
    """

    def stop(_number: int, _frame: FrameType | None) -> None:
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)


@dataclass(frozen=True, slots=True)
class Looked:
    """What is about to be served."""

    origin: str
    size: int
    database: str


def check_ledger(settings: Settings, passphrase: bytes | None) -> Looked:
    """Open a ledger, look at its keys and let go of both: what is wrong is a sentence, not a trace.

    One that must not be written can be served for reading.

    Raises:
        PinyuanError: it cannot be opened, or its keys are not its own.

    """
    with contextlib.ExitStack() as opened:
        engine = make_engine(settings.database_url)
        opened.callback(engine.dispose)
        log = open_to_read(settings, engine)
        if not settings.mirror:
            signer = open_signer(settings, passphrase)
            opened.callback(signer.close)
            if signer.vkey != log.vkey:
                raise UsageError(
                    "the log key given is not the one genesis of {origin} names", origin=log.origin
                )
        with reading(engine) as snapshot:
            size = require_head(snapshot).size
        return Looked(log.origin, size, engine.dialect.name)


def room_for(connections: int) -> int:
    """Return how many connections may be open at once: as many, or what file descriptors allow.

    More descriptors are asked for where few are usual. Without any left, database and writing
    process could not be reached either, and nobody who connects would be told anything.
    """
    soft, hard = getrlimit(RLIMIT_NOFILE)
    wanted = connections + DESCRIPTORS
    if soft != RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):  # less where a kernel has a limit of its own
            setrlimit(RLIMIT_NOFILE, (soft, hard))
        soft = getrlimit(RLIMIT_NOFILE)[0]
    return connections if soft == RLIM_INFINITY else max(1, min(connections, soft - DESCRIPTORS))


def check_address(host: str, port: int) -> None:
    """Listen for a moment.

    Raises:
        StorageError: somebody else does, or may not be listened at.

    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        raise StorageError(
            "{host}:{port}: {why}", host=host, port=port, why=cause(error)
        ) from error


def run(config: uvicorn.Config, looked: Looked) -> None:
    """Serve until told to stop; say where, once connections are accepted.

    Raises:
        SystemExit: it could not start.

    """
    if config.workers > 1:
        listener = config.bind_socket()
        _Several(config, listener, looked).run()
        return
    config.load_app()
    server = _One(config, looked)
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)


class _One(uvicorn.Server):
    """The only serving process."""

    def __init__(self, config: uvicorn.Config, looked: Looked) -> None:
        super().__init__(config)
        self._looked = looked

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            _say_up(self.config, self._looked, self.servers[0].sockets[0])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        tell_supervisor("STOPPING=1")
        await super().shutdown(sockets)


class _Several(Multiprocess):
    """Keeps several serving processes; a hangup is theirs to look at."""

    def __init__(self, config: uvicorn.Config, listener: socket.socket, looked: Looked) -> None:
        super().__init__(config, [listener])
        self._looked = looked
        self._said = False

    def keep_subprocess_alive(self) -> None:
        super().keep_subprocess_alive()
        if not self._said and all(process.is_ready() for process in self.processes):
            self._said = True
            _say_up(self.config, self._looked, self.sockets[0])

    def handle_hup(self) -> None:
        for process in self.processes:
            if process.pid is not None and process.exitcode is None:
                os.kill(process.pid, signal.SIGHUP)

    def terminate_all(self) -> None:
        tell_supervisor("STOPPING=1")
        super().terminate_all()


def _say_up(config: uvicorn.Config, looked: Looked, listener: socket.socket) -> None:
    """Write one line that it is up and where, and tell whoever supervises this process."""
    host, port = listener.getsockname()[:2]
    named = f"[{host}]" if ":" in host else host
    url = f"http{'s' if config.is_ssl else ''}://{named}:{port}"
    said = f"serving {looked.origin} at {url}: {looked.size} entries, {looked.database}"
    Log().event(
        "serving",
        said=said,
        url=url,
        origin=looked.origin,
        entries=looked.size,
        database=looked.database,
        workers=config.workers,
    )
    tell_supervisor(f"READY=1\nSTATUS={said}")


def tell_supervisor(text: str) -> None:
    """Tell systemd, where it started this process and asked to be told (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
        to.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        to.sendall(text.encode())
