"""What a serving process does besides serving: it looks first, ends with its parent, exits 0."""

import contextlib
import multiprocessing
import os
import signal
import socket
import ssl
import sys
import threading
from pathlib import Path
from types import FrameType

from fastapi import FastAPI

from api.app import create_app
from api.http.logs import Log, take_over
from ledger.errors import StorageError, UsageError
from ledger.settings import Settings, open_signer, secret_from
from ledger.store.engine import make_engine
from ledger.writing.log import open_log


def app_from_environment() -> FastAPI:
    """Return the application for PINYUAN_DIR: what each serving process builds.

    Raises:
        StorageError, UsageError: the passphrase's file cannot be read.

    """
    _end_with_parent()
    take_over(Log())
    secret = secret_from("PINYUAN_PASSPHRASE")
    return create_app(
        Path(os.environ["PINYUAN_DIR"]),
        passphrase=None if secret is None else secret.encode(),
        alone=True,
    )


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


def check_ledger(settings: Settings, passphrase: bytes | None) -> None:
    """Open a ledger, look at its keys and let go of both: what is wrong is a sentence, not a trace.

    One that must not be written can be served for reading.

    Raises:
        PinyuanError: it cannot be opened, or its keys are not its own.

    """
    with contextlib.ExitStack() as opened:
        signer = open_signer(settings, passphrase)
        opened.callback(signer.close)
        engine = make_engine(settings.database_url)
        opened.callback(engine.dispose)
        log = open_log(engine, anchor_path=settings.anchor)
        if signer.vkey != log.vkey:
            msg = f"the log key given is not the one genesis of {log.origin} names"
            raise UsageError(msg)


def check_address(host: str, port: int) -> None:
    """Listen for a moment.

    Raises:
        StorageError: somebody else does, or may not be listened at.

    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        msg = f"{host}:{port}: {error.strerror}"
        raise StorageError(msg) from error


def check_certificate(chain: Path, key: Path) -> None:
    """Load a certificate and its key.

    Raises:
        UsageError: they are none, or not of each other, or the key is encrypted.

    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(chain, key, password=lambda: "")
    except (OSError, ValueError) as error:
        msg = f"--tls-cert {chain}, --tls-key {key}: not a certificate in PEM with its key, unencrypted"
        raise UsageError(msg) from error
