"""A serving process's line to the writing process: found, or started, and told when it is cut."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import msgspec

from api.writing.wire import Failed, Frames, Open, Opened, frame
from api.writing.writer import address, is_taken
from ledger.errors import LedgerError

START_S = 60.0  # a writer that opens a ledger signs first what a crash left unsigned
ANSWER_S = 10.0  # one that runs says so between two batches
LOOK_S = 0.05
END_S = 5.0


class UnreachableError(Exception):
    """There is no writer; ``failed``: why, in its own words."""

    def __init__(self, failed: Failed) -> None:
        self.failed = failed
        super().__init__(str(failed.why))


class _Link(asyncio.Protocol):
    """One connection: its first message says whether a writer serves there."""

    def __init__(self, received: Callable[[bytes], None], lost: Callable[["_Link"], None]) -> None:
        self._received = received
        self._lost = lost
        self._frames = Frames()
        self.opened: asyncio.Future[Opened | None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        for raw in self._frames.feed(data):
            if self.opened.done():
                self._received(raw)
            else:
                self.opened.set_result(msgspec.msgpack.decode(raw, type=Opened))

    def connection_lost(self, exc: Exception | None) -> None:
        del exc  # whatever cut it: nothing more comes
        self.transport = None
        if self.opened.done():
            self._lost(self)
        else:
            self.opened.set_result(None)


class Line:
    """The connection to a directory's writer."""

    def __init__(
        self,
        directory: Path,
        passphrase: bytes | None,
        received: Callable[[bytes], None],
        lost: Callable[[], None],
    ) -> None:
        """Args: ``received`` takes each message behind the first, ``lost`` the end of a line."""
        self._directory = directory
        self._passphrase = passphrase
        self._received = received
        self._lost = lost
        self._link: _Link | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_open(self) -> bool:
        """Return whether a writer is there."""
        return self._link is not None

    async def open(self) -> None:
        """Reach the directory's writer; start one where none is.

        Raises:
            UnreachableError: it cannot open the ledger for writing, or does not answer.

        """
        until = time.monotonic() + START_S
        while not await self._found():
            if not is_taken(self._directory) and await self._started():
                return
            if time.monotonic() > until:
                raise UnreachableError(
                    Failed.of(LedgerError("the writing process does not answer"))
                )
            await asyncio.sleep(LOOK_S)  # another serving process starts one right now

    def send(self, message: msgspec.Struct) -> None:
        """Send a message; where the line is cut meanwhile, ``lost`` says so."""
        if self._link is not None and self._link.transport is not None:
            self._link.transport.write(frame(message))

    async def close(self) -> None:
        """Leave; a writer that this process started ends with the last who leaves."""
        link, self._link = self._link, None
        if link is not None and link.transport is not None:
            link.transport.close()
        await self._ended()

    async def _ended(self) -> None:
        """Wait a while for the process that was started here: it ends when all have left it."""
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self._process.wait, END_S)

    def _new_link(self) -> _Link:
        return _Link(self._received, self._cut)

    def _cut(self, link: _Link) -> None:
        if link is self._link:
            self._link = None
            self._lost()

    async def _found(self) -> bool:
        """Return whether a writer listens, and take it."""
        loop = asyncio.get_running_loop()
        try:
            with address(self._directory) as path:
                _, link = await loop.create_unix_connection(self._new_link, path)
        except OSError:
            return False
        return await self._take(link, ANSWER_S) is not None

    async def _started(self) -> bool:
        """Start a writer and return whether it serves; another one may be faster.

        Raises:
            UnreachableError: it says why it cannot.

        """
        await self._ended()  # the last one, which was killed or had nothing to do
        ours, theirs = socket.socketpair()
        with theirs:
            self._spawn(theirs.fileno())
        loop = asyncio.get_running_loop()
        _, link = await loop.create_unix_connection(self._new_link, sock=ours)
        if link.transport is not None:
            link.transport.write(frame(Open(str(self._directory), self._passphrase)))
        opened = await self._take(link, START_S)
        if opened is None:
            raise UnreachableError(Failed.of(LedgerError("the writing process did not start")))
        return not opened.taken

    def _spawn(self, handle: int) -> None:
        # No child of multiprocessing: that ends with whoever started it, and this one serves all.
        self._process = subprocess.Popen(  # noqa: S603 - this program
            [sys.executable, "-P", "-m", "api.writing.writer", str(handle)],
            pass_fds=[handle],
            stdin=subprocess.DEVNULL,
        )

    async def _take(self, link: _Link, patience_s: float) -> Opened | None:
        """Wait for a connection's first message; keep the connection where a writer serves.

        Raises:
            UnreachableError: there is one, and it cannot write.

        """
        try:
            async with asyncio.timeout(patience_s):
                opened = await link.opened
        except TimeoutError:
            opened = None
        serves = opened is not None and opened.failed is None and not opened.taken
        if serves and link.transport is not None:
            self._link = link
            return opened
        if link.transport is not None:
            link.transport.close()
        if opened is not None and opened.failed is not None:
            raise UnreachableError(opened.failed)
        return None if serves else opened
