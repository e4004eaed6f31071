"""The application: one ledger's routes, started and stopped with its processes."""

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import BinaryIO

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.http.certificate import Certificate
from api.http.door import Door
from api.http.exchange import Exchanges
from api.http.lanes import Lane, Lanes, call
from api.http.logs import Log
from api.http.metrics import Metrics
from api.http.openapi import describe
from api.http.problems import FORESEEN, Problem, answer
from api.readiness import Readiness
from api.reading.away import Away
from api.reading.heavy import Heavy
from api.reading.reads import Reads
from api.routes import (
    batch,
    cosignatures,
    entries,
    events,
    labels,
    log,
    names,
    operation,
    policy,
    products,
    questions,
    scitt,
)
from api.state import Quota, Running, State
from api.writing.indexer import Indexer
from api.writing.registrar import Registrar
from ledger import __version__
from ledger.cosigning.asking import run_alone

DRAIN_S = 10.0
END_S = 3.0  # those who ask witnesses look up twice a second; one who waits is left behind
# In this order: /entries/batch before /entries/{id}.
ROUTES = (
    batch,
    scitt,
    policy,
    log,
    cosignatures,
    questions,
    labels,
    entries,
    names,
    events,
    products,
    operation,
)
# Asked thousands of times a second.
LANES = (
    Lane.to(scitt.router, "POST", "/entries"),
    Lane.to(scitt.router, "GET", "/entries/{id}", "id_"),
    Lane.to(log.router, "GET", "/tile/{path:path}", "path"),
    Lane.to(log.router, "GET", "/v1/proofs/{index}", "index"),
    Lane.to(log.router, "GET", "/checkpoint"),
)


class Service(FastAPI):
    """The application, with a short way to its busiest routes."""

    lanes: Lanes
    door: Door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request by the short way where there is one."""
        way = self.lanes.way(scope) if scope["type"] == "http" else None
        await (super().__call__ if way is None else way)(scope, receive, send)


def create_app(
    directory: Path,
    *,
    passphrase: bytes | None = None,
    rate_per_s: float = 2_000,
    burst: float = 20_000,
    log_to: BinaryIO | None = None,
    ask_witnesses: bool = True,
    alone: bool = False,
    certificate: Certificate | None = None,
) -> Service:
    """Return the application over the ledger in a directory.

    Args:
        directory: where ``pinyuan init`` made it.
        passphrase: opens its key files.
        rate_per_s: statements a second that one issuer at one address may submit.
        burst: how many of them at once.
        log_to: where a line for each request goes; standard error by default.
        ask_witnesses: have the witnesses of ``pinyuan.toml`` cosign, unless another process
            of this directory does.
        alone: this process does nothing else: what start-up made is kept from the collector
            of cycles, which stops every request while it looks through all there is.
        certificate: what clients are shown, looked after here.

    """
    metrics, lines = Metrics(), Log(log_to)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            reads = Reads(directory)
            stack.callback(reads.close)
            away = Away(reads.look, lines)
            stack.callback(away.close)
            reads.check, reads.noted = away.check, away.noted
            heavy = Heavy(directory, reads.settings.reads, metrics, away.check, away.noted)
            stack.push_async_callback(heavy.close)
            if alone:
                heavy.start()
            indexer, registrar = (
                Indexer(directory),
                Registrar(
                    directory,
                    passphrase,
                    metrics,
                    away.suspected,
                    mirror=reads.log.read_only if reads.settings.mirror else None,
                ),
            )
            state = State(
                reads,
                registrar,
                Quota(rate_per_s, burst),
                Running(),
                Readiness(
                    directory,
                    reads.log,
                    lambda why: lines.event("ready", why_not=why),
                    certificate=certificate,
                    mirror=bool(reads.settings.mirror),
                ),
                metrics,
                heavy,
                certificate,
            )
            stack.callback(state.parsing.shutdown, wait=False)
            stack.push_async_callback(indexer.close)
            stack.push_async_callback(registrar.close, DRAIN_S)
            await registrar.start()
            if registrar.broken is not None:
                lines.event("read-only", said=registrar.broken)
            indexer.start()
            asking = _ask_witnesses(reads, lines, ask=ask_witnesses)
            if certificate is not None:
                stack.callback(_watch(certificate, lines))
            stack.push_async_callback(asyncio.to_thread, asking)
            stack.callback(door.close)
            app.state.pinyuan = state
            door.enter = registrar.enter
            if alone:
                gc.collect()
                gc.freeze()
            yield

    app = Service(
        title="Pinyuan",
        version=__version__,
        summary="A supply-chain traceability ledger anyone can check offline.",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.door = door = Door(metrics, lines)
    app.lanes = Lanes(app, LANES, Exchanges(call, metrics=metrics, log=lines))
    app.add_middleware(Exchanges, metrics=metrics, log=lines)
    for kind in FORESEEN:
        app.add_exception_handler(kind, _answered)
    app.add_exception_handler(RequestValidationError, _invalid)
    for module in ROUTES:
        app.include_router(module.router)
    describe(app)
    return app


def _ask_witnesses(reads: Reads, lines: Log, *, ask: bool) -> Callable[[], None]:
    """Begin to ask the witnesses in a thread; return what ends that."""
    settings, stop = reads.settings, threading.Event()
    if not ask or not (settings.witnesses or settings.published):
        return stop.set

    def report(said: str) -> None:
        lines.event("witness", said=said)

    thread = threading.Thread(
        target=run_alone,
        args=(reads.log, settings, stop, report),
        name="witnesses",
        daemon=True,
    )
    thread.start()

    def end() -> None:
        stop.set()
        thread.join(END_S)

    return end


def _watch(certificate: Certificate, lines: Log) -> Callable[[], None]:
    """Begin to look for a new certificate in a thread; return what ends that."""
    stop = threading.Event()

    def report(said: str) -> None:
        lines.event("certificate", said=said)

    threading.Thread(
        target=certificate.watch, args=(stop, report), name="certificate", daemon=True
    ).start()
    return stop.set


async def _answered(request: Request, error: Exception) -> Response:
    return answer(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    """Answer what FastAPI itself refused as any other malformed request."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - it is registered for it
    said = "; ".join(f"{item['loc'][-1]}: {item['msg']}" for item in error.errors())
    return answer(request, Problem(400, said))
