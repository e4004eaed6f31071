"""Asking witnesses to cosign: one thread for each, so that a slow one holds up nobody.

Registration never waits for this: it works on what is published. What a witness says is
believed only as far as it verifies; sizes it claims decide where the next proof starts, and
nothing else.
"""

import fcntl
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.witnessing.fetch import Answer, fetch
from ledger.errors import ClockError, MalformedError, PinyuanError, SignatureError, StorageError
from ledger.settings import Witness
from ledger.store.cosignatures import check_time, newest_by, store_cosignature
from ledger.store.reads import StoredCheckpoint, reading
from ledger.tlog.merkle import prove_consistency
from ledger.tlog.note import parse_note
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
MAX_BACKOFF_S = 300.0

Report = Callable[[str], None]


class RefusedError(Exception):
    """The witness did not cosign, and why."""


@dataclass(slots=True)
class Status:
    """How a witness does: the newest size it cosigned, what went wrong since."""

    name: str
    size: int = 0
    failures: int = 0
    error: str | None = None


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


class Follower:
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
    ) -> None:
        self.witness = witness
        self.status = Status(witness.vkey.name)
        self._log = log
        self._target = target or Target(log, hold_s=0)  # a lone one meets nobody
        self._report = report
        self._timeout_s = timeout_s
        self._now_s = now_s
        self._size: int | None = None
        """Where the witness stands, as far as known; None: what was stored says."""

    def round(self) -> float:
        """Have the newest checkpoint cosigned if it is not; return seconds until the next round."""
        try:
            self._bring_up()
        except (PinyuanError, RefusedError) as error:
            return self._failed(str(error))
        if self.status.error is not None:
            self._report(f"{self.status.name}: cosigns again, size {self.status.size}")
        self.status.failures, self.status.error = 0, None
        return POLL_S

    def _failed(self, why: str) -> float:
        status = self.status
        if why != status.error:
            self._report(f"{status.name}: {why}")
        status.failures, status.error = status.failures + 1, why
        self._size = None
        return min(MAX_BACKOFF_S, BACKOFF_S * float(1 << min(status.failures - 1, 20)))

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
            if age_s < REFRESH_S:
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
            newest = self._target.newest()
            if newest is not None and old <= newest.size:
                return True  # another host has asked it for a newer one meanwhile
            msg = (
                f"has seen size {old} of this log, here are {size}: "
                "an older backup, or a witness that lies"
            )
            raise RefusedError(msg)
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
        self._size = self._moved(answer, old)
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

    def _moved(self, answer: Answer, old: int) -> int:
        """Return the size a conflict names.

        Raises:
            RefusedError: any other answer, or one that contradicts itself.

        """
        if answer.status != 409 or answer.content_type != SIZE_TYPE:  # noqa: PLR2004
            said = answer.body[:200].decode(errors="replace").strip()
            msg = f"answers {answer.status}: {said!r}"
            raise RefusedError(msg)
        try:
            size = parse_size(answer.body)
        except MalformedError as error:
            msg = f"answers 409 without a size: {error}"
            raise RefusedError(msg) from error
        if size == old:
            msg = f"answers that it stands at {size}, where the request starts"
            raise RefusedError(msg)
        return size

    def _proof(self, old: int, size: int) -> Sequence[bytes]:
        if not 0 < old < size:
            return ()
        with reading(self._log.engine) as snapshot:
            return prove_consistency(old, size, self._log.publisher.tree(snapshot, size))

    def follow(self, stop: threading.Event) -> None:
        """Go round until told to stop."""
        wait_s = 0.0
        while not stop.wait(wait_s):
            wait_s = self.round()


def run(
    log: Log,
    witnesses: Sequence[Witness],
    stop: threading.Event,
    *,
    report: Report = lambda _: None,
) -> None:
    """Follow all witnesses until ``stop``; returns within a second of it.

    Threads that wait for a slow witness then are left to their deadline: they hold nothing
    that anybody needs.
    """
    target = Target(log)
    followers = [Follower(log, item, target=target, report=report) for item in witnesses]
    threads = [
        threading.Thread(target=item.follow, args=(stop,), name=item.status.name, daemon=True)
        for item in followers
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    deadline = time.monotonic() + 1
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))


def run_alone(
    log: Log, witnesses: Sequence[Witness], directory: Path, stop: threading.Event, report: Report
) -> None:
    """Follow all witnesses; where another process of this ledger's directory does, wait for its end.

    Raises:
        StorageError: the lock file cannot be made.

    """
    path = directory / "witnesses.lock"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        msg = f"{path}: {error.strerror}"
        raise StorageError(msg) from error
    try:
        while not stop.is_set():
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                stop.wait(2.0)
                continue
            run(log, witnesses, stop, report=report)
    finally:
        os.close(handle)
