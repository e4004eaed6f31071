"""What routes share: reads, the registrar, quotas, registrations that are running."""

import asyncio
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from api.bodies import Intake
from api.caching import NEVER
from api.metrics import Metrics
from api.problems import Problem, concise, refused
from api.readiness import Readiness
from api.reads import Reads
from api.registrar import Registrar
from api.writer import Accepted, Result

REMEMBERED = 10_000  # registrations whose outcome is kept for clients that were told to come back
BUCKETS = 50_000
FAILED = "Registration Failed"  # SCRAPI draft-11, section 2.4.3


class Running:
    """Registrations by statement id, for clients that come back."""

    def __init__(self) -> None:
        self._tasks: OrderedDict[bytes, asyncio.Future[list[Result]]] = OrderedDict()

    def add(self, id_: bytes, task: "asyncio.Future[list[Result]]") -> None:
        """Remember one."""
        task.add_done_callback(_retrieved)
        self._tasks[id_] = task
        if len(self._tasks) > REMEMBERED:
            self._tasks.popitem(last=False)

    def answer(self, id_: bytes) -> Response:
        """Return what is known of a statement that is not registered."""
        task = self._tasks.get(id_)
        if task is None:
            return concise(Problem(404, f"no receipt: {id_.hex()} is not registered here"))
        if not task.done():
            return running()
        if task.cancelled() or (error := task.exception()) is not None:
            why = "" if task.cancelled() else str(error)
            return concise(Problem(404, f"not known: submit it again. {why}".strip(), title=FAILED))
        (result,) = task.result()
        if isinstance(result, Accepted):  # committed since this request looked
            return running()
        return concise(Problem(404, refused(result.refusals).detail, title=FAILED))


def running() -> Response:
    """Return what SCRAPI says while a registration runs."""
    return Response(None, 204, {"Retry-After": "1", "Cache-Control": NEVER})


def _retrieved(task: "asyncio.Future[list[Result]]") -> None:
    """Look at a failure that nobody came back for."""
    if not task.cancelled():
        task.exception()


class Quota:
    """A bucket of statements for each (client address, issuer): nobody drains another's.

    Who signs is not verified yet when the quota is asked, so the address is part of the
    name: claiming somebody else's issuer costs only the claimant.
    """

    def __init__(self, rate_per_s: float, burst: float) -> None:
        self._rate = rate_per_s
        self._burst = burst
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def take(self, request: Request, issuer: str, count: int = 1) -> None:
        """Take from an issuer's bucket.

        Raises:
            Problem: 429, with the seconds after which there is enough again.

        """
        client = "" if request.client is None else request.client.host
        now = time.monotonic()
        left, since = self._buckets.pop((client, issuer), (self._burst, now))
        left = min(self._burst, left + (now - since) * self._rate)
        enough = left >= min(count, self._burst)
        self._buckets[client, issuer] = (left - count if enough else left, now)
        if len(self._buckets) > BUCKETS:
            self._buckets.popitem(last=False)
        if not enough:
            wait_s = 1 + int((min(count, self._burst) - left) / self._rate)
            raise Problem(
                429, f"{issuer}: more than its share", headers={"Retry-After": str(wait_s)}
            )


@dataclass(frozen=True, slots=True)
class State:
    """One service."""

    reads: Reads
    registrar: Registrar
    quota: Quota
    running: Running
    readiness: Readiness
    metrics: Metrics
    intake: Intake = field(default_factory=Intake)
    parsing: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="parse")
    )

    @staticmethod
    def of(request: Request) -> "State":
        """Return the state of the app a request is for."""
        state: State = request.app.state.pinyuan
        return state
