"""One JSON line per request on standard error: what was done, never for whom.

No address, no query string, no header, no party: a route's template, figures, and where a
statement was concerned its id, which is a hash that everybody can see in the log.
"""

import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO, cast

import msgspec
import structlog

_ENCODER = msgspec.json.Encoder(enc_hook=str)


def _stamp(_logger: object, _name: str, event: Any) -> Any:
    time = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {"time": time, **event}


def _encode(event: Any, **_: object) -> bytes:
    return _ENCODER.encode(event)


class Log:
    """Where lines go: bytes, each flushed as a whole."""

    def __init__(self, stream: BinaryIO | None = None) -> None:
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

    def fault(self, error: BaseException, route: str) -> None:
        """Write where an unforeseen error was raised; its text may name somebody, so not that."""
        frames = traceback.extract_tb(error.__traceback__)
        self._lines.msg(
            "fault",
            route=route,
            error=type(error).__name__,
            frames=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
        )
