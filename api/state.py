"""What routes share: reads, the registrar, quotas, registrations that are running."""

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from api.http.bodies import Intake
from api.http.buckets import BUCKETS, Buckets
from api.http.caching import NEVER
from api.http.certificate import Certificate
from api.http.clients import client_of
from api.http.metrics import Metrics
from api.http.problems import Problem, concise, refused
from api.readiness import Readiness
from api.reading.heavy import Heavy
from api.reading.reads import Reads
from api.writing.registrar import Registrar
from api.writing.wire import Accepted, Result
from ledger.texts import Lang, saying

REMEMBERED = 10_000  # registrations whose outcome is kept for clients that were told to come back
STRANGERS = ""  # no issuer's name
FAILED = saying("Registration Failed")  # SCRAPI draft-11, section 2.4.3


class Running:
    """Registrations by statement id, for clients that come back.

    One that has ended is a word, so that many of them cost little: the collector of cycles
    looks at no string, and a service that keeps 10,000 of anything else stops for it.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, asyncio.Future[list[Result]] | str | None] = OrderedDict()

    def add(self, id_: bytes, task: "asyncio.Future[list[Result]]") -> None:
        """Remember one."""
        self._known[id_] = task
        task.add_done_callback(partial(self._end, id_))
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _end(self, id_: bytes, task: "asyncio.Future[list[Result]]") -> None:
        why = _why_failed(task)
        if self._known.get(id_) is task:
            self._known[id_] = why

    def answer(self, id_: bytes, lang: Lang) -> Response:
        """Return what is known of a statement that is not registered."""
        if id_ not in self._known:
            return concise(
                Problem(404, saying("no receipt: {id} is not registered here", id=id_.hex())),
                lang,
            )
        known = self._known[id_]
        if isinstance(known, asyncio.Future):
            known = _why_failed(known) if known.done() else None
        # Without a reason it runs, or was committed since this request looked.
        return running() if known is None else concise(Problem(404, known, title=FAILED), lang)


def _why_failed(task: "asyncio.Future[list[Result]]") -> str | None:
    """Return why a registration that has ended failed, None if it did not."""
    if task.cancelled() or (error := task.exception()) is not None:
        why = "" if task.cancelled() else str(error)
        return f"not known: submit it again. {why}".strip()
    (result,) = task.result()
    return None if isinstance(result, Accepted) else refused(result.refusals).detail


def running() -> Response:
    """Return what SCRAPI says while a registration runs."""
    return Response(None, 204, {"Retry-After": "1", "Cache-Control": NEVER})


class Quota:
    """A bucket of statements for each (client address, issuer): nobody drains another's.

    Who signs is not verified yet when the quota is asked, so the address is part of the
    name: claiming somebody else's issuer costs only the claimant. Issuers of whom nothing was
    accepted here yet share a bucket more, one for each address: inventing them gains nothing.
    """

    def __init__(self, rate_per_s: float, burst: float) -> None:
        self.buckets: Buckets[tuple[str, str]] = Buckets(rate_per_s, burst)
        self._known: OrderedDict[str, None] = OrderedDict()

    def accepted(self, issuer: str) -> None:
        """Note that a statement of an issuer was accepted: it verified, so the issuer exists."""
        self._known[issuer] = None
        self._known.move_to_end(issuer)
        if len(self._known) > BUCKETS:
            self._known.popitem(last=False)

    def take(self, request: Request, issuer: str, count: int = 1) -> None:
        """Take from an issuer's bucket, and from the strangers' where it is one.

        Raises:
            Problem: 429, with the seconds after which there is enough again.

        """
        client = client_of(request)
        for name in (issuer,) if issuer in self._known else (STRANGERS, issuer):
            wait_s = self._wait_s((client, name), count)
            if wait_s:
                raise Problem(
                    429,
                    saying("{issuer}: more than its share", issuer=issuer),
                    headers={"Retry-After": str(wait_s)},
                )

    def _wait_s(self, name: tuple[str, str], count: int) -> int:
        """Take from a bucket and return 0, or the seconds after which there is enough."""
        left, wanted = self.buckets.left(name), min(count, self.buckets.burst)
        enough = left >= wanted
        self.buckets.put(name, left - count if enough else left)
        return 0 if enough else 1 + int((wanted - left) / self.buckets.per_s)


@dataclass(frozen=True, slots=True)
class State:
    """One service."""

    reads: Reads
    registrar: Registrar
    quota: Quota
    running: Running
    readiness: Readiness
    metrics: Metrics
    heavy: Heavy
    certificate: Certificate | None = None
    intake: Intake = field(default_factory=Intake)
    parsing: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="parse")
    )

    @staticmethod
    def of(request: Request) -> "State":
        """Return the state of the app a request is for."""
        state: State = request.app.state.pinyuan
        return state
