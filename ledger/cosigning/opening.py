"""Opening a ledger for writing: first those who see it are asked whether they have seen more."""

from collections.abc import Callable

from sqlalchemy import Engine

from ledger.cosigning.asking import ask_once
from ledger.errors import UsageError
from ledger.primitives.clock import Clock
from ledger.settings import Settings
from ledger.signer import Signer
from ledger.writing.log import Log
from ledger.writing.opening import open_log


def open_to_write(
    settings: Settings,
    engine: Engine,
    *,
    clock: Clock,
    signer: Signer,
    report: Callable[[str], None] = lambda _: None,
) -> Log:
    """Open a ledger with its keys; read-only where anybody who answers has seen what is not here.

    Whoever does not answer is told to ``report``, and stops nobody: it is asked on while the ledger
    is served, and the first that has seen more stops it then.

    Raises:
        UsageError, LogCorruptError: as ``open_log``; or the settings name another operator than genesis.

    """
    log = open_log(engine, anchor_path=settings.anchor, clock=clock, signer=signer)
    if settings.operator != log.operator:
        raise UsageError(
            "operator = {operator!r} in pinyuan.toml is not the operator in genesis, {operator_2!r}: write that",
            operator=settings.operator,
            operator_2=log.operator,
        )
    if log.read_only is None:
        for status in ask_once(log, settings.witnesses, settings.published):
            if status.error is not None and not status.contradicts:
                report(f"{status.name}: {status.error}")
    return log
