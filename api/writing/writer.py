"""The writing process: it alone holds keys and registers, for all serving processes of a directory.

Verification, rules, commit and signatures take a processor of their own, so the loops that
speak HTTP stay quick. Whatever arrived from any of them while a batch was written shares the
next one: index pages and folds stay in one memory, and a batch's fixed cost is paid once.

Serving processes are equal. Who finds no writer starts one; it holds ``writer.lock`` in the
directory, listens at ``writer.sock``, and ends when the last of them is gone. A second one,
of another directory or user, is kept apart by the database's own lock.
"""

import asyncio
import contextlib
import fcntl
import gc
import os
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import msgspec

from api.http.logs import run_logged
from api.writing.wire import (
    LOCK,
    SOCKET,
    Accepted,
    Answer,
    Failed,
    Frames,
    Open,
    Opened,
    Rejected,
    Request,
    Result,
    frame,
)
from ledger.cosigning.opening import open_to_write
from ledger.errors import (
    LogCorruptError,
    PinyuanError,
    ReadOnlyError,
)
from ledger.settings import open_signer, read_settings
from ledger.store.engine import make_engine
from ledger.writing.log import Log, Outcome, Registered
from ledger.writing.opening import clock_of

HEARTBEAT_S = 60.0  # how often an idle writer looks whether ten minutes have passed
AGAIN_S = 0.5  # behind a batch that failed: it may be committed, and then waits for its signature
OPEN_S = 10.0  # whoever started this process says by then which ledger is meant
MAX_BATCH = 2_000  # statements under one seal: a third of a second of work
SINGLES = 100  # a request of fewer statements goes before the chunks of large ones
YOUNG_EVERY = 50  # batches between two looks for young cycles
SEND_S = 0.1  # so long answers are waited for that a serving process is slow to read
PAUSE_S = 0.0005
BACKLOG = 64
MAX_ADDRESS = 100  # bytes of a local socket's path that every system takes


def open_writer(directory: Path, passphrase: bytes | None) -> Log:
    """Open the ledger in a directory with its keys.

    Raises:
        ReadOnlyError: it must not be written now.

    """
    settings = read_settings(directory)
    log = open_to_write(
        settings,
        make_engine(settings.database_url),
        clock=clock_of(settings.clock, settings.anchor),
        signer=open_signer(settings, passphrase),
    )
    if log.read_only is not None:
        raise ReadOnlyError(log.read_only)
    return log


@contextlib.contextmanager
def address(directory: Path) -> Iterator[str]:
    """Give the path of the writer's socket, short enough for the system."""
    path = directory / SOCKET
    if len(os.fsencode(path)) <= MAX_ADDRESS:
        yield str(path)
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{handle}/{SOCKET}"
    finally:
        os.close(handle)


def is_taken(directory: Path) -> bool:
    """Return whether a writer of this directory runs, or is about to."""
    with contextlib.ExitStack() as stack:
        try:
            handle = os.open(directory / LOCK, os.O_RDWR)
        except OSError:
            return False
        stack.callback(os.close, handle)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


class _Client(asyncio.Protocol):
    """One serving process."""

    def __init__(self, service: "_Service") -> None:
        self._service = service
        self._frames = Frames()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._service.joined(self)

    def data_received(self, data: bytes) -> None:
        for raw in self._frames.feed(data):
            self._service.asked(self, _REQUEST.decode(raw))

    def connection_lost(self, exc: Exception | None) -> None:
        del exc  # gone is gone; what it asked for is registered all the same
        self.transport = None
        self._service.left(self)

    def send(self, message: msgspec.Struct) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(frame(message))


_REQUEST = msgspec.msgpack.Decoder(Request)
_Asked = tuple[_Client, Request]


class _Service:
    """Requests of all serving processes, registered in as few batches as possible."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._clients: set[_Client] = set()
        self._singles: deque[_Asked] = deque()
        self._chunks: deque[_Asked] = deque()
        self._wake = asyncio.Event()
        self._batches = 0

    def joined(self, client: _Client) -> None:
        self._clients.add(client)
        client.send(Opened())

    def left(self, client: _Client) -> None:
        self._clients.discard(client)
        self._wake.set()

    def asked(self, client: _Client, request: Request) -> None:
        queue = self._singles if len(request.statements) < SINGLES else self._chunks
        queue.append((client, request))
        self._wake.set()

    async def run(self) -> None:
        """Register until the last serving process is gone, or nothing can be trusted any more."""
        beat = time.monotonic() + HEARTBEAT_S
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), max(0.0, beat - time.monotonic()))
            self._wake.clear()
            while batch := self._take():
                failed = self._register(batch)
                await self._sent()
                if failed is not None and failed.fatal:
                    return
                beat = time.monotonic() + (HEARTBEAT_S if failed is None else AGAIN_S)
            if not self._clients:
                return
            if time.monotonic() >= beat:
                beat = time.monotonic() + (HEARTBEAT_S if self._rest() else AGAIN_S)

    def _take(self) -> list[_Asked]:
        """Take the next batch: single statements first, and at least one chunk that waits."""
        batch: list[_Asked] = []
        size = 0
        for queue, least in ((self._singles, 0), (self._chunks, 1)):
            taken = 0
            while queue and (taken < least or size + len(queue[0][1].statements) <= MAX_BATCH):
                batch.append(queue.popleft())
                size += len(batch[-1][1].statements)
                taken += 1
        return batch

    def _register(self, batch: list[_Asked]) -> Failed | None:
        """Register a batch and answer each request; return what it failed with."""
        began = time.monotonic()
        found = _register(self._log, [raw for _, asked in batch for raw in asked.statements])
        if isinstance(found, Failed):
            for client, asked in batch:
                client.send(Answer(asked.number, [], found))
            if found.fatal:
                for client in self._clients:
                    client.send(Answer(0, [], found))
            return found
        per_s = len(found) / max(time.monotonic() - began, 1e-6)
        at = 0
        for client, asked in batch:
            results = found[at : at + len(asked.statements)]
            at += len(asked.statements)
            client.send(Answer(asked.number, results, per_s=per_s))
        self._batches += 1
        if self._batches % YOUNG_EVERY == 0:
            gc.collect(1)
        return None

    async def _sent(self) -> None:
        """Let answers go and read what arrived meanwhile: it shares the next batch."""
        until = time.monotonic() + SEND_S
        # One turn of the loop finds what has arrived, the next one has read it.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        while time.monotonic() < until and self._unsent():  # noqa: ASYNC110 - no event says so
            await asyncio.sleep(PAUSE_S)

    def _unsent(self) -> bool:
        """Return whether some answer has not gone out whole."""
        transports = [client.transport for client in self._clients]
        return any(item.get_write_buffer_size() for item in transports if item is not None)

    def _rest(self) -> bool:
        """Seal or sign what is due and look for cycles; return whether the ledger could be asked."""
        gc.collect()
        try:
            self._log.heartbeat()
        except LogCorruptError:
            raise
        except PinyuanError:
            return False  # the next batch says what is wrong
        return True


def _register(log: Log, statements: list[bytes]) -> list[Result] | Failed:
    try:
        outcomes = log.register(statements)
        receipts = log.receipts([o.index for o in outcomes if isinstance(o, Registered)])
    except PinyuanError as error:
        return Failed.of(error)
    return [_result(outcome, receipts) for outcome in outcomes]


def _result(outcome: Outcome, receipts: dict[int, bytes]) -> Result:
    if isinstance(outcome, Registered):
        receipt = receipts[outcome.index]
        return Accepted(outcome.id, outcome.index, receipt, outcome.new, outcome.remarks)
    return Rejected.of(outcome.id, tuple(outcome.refusals))


@contextlib.contextmanager
def _alone(directory: Path) -> Iterator[bool | None]:
    """Hold the directory's lock; give False where another writer has it, None without any.

    Where no lock file can be made, each serving process has a writer of its own.
    """
    try:
        handle = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield None
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        yield False
        return
    try:
        yield True
    finally:
        os.close(handle)


def _listen(directory: Path) -> socket.socket | None:
    """Return the listening socket, for this user only; None where it cannot be made."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        with address(directory) as path:
            # One may be left of a writer that was killed: who holds the lock is alone.
            Path(path).unlink(missing_ok=True)
            made.bind(path)
            made.listen(BACKLOG)
    except OSError:
        made.close()
        return None
    finally:
        os.umask(before)
    return made


def _forget(directory: Path) -> None:
    """Remove the socket before the lock is given up: nobody finds a writer that ends."""
    with contextlib.suppress(OSError), address(directory) as path:
        Path(path).unlink()


async def _serve(log: Log, directory: Path, first: socket.socket, *, shared: bool) -> None:
    loop = asyncio.get_running_loop()
    service = _Service(log)
    await loop.connect_accepted_socket(lambda: _Client(service), first)
    listening = _listen(directory) if shared else None
    if listening is None:
        await service.run()
        return
    server = await loop.create_unix_server(lambda: _Client(service), sock=listening)
    try:
        await service.run()
    finally:
        _forget(directory)
        server.close()


def _read_open(first: socket.socket) -> Open | None:
    """Return what whoever started this process says, None if it is gone already."""
    first.settimeout(OPEN_S)
    frames = Frames()
    while data := first.recv(65_536):
        for raw in frames.feed(data):
            return msgspec.msgpack.decode(raw, type=Open)
    return None


def write(first: socket.socket) -> None:
    """Serve a directory's serving processes until the last one is gone; ``first`` leads to one."""
    wanted = _read_open(first)
    if wanted is None:
        return
    directory = Path(wanted.directory)
    with _alone(directory) as alone:
        if alone is False:
            first.sendall(frame(Opened(taken=True)))
            return
        try:
            log = open_writer(directory, wanted.passphrase)
        except PinyuanError as error:
            failed = Failed.of(error)
            first.sendall(frame(Opened(failed)))
            return
        gc.collect()
        gc.freeze()
        gc.disable()  # a batch makes a million objects and no cycle; see _rest
        try:
            asyncio.run(_serve(log, directory, first, shared=alone is True))
        finally:
            log.engine.dispose()
            if log.signer is not None:
                log.signer.close()


def main(arguments: Sequence[str]) -> None:
    """Run the writing process on a socket it inherited."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the serving processes drain, then leave
    with contextlib.suppress(OSError), socket.socket(fileno=int(arguments[0])) as first:
        write(first)


if __name__ == "__main__":
    run_logged(main, sys.argv[1:])
