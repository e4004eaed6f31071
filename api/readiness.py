"""Whether this service can do its work, and every reason why not."""

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.http.certificate import Certificate
from ledger.audit.batches import IDLE_S
from ledger.errors import PinyuanError
from ledger.files.anchor import Anchor
from ledger.files.backup import backed_up_s
from ledger.primitives.clock import MICROSECONDS
from ledger.store.probe import why_not_writable
from ledger.store.reads import reading
from ledger.writing.log import Log
from ledger.writing.publisher import require_head

FREE_PERCENT = 10
SEAL_S = IDLE_S + 180  # the writer looks once a minute whether ten minutes have passed
REMEMBERED_S = 1.0  # who asks oftener gets the same answer


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold: its name, and why it does not, None if it does."""

    name: str
    why_not: str | None


class Readiness:
    """Looks at database, anchor, seal, clock, disk and certificate; called in a thread of the reads."""

    def __init__(
        self,
        directory: Path,
        log: Log,
        told: Callable[[dict[str, str]], None] = lambda _: None,
        *,
        certificate: Certificate | None = None,
        mirror: bool = False,
    ) -> None:
        """Args: ``told`` gets what does not hold, whenever that is another than before."""
        self._told = told
        self._last: dict[str, str] = {}
        self._directory = directory
        self._certificate = certificate
        self._mirror = mirror  # it has no anchor: what it holds was proven when it came
        self._log = log
        self._anchor = Anchor(log.anchor.path, log.vkey)
        self._known: tuple[float, list[Check]] | None = None

    def checks(self) -> list[Check]:
        """Return what must hold beneath the service."""
        now = time.monotonic()
        if self._known is None or now - self._known[0] > REMEMBERED_S:
            self._known = (now, self._look())
        return self._known[1]

    def tell(self, checks: Sequence[Check]) -> None:
        """Tell the operator what strangers are not: why not, with paths and hosts."""
        found = {item.name: item.why_not for item in checks if item.why_not is not None}
        if found.keys() != self._last.keys():
            self._last = found
            self._told(found)

    def _look(self) -> list[Check]:
        engine = self._log.engine
        checks = [Check("database", why_not_writable(engine)), Check("disk", self._disk())]
        if self._certificate is not None:
            checks.append(Check("certificate", self._certificate.why_not()))
        try:
            checks += self._published()
        except PinyuanError as error:
            checks.append(Check("log", str(error)))
        return checks

    def _published(self) -> list[Check]:
        """Hold the log against its anchor, read first: the log only grows meanwhile."""
        anchored = self._anchor.read()
        with reading(self._log.engine) as snapshot:
            head = require_head(snapshot)
            behind: str | None
            if self._mirror:
                behind = None
            elif anchored is None:
                behind = f"no anchor file {self._anchor.path}"
            elif anchored[0].size > head.size:
                behind = f"BEHIND_PUBLISHED: {head.size} entries, {anchored[0].size} were published"
            else:
                tree = self._log.publisher.tree(snapshot, anchored[0].size)
                if tree.root() != anchored[0].root:
                    behind = "BEHIND_PUBLISHED: not the entries that were published"
                else:
                    behind = self._anchor.stopped()
            clock = self._log.clock.why_not(head.seal_time_us)
        return [
            Check("anchor", behind),
            Check("seal", self._seal(head.seal_time_us)),
            Check("clock", clock),
        ]

    def _seal(self, sealed_us: int) -> str | None:
        if self._log.clock.kind != "system":
            return None  # the ledger's time is what a story says it is
        age_s = time.time_ns() // 1_000 // MICROSECONDS - sealed_us // MICROSECONDS
        return f"the newest seal is {age_s} s old" if age_s > SEAL_S else None

    def backed_up_s(self) -> float:
        """Return when the newest backup was taken, POSIX time; 0 without one."""
        return backed_up_s(self._directory)

    def free(self) -> float:
        """Return the share of the disk that is free, 0 where it cannot be asked."""
        try:
            usage = shutil.disk_usage(self._directory)
        except OSError:
            return 0.0
        return usage.free / usage.total

    def _disk(self) -> str | None:
        try:
            usage = shutil.disk_usage(self._directory)
        except OSError as error:
            return f"{self._directory}: {error.strerror}"
        free = usage.free * 100 // usage.total
        return None if free > FREE_PERCENT else f"{free} % of the disk is free"
