"""One JSON line per request on standard error: what was done, never for whom.

No address, no query string, no header, no party: a route's template, figures, and where a
statement was concerned its id, which is a hash that everybody can see in the log.
"""

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

import msgspec
import structlog

SAID_S = 60.0  # what goes on is not said with every request
REMEMBERED = 100
_ENCODER = msgspec.json.Encoder(enc_hook=str)


def _stamp(_logger: object, _name: str, event: Any) -> Any:
    time = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {"time": time, **event}


def _encode(event: Any, **_: object) -> bytes:
    return _ENCODER.encode(event)


class FaultError(Exception):
    """An unforeseen error of another process: its type's name and its frames, never its text."""

    def __init__(self, name: str, frames: list[str]) -> None:
        self.name = name
        self.frames = frames
        super().__init__(name, frames)


def place_of(error: BaseException) -> tuple[str, list[str]]:
    """Return an error's type and the frames it was raised in; its text may name somebody."""
    if isinstance(error, FaultError):
        return error.name, error.frames
    frames = traceback.extract_tb(error.__traceback__)
    return type(error).__name__, [f"{one.filename}:{one.lineno} {one.name}" for one in frames]


class Log:
    """Where lines go: bytes, each flushed as a whole."""

    def __init__(self, stream: BinaryIO | None = None) -> None:
        self._said: dict[str, float] = {}
        self._target = target = cast("BinaryIO", sys.stderr.buffer) if stream is None else stream
        self._lines = structlog.wrap_logger(
            structlog.BytesLogger(target),
            processors=[_stamp, structlog.processors.JSONRenderer(serializer=_encode)],
            wrapper_class=structlog.BoundLogger,
            cache_logger_on_first_use=True,
        )

    def request(self, figures: Mapping[str, Any]) -> None:
        """Write the line of an answered request, past the logger: there are thousands a second."""
        line = _encode(_stamp(None, "request", {**figures, "event": "request"}))
        self._target.write(line + b"\n")
        self._target.flush()

    def event(self, event: str, **figures: Any) -> None:
        """Write what happened to the service itself."""
        self._lines.msg(event, **figures)

    def trouble(self, route: str, error: str) -> None:
        """Write what a problem did not tell strangers: the same text once in ``SAID_S``."""
        now = time.monotonic()
        if now - self._said.get(error, -SAID_S) < SAID_S:
            return
        if len(self._said) >= REMEMBERED:
            self._said.clear()
        self._said[error] = now
        self._lines.msg("trouble", route=route, error=error)

    def fault(self, error: BaseException, route: str) -> None:
        """Write where an unforeseen error was raised; its text may name somebody, so not that."""
        name, frames = place_of(error)
        self._lines.msg("fault", route=route, error=name, frames=frames)


class _Lines(logging.Handler):
    """What libraries log, as lines: the sentence, and where an error was raised."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line; of a text of many lines, such as a trace, the one that says what it is."""
        lines = record.getMessage().strip().splitlines() or [""]
        said = lines[-1 if lines[0].startswith("Traceback") else 0]
        more: dict[str, Any] = {}
        if record.exc_info is not None and record.exc_info[1] is not None:
            more["error"], more["frames"] = place_of(record.exc_info[1])
        self._log.event("said", by=record.name, level=record.levelname, said=said, **more)


def take_over(log: Log) -> None:
    """Let nothing in this process write to standard error but lines of JSON."""
    root = logging.getLogger()
    root.handlers[:] = [_Lines(log)]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)

    def fault(error: BaseException | None, where: str) -> None:
        if error is not None:
            log.fault(error, where)

    sys.excepthook = lambda _kind, error, _trace: fault(error, "process")
    threading.excepthook = lambda found: fault(found.exc_value, "thread")
    sys.unraisablehook = lambda found: fault(found.exc_value, "finalizer")


def run_logged(function: Callable[..., None], *arguments: Any) -> None:
    """Run what a process is for; what it does not foresee is a line, and exit code 1."""
    log = Log()
    take_over(log)
    try:
        function(*arguments)
    except Exception as error:
        log.fault(error, function.__module__)
        raise SystemExit(1) from error
