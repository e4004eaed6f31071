"""For who runs the service: alive, ready, figures."""

import time

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.http.caching import BRIEF, NEVER, Tagged, cached, tagged
from api.http.describe import JSON, answers, problems
from api.http.json_text import json_of
from api.http.metrics import MEDIA_TYPE
from api.http.outside import outside
from api.http.schemas import Alive, Ready
from api.readiness import Check
from api.reading.reads import Reads
from api.state import State
from ledger.store.cosignatures import newest_cosigned
from ledger.store.reads import reading
from ledger.store.search import position
from ledger.writing.publisher import require_head

NOT_READY = {"status": "not ready", "checks": {"database": "ok", "writer": "it is gone"}}
READY = {
    "status": "ready",
    "checks": dict.fromkeys(("writer", "database", "disk", "anchor", "seal", "clock"), "ok"),
}

router = APIRouter(tags=["Operation"])


def _json(body: object, status: int = 200) -> Response:
    return Response(json_of(body), status, {"Cache-Control": NEVER}, JSON)


@router.get(
    "/healthz",
    summary="Alive",
    response_class=Response,
    responses=answers("The loop runs.", JSON, {"status": "alive"}, model=Alive),
)
async def healthz() -> Response:
    """Answer: whoever gets no answer should start another process."""
    return _json({"status": "alive"})


@router.get(
    "/readyz",
    summary="Ready",
    response_class=Response,
    responses=answers("It can do its work.", JSON, READY, model=Ready)
    | answers("It cannot; the checks say why.", JSON, NOT_READY, status=503, model=Ready),
)
async def readyz(request: Request) -> Response:
    """Say whether statements can be registered and read, and every reason why not."""
    state = State.of(request)
    checks = await _checks(state)
    ready = all(item.why_not is None for item in checks)
    state.readiness.tell(checks)
    body = {
        "status": "ready" if ready else "not ready",
        "checks": {item.name: outside(item.why_not or "ok") for item in checks},
    }
    return _json(body, 200 if ready else 503)


async def _checks(state: State) -> list[Check]:
    checks = await state.reads.run_anyway(state.readiness.checks)
    if state.registrar.mirror is not None:
        return checks
    return [Check("writer", state.registrar.why_not()), *checks]


@router.get("/openapi.json", include_in_schema=False)
async def description(request: Request) -> Response:
    """Return the description of all routes; it is made once."""
    made: Tagged | None = getattr(request.app.state, "description", None)
    if made is None:
        made = request.app.state.description = tagged(json_of(request.app.openapi()))
    return cached(request, made, JSON, BRIEF)


def _figures(reads: Reads) -> tuple[int, int, int, int]:
    """Return (size, newest seal's time in microseconds, search lag, newest size cosigned)."""
    with reading(reads.engine) as snapshot:
        head = require_head(snapshot)
        lag = head.size - position(snapshot)
        return head.size, head.seal_time_us, lag, newest_cosigned(snapshot)


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses=answers(
        "Prometheus' text format, of the one process that answers.",
        "text/plain",
        'pinyuan_log_entries{process="4711"} 6.0',
        schema={"type": "string"},
    )
    | problems(500, 503),
)
async def metrics(request: Request) -> Response:
    """Return this process's figures; none of them names anybody."""
    state = State.of(request)
    found = state.metrics.remembered()
    if found is None:
        found = await _exposed(state)
    return Response(found, 200, {"Cache-Control": NEVER}, MEDIA_TYPE)


async def _exposed(state: State) -> bytes:
    size, sealed_us, lag, cosigned = await state.reads.run(_figures, state.reads)
    found = state.metrics
    found.size.set(size)
    found.seal_age.set(max(0.0, time.time() - sealed_us / 1e6))
    found.search_lag.set(lag)
    found.queue.set(state.registrar.waiting)
    found.queue_age.set(state.registrar.age_s())
    found.cosigned.set(cosigned)
    found.disk_free.set(state.readiness.free())
    found.backup.set(state.readiness.backed_up_s())
    for check in await _checks(state):
        found.checks.labels(check.name).set(check.why_not is None)
    if state.certificate is not None:
        found.shown(state.certificate.ends_s, refused=state.certificate.refused is not None)
    return found.expose()
