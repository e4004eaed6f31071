"""Standard output as a command has it: what cannot be written is an error in a sentence, as of any other file."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ledger.errors import StorageError
from ledger.texts import cause


class Output(io.TextIOWrapper):
    """Standard output, whoever writes to it: the command, or what prints its help."""

    def write(self, text: str, /) -> int:
        """Write.

        Raises:
            StorageError: it went nowhere, to a full disk for instance.

        """
        with _told():
            return super().write(text)

    def flush(self) -> None:
        """Write out what waits.

        Raises:
            StorageError: it went nowhere.

        """
        with _told():
            super().flush()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        drop_output()
        raise
    except OSError as error:
        drop_output()
        raise StorageError("standard output: {why}", why=cause(error)) from error


def take_over_output() -> None:
    """Have standard output and error in UTF-8, whatever the locale; nobody else's are touched."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    own = sys.__stdout__
    if isinstance(own, io.TextIOWrapper) and sys.stdout is own:
        sys.stdout = Output(
            own.detach(),
            encoding="utf-8",
            errors="backslashreplace",
            line_buffering=own.line_buffering,
        )


def end_output() -> None:
    """Write out what waits, once a command is through; whoever closed standard output wants nothing.

    Raises:
        StorageError: it went nowhere.

    """
    if sys.stdout is not None:
        sys.stdout.flush()


def drop_output() -> None:
    """Let what waits go nowhere: Python would try to write it again at its end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
