"""Re-derive a whole ledger from its bytes and hold every claim against it.

Ranges of 2**13 entries are parsed and their signatures verified in worker processes;
what must go in order (chain, tree, histories, seals, checkpoints, and with ``replay``
the registration rules) is merged here. The first wrong entry and its field are named.
"""

import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, TypeVar

from ledger.audit.merge import Merge, Report
from ledger.audit.ranges import Checked, check_range, check_signed, open_worker, work
from ledger.cose.keys import EDDSA, PublicKey
from ledger.errors import AuditError
from ledger.files.reader import LedgerReader, ranges
from ledger.primitives.cycles import uncollected
from ledger.texts import saying
from ledger.tlog.note import VerifierKey

__all__ = ["RANGE", "Report", "available_cores", "verify_ledger"]

RANGE = 1 << 13
AHEAD = 3  # ranges handed out for each worker before their results are needed

T = TypeVar("T")


def _run(executor: Executor | None, function: Callable[..., T], *arguments: Any) -> Future[T]:
    """Submit to a worker, or do it here and now."""
    if executor is not None:
        return executor.submit(function, *arguments)
    future: Future[T] = Future()
    future.set_result(function(*arguments))
    return future


def available_cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def verify_ledger(
    reader: LedgerReader,
    *,
    replay: bool = False,
    workers: int | None = None,
    log_key: VerifierKey | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Re-derive a ledger; return what it is.

    Args:
        reader: where it lies.
        replay: also review every statement by the registration rules.
        workers: processes for parsing and signatures; the processors' number by default.
        log_key: the log key it must have; without one, the key its genesis names.
        progress: called with the number of entries merged so far.

    Raises:
        AuditError: names the first entry (or row, or file) that is wrong, and its field.

    """
    size = reader.size()
    if size < 1:
        raise AuditError(reader.name(), "size", saying("an empty ledger has no genesis"))
    count = available_cores() if workers is None else workers
    merge = Merge(reader, replay=replay, log_key=log_key)
    with uncollected():
        return _verify(merge, reader, size, count, progress)


def _verify(
    merge: Merge, reader: LedgerReader, size: int, count: int, progress: Callable[[int], None]
) -> Report:
    if count < 2 or size <= 2 * RANGE:  # noqa: PLR2004 - a process costs more than it saves
        return _merge_all(merge, None, reader, size, 1, progress)
    pool = ProcessPoolExecutor(
        count, mp_context=get_context("spawn"), initializer=open_worker, initargs=reader.reopen()
    )
    with pool as executor:
        try:
            return _merge_all(merge, executor, reader, size, count, progress)
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise


def _merge_all(
    merge: Merge,
    executor: Executor | None,
    reader: LedgerReader,
    size: int,
    workers: int,
    progress: Callable[[int], None],
) -> Report:
    pending: deque[Future[Checked]] = deque()
    signed: deque[Future[AuditError | None]] = deque()
    head = RANGE // 8 if executor is not None else 0
    if head:
        # Most keys enter early: known here first, the workers can verify what they signed.
        _merge_one(merge, None, reader, check_range(reader, 0, head, []), signed, progress)
    todo = ((max(start, head), stop) for start, stop in ranges(size, RANGE) if stop > head)

    def submit(start: int, stop: int) -> None:
        known = [(key.alg, key.x, key.y) for key in merge.keys.values()]
        if executor is None:
            pending.append(_run(None, check_range, reader, start, stop, known))
        else:
            pending.append(_run(executor, work, start, stop, known))

    for start, stop in todo:
        submit(start, stop)
        if len(pending) >= (AHEAD * workers if executor else 1):
            _merge_one(merge, executor, reader, pending.popleft().result(), signed, progress)
    while pending:
        _merge_one(merge, executor, reader, pending.popleft().result(), signed, progress)
    while signed:
        _raise_signed(signed.popleft().result())
    return merge.finish()


def _merge_one(
    merge: Merge,
    executor: Executor | None,
    reader: LedgerReader,
    checked: Checked,
    signed: deque[Future[AuditError | None]],
    progress: Callable[[int], None],
) -> None:
    leaves = None
    if merge.replay:
        count = len(checked.histories)
        leaves = reader.entries(checked.start, checked.start + count).leaves if count else []
    items = merge.merge(checked, leaves)
    if items:
        assert merge.log_key is not None  # noqa: S101 - genesis came first
        kid = PublicKey(EDDSA, merge.log_key.key).kid
        signed.append(_run(executor, check_signed, str(merge.log_key), kid, items))
    while signed and signed[0].done():
        _raise_signed(signed.popleft().result())
    progress(merge.tree.size)


def _raise_signed(problem: AuditError | None) -> None:
    if problem is not None:
        raise problem
