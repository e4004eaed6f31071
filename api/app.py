"""The application: one ledger's routes, started and stopped with its writing process."""

import asyncio
import logging
import os
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from api.reads import Reads
from api.registrar import Registrar
from api.routes import log, scitt
from api.state import Quota, Running, State
from api.witnesses import run_alone
from ledger import __version__

DRAIN_S = 10.0
END_S = 3.0  # those who ask witnesses look up twice a second; one who waits is left behind
_LOG = logging.getLogger("pinyuan.witnesses")


def create_app(
    directory: Path,
    *,
    passphrase: bytes | None = None,
    rate_per_s: float = 2_000,
    burst: float = 20_000,
    ask_witnesses: bool = True,
) -> FastAPI:
    """Return the application over the ledger in a directory.

    Args:
        directory: where ``pinyuan init`` made it.
        passphrase: opens its key files.
        rate_per_s: statements a second that one issuer at one address may submit.
        burst: how many of them at once.
        ask_witnesses: have the witnesses of ``pinyuan.toml`` cosign, unless another process
            of this directory does.

    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        reads = Reads(directory)
        registrar = Registrar(directory, passphrase)
        await registrar.start()
        asking = _ask_witnesses(reads, ask=ask_witnesses)
        app.state.pinyuan = State(reads, registrar, Quota(rate_per_s, burst), Running())
        try:
            yield
        finally:
            await asyncio.to_thread(asking)
            await registrar.close(DRAIN_S)
            reads.close()

    app = FastAPI(
        title="Pinyuan",
        version=__version__,
        summary="A supply-chain traceability ledger anyone can check offline.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    for module in (scitt, log):
        app.include_router(module.router)
    return app


def _ask_witnesses(reads: Reads, *, ask: bool) -> Callable[[], None]:
    """Begin to ask the witnesses in a thread; return what ends that."""
    settings, stop = reads.settings, threading.Event()
    if not ask or not settings.witnesses:
        return stop.set
    thread = threading.Thread(
        target=run_alone,
        args=(reads.log, settings.witnesses, settings.directory, stop, _LOG.warning),
        name="witnesses",
        daemon=True,
    )
    thread.start()

    def end() -> None:
        stop.set()
        thread.join(END_S)

    return end


def app_from_environment() -> FastAPI:
    """Return the application for PINYUAN_DIR: what each serving process builds."""
    secret = os.environ.get("PINYUAN_PASSPHRASE")
    return create_app(
        Path(os.environ["PINYUAN_DIR"]), passphrase=None if secret is None else secret.encode()
    )
