"""The process that holds the log key: ``pinyuan signer``.

It signs one line of checkpoints only, each proven to extend the one before and later in time, none
dated ahead of its own clock, and receipts for nothing but their roots. What it signed last is on disk before it signs: a
crash in between leaves a checkpoint it will sign again, never two that contradict each other.
"""

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger.cose.keys import PrivateKey
from ledger.errors import (
    CheckpointError,
    MalformedError,
    PinyuanError,
    ProofError,
    StorageError,
    UsageError,
)
from ledger.primitives.clock import AHEAD_S, too_far_ahead_s
from ledger.primitives.durable import check_sum, replace_file
from ledger.primitives.strict import parse_decimal
from ledger.signer import Signatures, log_vkey, sign_batch
from ledger.signer.wire import (
    LENGTH_SIZE,
    SignRequest,
    decode,
    frame,
    frame_size,
    peer_uid,
    sign_request,
)
from ledger.texts import cause
from ledger.tlog.checkpoint import Checkpoint, parse_checkpoint
from ledger.tlog.merkle import EMPTY_ROOT, verify_consistency

MAX_CONNECTIONS = 64
FRAME_S = 5.0  # a frame that began is complete by then
MAX_STATE = 4_096
FIRST_HANDED_OVER = 3  # SD_LISTEN_FDS_START


class MovedError(Exception):
    """The request starts from another size than the one that was signed last."""

    def __init__(self, size: int) -> None:
        self.size = size
        super().__init__(size)


@dataclass(frozen=True, slots=True)
class Last:
    """What was signed last: a checkpoint, and its seal's time; size 0 before the first."""

    checkpoint: Checkpoint
    time_us: int

    def encode(self) -> bytes:
        r"""Return the state file: ``<origin>\n<size>\n<root>\n<time in microseconds> <sum>\n``."""
        bare = f"{self.checkpoint.text()}{self.time_us}"
        return f"{bare} {check_sum(bare)}\n".encode()

    @classmethod
    def decode(cls, raw: bytes) -> "Last":
        """Read a state file; another spelling is refused, and another sum than that of its bytes.

        One of a release that wrote no sum is taken.
        """
        try:
            head, _, line = raw.decode().removesuffix("\n").rpartition("\n")
            time, blank, _ = line.partition(" ")
            last = cls(parse_checkpoint(head + "\n"), parse_decimal(time))
        except UnicodeDecodeError as error:
            raise MalformedError("not UTF-8") from error
        bare = f"{last.checkpoint.text()}{last.time_us}\n".encode()
        if raw != (last.encode() if blank else bare):
            raise MalformedError(
                "not in its one spelling, or its bytes have another sum than it says"
            )
        return last


class Guard:
    """The log key, and the state file that says what it signed."""

    def __init__(self, key: PrivateKey, state: Path, last: Last) -> None:
        """Use ``guarding``."""
        self.vkey = log_vkey(last.checkpoint.origin, key)
        self._key = key
        self._state = state
        self._written = False
        """Whether this process wrote ``last``: what another one left may be readable and not durable."""
        self.last = last

    def begin(self) -> None:
        """Write the state of a new log, once nothing else keeps it from being signed for.

        Raises:
            StorageError: it cannot be written.

        """
        if not self.last.checkpoint.size:
            self._write(self.last)

    def sign(self, request: SignRequest, now_us: int) -> Signatures:
        """Sign a checkpoint that extends the last one, ``now_us`` by this machine's clock.

        Raises:
            MovedError: the request starts from another size.
            CheckpointError, ProofError: older than the last, inconsistent with it, not later, or too far ahead of the clock.
            StorageError: the state could not be written; nothing is signed.

        """
        last, new = self.last, Checkpoint(self.vkey.name, request.size, request.root)
        if new.size < max(1, last.checkpoint.size):
            raise CheckpointError(
                "size {size} is older than {size_2}, which is signed",
                size=new.size,
                size_2=last.checkpoint.size,
            )
        if new.size == last.checkpoint.size:
            if (new.root, request.time_us) != (last.checkpoint.root, last.time_us):
                raise CheckpointError(
                    "size {size} is signed with another root or time", size=new.size
                )
            if not self._written:
                self._write(last)
        else:
            self._extend(request, new, now_us)
        return sign_batch(new, request.time_us, self.vkey, self._key.sign)

    def _extend(self, request: SignRequest, new: Checkpoint, now_us: int) -> None:
        last = self.last
        if request.old != last.checkpoint.size:
            raise MovedError(last.checkpoint.size)
        if request.old:
            verify_consistency(
                old=request.old,
                size=new.size,
                old_root=last.checkpoint.root,
                root=new.root,
                proof=request.proof,
            )
        elif request.proof:
            raise ProofError("nothing was signed before: a proof proves nothing")
        if request.time_us <= last.time_us:
            raise CheckpointError(
                "its time {time_us} is not later than {time_us_2}, which is signed",
                time_us=request.time_us,
                time_us_2=last.time_us,
            )
        ahead_s = too_far_ahead_s(request.time_us, now_us)
        if ahead_s:
            # Nothing earlier is signed behind it: one of the year 2100 would end the log.
            raise CheckpointError(
                "its time {time_us} is {ahead_s} s ahead of the signer's clock: at most {most_s}",
                time_us=request.time_us,
                ahead_s=ahead_s,
                most_s=AHEAD_S,
            )
        self._write(Last(new, request.time_us))
        # Killed here, it has signed nothing; asked again for the same checkpoint, it will.

    def _write(self, last: Last) -> None:
        replace_file(self._state, last.encode(), mode=0o600)
        self.last, self._written = last, True


@contextlib.contextmanager
def guarding(key: PrivateKey, state: Path, *, new: str | None = None) -> Iterator[Guard]:
    """Open the state file, alone; with ``new`` there is none yet, and one of the log of that name begins.

    It is written by ``Guard.begin``, or with what is signed first.

    Raises:
        UsageError: another signer has it, it is missing, or it is there already.
        StorageError: it cannot be read.

    """
    state = state.resolve()  # of a link, the file that it leads to: two names are one signer
    try:
        lock = os.open(state.with_name(f"{state.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StorageError("signer state {state}: {why}", state=state, why=cause(error)) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise UsageError(
                "signer state {state}: another signer is running on it", state=state
            ) from error
        yield Guard(key, state, _open_state(state, new))
    finally:
        os.close(lock)


def _open_state(state: Path, new: str | None) -> Last:
    try:
        raw = state.read_bytes()
    except FileNotFoundError as error:
        if new is None:
            raise UsageError(
                "no signer state {state}: a key whose state is lost could sign a second history; start a new log's with --new ORIGIN",
                state=state,
            ) from error
        return Last(Checkpoint(new, 0, EMPTY_ROOT), 0)
    except OSError as error:
        raise StorageError("signer state {state}: {why}", state=state, why=cause(error)) from error
    if new is not None:
        raise UsageError("signer state {state}: exists already, start without --new", state=state)
    try:
        return Last.decode(raw[:MAX_STATE])
    except MalformedError as error:
        raise StorageError("signer state {state}: {why}", state=state, why=error) from error


def answer(guard: Guard, raw: bytes, now_us: int) -> list[Any]:
    """Return the answer to one message, at a time by this machine's clock."""
    try:
        match decode(raw):
            case ["hello"]:
                return ["log", str(guard.vkey), guard.last.checkpoint.size]
            case ["sign", *arguments]:
                signed = guard.sign(sign_request(arguments), now_us)
                return ["signed", signed.checkpoint, signed.receipts]
            case _:
                return ["refused", "not a question a signer answers"]
    except MovedError as moved:
        return ["moved", moved.size]
    except PinyuanError as error:
        return ["refused", str(error)[:500]]


class _Service:
    """One socket; every connection is of one user and asks one thing at a time."""

    def __init__(self, guard: Guard, uid: int) -> None:
        self._guard = guard
        self._uid = uid
        self._open = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until its end."""
        self._open += 1
        try:
            peer = peer_uid(writer.get_extra_info("socket"))
            if peer not in (None, self._uid, 0):
                writer.write(frame(["refused", f"user {peer} may not ask this signer"]))
                await asyncio.wait_for(writer.drain(), FRAME_S)
            elif self._open <= MAX_CONNECTIONS:
                while True:
                    head = await reader.readexactly(LENGTH_SIZE)
                    async with asyncio.timeout(FRAME_S):
                        raw = await reader.readexactly(frame_size(head))
                        writer.write(frame(answer(self._guard, raw, time.time_ns() // 1_000)))
                        await writer.drain()
        except (asyncio.IncompleteReadError, OSError, TimeoutError, MalformedError):
            pass  # gone, slow, or no signer's client
        except asyncio.CancelledError:
            pass  # the process ends; every answer given is whole
        finally:
            self._open -= 1
            writer.close()


def _handed_over(path: Path) -> socket.socket | None:
    """Return the listening socket that systemd handed to this process (sd_listen_fds(3)).

    Its owner and mode are the socket unit's affair: a user of its own cannot give them away.

    Raises:
        UsageError: it is another than ``path``, or more than one.

    """
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    found = socket.socket(fileno=FIRST_HANDED_OVER)
    at = found.getsockname()
    if os.environ.get("LISTEN_FDS") != "1" or found.family != socket.AF_UNIX or at != str(path):
        found.close()
        raise UsageError(
            "signer {path}: exactly this socket is expected from systemd, not {at!r}",
            path=path,
            at=at,
        )
    return found


def _bind(path: Path, uid: int) -> socket.socket:
    """Return the socket, readable and writable by one user only; nobody is let in yet.

    Raises:
        UsageError: another process listens there.
        StorageError: it cannot be made.

    """
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as probe:
            if path.is_socket():
                try:
                    probe.connect(str(path))
                except ConnectionRefusedError:
                    path.unlink()  # left behind by a signer that was killed
                else:
                    raise UsageError("signer {path}: another process listens there", path=path)
        before = os.umask(0o177)
        try:
            made.bind(str(path))
        finally:
            os.umask(before)
        if uid != os.geteuid():
            os.chown(path, uid, -1)
    except OSError as error:
        made.close()
        raise StorageError(
            "signer {path}: {strerror}", path=path, strerror=error.strerror or error
        ) from error
    except BaseException:
        made.close()
        raise
    return made


async def _run(guard: Guard, listening: socket.socket, uid: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    server = await asyncio.start_unix_server(_Service(guard, uid).serve, sock=listening)
    await stop.wait()
    server.close()


def run_signer(
    guard: Guard, path: Path, *, uid: int | None = None, ready: Callable[[], None] = lambda: None
) -> None:
    """Answer at a socket until SIGINT or SIGTERM.

    Args:
        guard: the key and what it signed.
        path: where to listen, mode 0600; a socket that systemd handed over is left as it is.
        uid: the user who may ask, beside root; this process's own by default.
        ready: called when it listens, and before anybody is answered.

    Raises:
        UsageError, StorageError: the socket cannot be had.

    """
    user = os.geteuid() if uid is None else uid
    handed_over = _handed_over(path)
    listening = handed_over or _bind(path, user)
    try:
        guard.begin()
        if handed_over is None:
            listening.listen(MAX_CONNECTIONS)
        ready()
        asyncio.run(_run(guard, listening, user))
    finally:
        if handed_over is None:
            with contextlib.suppress(OSError):
                path.unlink()
