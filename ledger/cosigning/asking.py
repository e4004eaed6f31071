"""Asking those who see this log: witnesses to cosign, the places where it is published what they have.

One thread for each, so that a slow one holds up nobody, and registration never waits for this:
it works on what is published. What a witness says is believed only as far as it verifies, but for
one thing: where it has seen more of this log, or another history, nothing is written any more.
"""

import fcntl
import os
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ledger.cosigning.elsewhere import ContradictedError, behind, head_size, hold, split
from ledger.cosigning.world_time import WorldTime
from ledger.errors import ClockError, MalformedError, PinyuanError, SignatureError, StorageError
from ledger.primitives.bounded import read_at_most
from ledger.primitives.exchange import Answer, fetch
from ledger.settings import Settings, Witness
from ledger.store.cosignatures import check_time, newest_by, store_cosignature
from ledger.store.reads import StoredCheckpoint, reading
from ledger.texts import cause
from ledger.tlog.merkle import prove_consistency
from ledger.tlog.note import MAX_NOTE_SIZE, decode_note, parse_note
from ledger.tlog.witness import (
    ADD_CHECKPOINT,
    MAX_ANSWER,
    SIZE_TYPE,
    AddCheckpoint,
    open_answer,
    parse_size,
)
from ledger.writing.log import Log

POLL_S = 0.5  # how often the newest checkpoint is looked up
HOLD_S = 1.0  # so long all witnesses are asked for one checkpoint, whatever comes after it
REFRESH_S = 300  # a cosignature older than this is asked for again: it carries the time
TIMEOUT_S = 10.0
TRIES = 3  # in one round: a conflict names the size to start from, then it fits
BACKOFF_S = 1.0
LOOK_S = 10.0  # between two looks at a place where the log is published
ASK_S = 5.0  # so long whoever opens a log for writing waits for those who see it
WEB = ("http://", "https://")
CHECKPOINT = "checkpoint"
MAX_BACKOFF_S = 300.0

Report = Callable[[str], None]


class RefusedError(Exception):
    """Whoever was asked did not answer as it should, and why."""


@dataclass(slots=True)
class Status:
    """How a witness does: the newest size it cosigned, what went wrong since.

    ``contradicts``: what went wrong is that it saw what is not here.
    """

    name: str
    size: int = 0
    failures: int = 0
    error: str | None = None
    contradicts: bool = False


class Target:
    """The checkpoint that every witness is asked for: they have to meet at one size.

    On a busy log each look finds a newer one, and no quorum would ever cosign the same.
    """

    def __init__(self, log: Log, *, hold_s: float = HOLD_S) -> None:
        self._log = log
        self._hold_s = hold_s
        self._lock = threading.Lock()
        self._held: StoredCheckpoint | None = None
        self._since = 0.0

    def newest(self) -> StoredCheckpoint | None:
        """Return the newest checkpoint there is."""
        with reading(self._log.engine) as snapshot:
            return snapshot.newest_checkpoint()

    def get(self) -> StoredCheckpoint | None:
        """Return the newest checkpoint, or the one that has not been held for long enough."""
        with self._lock:
            if self._held is None or time.monotonic() - self._since >= self._hold_s:
                newest = self.newest()
                if newest is not None and (self._held is None or newest.size != self._held.size):
                    self._held, self._since = newest, time.monotonic()
            return self._held


class Asker(ABC):
    """Asks one of those who see this log, round after round."""

    pause_s = POLL_S

    def __init__(self, log: Log, name: str, report: Report, timeout_s: float) -> None:
        self.status = Status(name)
        self._log = log
        self._report = report
        self._timeout_s = timeout_s

    def round(self) -> float:
        """Ask once; return seconds until the next round."""
        self.status.contradicts = False
        try:
            self._ask()
        except ContradictedError as error:
            self.status.contradicts = True
            with suppress(StorageError):  # said all the same, and found again in the next round
                self._log.anchor.stop(str(error))
            return self._failed(str(error))
        except (PinyuanError, RefusedError) as error:
            return self._failed(str(error))
        if self.status.error is not None:
            self._report(f"{self.status.name}: {self._well()}")
        self.status.failures, self.status.error = 0, None
        return self.pause_s

    @abstractmethod
    def _ask(self) -> None:
        """Ask.

        Raises:
            PinyuanError, RefusedError: there is no answer to go by.
            ContradictedError: it saw what is not here.

        """

    def _well(self) -> str:
        return "answers again"

    def _failed(self, why: str) -> float:
        status = self.status
        if why != status.error:
            self._report(f"{status.name}: {why}")
        status.failures, status.error = status.failures + 1, why
        return min(MAX_BACKOFF_S, BACKOFF_S * float(1 << min(status.failures - 1, 20)))

    def follow(self, stop: threading.Event) -> None:
        """Go round until told to stop."""
        wait_s = 0.0
        while not stop.wait(wait_s):
            wait_s = self.round()


class Place(Asker):
    """Looks what a place has where the log is published: a copy of its tiles, an export, a replayer's."""

    pause_s = LOOK_S

    def __init__(
        self,
        log: Log,
        at: str,
        *,
        report: Report = lambda _: None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        super().__init__(log, at, report, timeout_s)

    def _ask(self) -> None:
        at = self.status.name
        if at.startswith(WEB):
            found = fetch(
                "GET", f"{at}/{CHECKPOINT}", limit=MAX_NOTE_SIZE, timeout_s=self._timeout_s
            )
            if found.status != 200:  # noqa: PLR2004
                msg = f"answers {found.status}"
                raise RefusedError(msg)
            raw = found.body
        else:
            try:
                raw = read_at_most(Path(at) / CHECKPOINT, MAX_NOTE_SIZE)
            except OSError as error:
                msg = f"{error.strerror}"
                raise RefusedError(msg) from error
        self.status.size = hold(self._log, decode_note(raw), at).size


class Follower(Asker):
    """Brings one witness up to the newest checkpoint, round after round."""

    def __init__(
        self,
        log: Log,
        witness: Witness,
        *,
        target: Target | None = None,
        report: Report = lambda _: None,
        timeout_s: float = TIMEOUT_S,
        now_s: Callable[[], float] = time.time,
        world: WorldTime | None = None,
        at_once: bool = False,
    ) -> None:
        """Args: ``at_once`` asks in any case, however fresh its last cosignature is."""
        super().__init__(log, witness.vkey.name, report, timeout_s)
        self.witness = witness
        self._target = target or Target(log, hold_s=0)  # a lone one meets nobody
        self._now_s = now_s
        self._world = world or WorldTime(log.clock)
        self._at_once = at_once
        self._size: int | None = None
        """Where the witness stands, as far as known; None: what was stored says."""

    def _ask(self) -> None:
        try:
            self._bring_up()
        except BaseException:
            self._size = None
            raise

    def _well(self) -> str:
        return f"cosigns again, size {self.status.size}"

    def _bring_up(self) -> None:
        stored = self._target.get()
        with reading(self._log.engine) as snapshot:
            known = newest_by(snapshot, self.witness.vkey)
        if known is not None:
            self.status.size = known[0]
        if stored is None:
            return
        if known is not None and known[0] == stored.size:
            age_s = self._now_s() - known[1]
            if age_s < REFRESH_S and not self._at_once:
                return
        if self._size is None:
            self._size = 0 if known is None else known[0]
        for _ in range(TRIES):
            if self._submit(stored):
                return
        msg = f"names another size {TRIES} times"
        raise RefusedError(msg)

    def _submit(self, stored: StoredCheckpoint) -> bool:
        """Submit once; return whether it cosigned, False where it stands at another size."""
        old, size = self._size or 0, stored.size
        if old > size:
            here = head_size(self._log)
            if old <= here:
                return True  # another host has asked it for a newer one meanwhile
            raise behind(f"witness {self.status.name}", old, here)
        note = parse_note(stored.note)
        request = AddCheckpoint(old, tuple(self._proof(old, size)), note)
        answer = fetch(
            "POST",
            self.witness.url + ADD_CHECKPOINT,
            body=request.encode(),
            headers={"Content-Type": "text/plain; charset=utf-8"},
            limit=MAX_ANSWER,
            timeout_s=self._timeout_s,
        )
        if answer.status == 200:  # noqa: PLR2004
            self._keep(answer.body, note.text, size)
            return True
        self._size = self._moved(answer, old, size)
        return False

    def _keep(self, body: bytes, text: str, size: int) -> None:
        """Verify the cosignature and store it."""
        try:
            line, time_s = open_answer(body, text, self.witness.vkey)
        except (MalformedError, SignatureError) as error:
            msg = f"answers 200 without its cosignature: {error}"
            raise RefusedError(msg) from error
        try:
            check_time(time_s, int(self._now_s()))
        except ClockError as error:
            msg = f"its cosignature is {error}"
            raise RefusedError(msg) from error
        store_cosignature(self._log.engine, size, line, time_s=time_s)
        self._size = self.status.size = size
        self._world.saw(self.status.name, time_s)

    def _moved(self, answer: Answer, old: int, new: int) -> int:
        """Return the size a conflict names.

        Raises:
            ContradictedError: it holds another history: of the size it was asked from the same root
                is missing (409), or the proof from what it holds does not verify (422).
            RefusedError: any other answer, or one that contradicts itself.

        """
        sized = answer.status == 409 and answer.media_type == SIZE_TYPE  # noqa: PLR2004
        no_proof = answer.status == 422 and old > 0  # noqa: PLR2004
        no_root = answer.status == 409 and not sized and 0 < old == new  # noqa: PLR2004
        if no_proof or no_root:
            raise split(f"witness {self.status.name}", old)
        if not sized:
            said = answer.body[:200].decode(errors="replace").strip()
            msg = f"answers {answer.status}: {said!r}"
            raise RefusedError(msg)
        try:
            size = parse_size(answer.body)
        except MalformedError as error:
            msg = f"answers 409 without a size: {error}"
            raise RefusedError(msg) from error
        if size == old == new:
            raise split(f"witness {self.status.name}", old)
        if size == old:
            msg = f"answers that it stands at {size}, where the request starts"
            raise RefusedError(msg)
        return size

    def _proof(self, old: int, size: int) -> Sequence[bytes]:
        if not 0 < old < size:
            return ()
        with reading(self._log.engine) as snapshot:
            return prove_consistency(old, size, self._log.publisher.tree(snapshot, size))


def askers(
    log: Log,
    witnesses: Sequence[Witness],
    published: Sequence[str] = (),
    *,
    report: Report = lambda _: None,
    timeout_s: float = TIMEOUT_S,
    at_once: bool = False,
) -> list[Asker]:
    """Return who asks each of those who see this log."""
    target, world = Target(log), WorldTime(log.clock)
    return [
        *(Place(log, at, report=report, timeout_s=timeout_s) for at in published),
        *(
            Follower(
                log,
                item,
                target=target,
                report=report,
                timeout_s=timeout_s,
                world=world,
                at_once=at_once,
            )
            for item in witnesses
        ),
    ]


def _spread(asking: Sequence[Asker], work: Callable[[Asker], object]) -> list[threading.Thread]:
    threads = [
        threading.Thread(target=work, args=(item,), name=item.status.name, daemon=True)
        for item in asking
    ]
    for thread in threads:
        thread.start()
    return threads


def ask_once(log: Log, witnesses: Sequence[Witness], published: Sequence[str]) -> list[Status]:
    """Ask all at once, for ``ASK_S`` at most; return how each of them does.

    Where one contradicts what is here the log is stopped, also behind that time.
    """
    asking = askers(log, witnesses, published, timeout_s=ASK_S, at_once=True)
    deadline = time.monotonic() + ASK_S
    found = []
    for item, thread in zip(asking, _spread(asking, Asker.round), strict=True):
        thread.join(max(0.0, deadline - time.monotonic()))
        late = thread.is_alive()
        why = f"no whole answer within {ASK_S:g} s" if late else item.status.error
        found.append(replace(item.status, error=why))
    return found


def run(
    log: Log,
    witnesses: Sequence[Witness],
    stop: threading.Event,
    *,
    published: Sequence[str] = (),
    report: Report = lambda _: None,
) -> None:
    """Follow all until ``stop``; returns within a second of it.

    Threads that wait for a slow witness then are left to their deadline: they hold nothing
    that anybody needs.
    """
    asking = askers(log, witnesses, published, report=report)
    threads = _spread(asking, lambda item: item.follow(stop))
    stop.wait()
    deadline = time.monotonic() + 1
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))


def run_alone(log: Log, settings: Settings, stop: threading.Event, report: Report) -> None:
    """Follow all who see this log; where another process of its directory does, wait for its end.

    Raises:
        StorageError: the lock file cannot be made.

    """
    path = settings.directory / "witnesses.lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StorageError("{path}: {why}", path=path, why=cause(error)) from error
    try:
        while not stop.is_set():
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                stop.wait(2.0)
                continue
            run(log, settings.witnesses, stop, published=settings.published, report=report)
    finally:
        os.close(handle)
