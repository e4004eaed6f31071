"""The application: one ledger's routes, started and stopped with its writing process."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from api.reads import Reads
from api.registrar import Registrar
from api.routes import log, scitt
from api.state import Quota, Running, State
from ledger import __version__

DRAIN_S = 10.0


def create_app(
    directory: Path,
    *,
    passphrase: bytes | None = None,
    rate_per_s: float = 2_000,
    burst: float = 20_000,
) -> FastAPI:
    """Return the application over the ledger in a directory.

    Args:
        directory: where ``pinyuan init`` made it.
        passphrase: opens its key files.
        rate_per_s: statements a second that one issuer at one address may submit.
        burst: how many of them at once.

    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        reads = Reads(directory)
        registrar = Registrar(directory, passphrase)
        await registrar.start()
        app.state.pinyuan = State(reads, registrar, Quota(rate_per_s, burst), Running())
        try:
            yield
        finally:
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


def app_from_environment() -> FastAPI:
    """Return the application for PINYUAN_DIR: what each serving process builds."""
    secret = os.environ.get("PINYUAN_PASSPHRASE")
    return create_app(
        Path(os.environ["PINYUAN_DIR"]), passphrase=None if secret is None else secret.encode()
    )
