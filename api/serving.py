"""What a serving process does besides serving: it is built, it ends with its parent, it exits 0."""

import multiprocessing
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from fastapi import FastAPI

from api.app import create_app
from ledger.settings import secret_from


def app_from_environment() -> FastAPI:
    """Return the application for PINYUAN_DIR: what each serving process builds.

    Raises:
        StorageError, UsageError: the passphrase's file cannot be read.

    """
    _end_with_parent()
    secret = secret_from("PINYUAN_PASSPHRASE")
    return create_app(
        Path(os.environ["PINYUAN_DIR"]), passphrase=None if secret is None else secret.encode()
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
