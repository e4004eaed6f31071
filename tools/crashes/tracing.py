"""A traced fork: its system calls of some kinds are counted, and it is killed on entering one of them.

The fork filters its own calls (seccomp), so that it stops at those kinds and runs freely
otherwise; whoever forked it (ptrace) counts the stops. Killed at a stop, the call is not made.
Linux, on the machines of ``NUMBERS``.
"""

import ctypes
import os
import platform
import signal
from collections import Counter
from collections.abc import Callable, Iterable

KINDS = (
    "openat", "pwrite64", "write", "fsync", "fdatasync", "ftruncate", "mkdir", "rename", "unlink",
    "fcntl", "flock", "mmap", "close", "connect", "sendto", "recvfrom",
)  # fmt: skip
"""The kinds of call a run makes that can leave a trace, or wait for somebody."""
NUMBERS = {
    "x86_64": (257, 18, 1, 74, 75, 77, 83, 82, 87, 72, 73, 9, 3, 42, 44, 45),
    "aarch64": (56, 68, 64, 82, 83, 46, 34, 38, 35, 25, 32, 222, 57, 203, 206, 207),
}
"""Of each machine the number of each kind; where it has none, of the call that took its place."""

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.ptrace.restype = ctypes.c_long
LIBC.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
TRACEME, CONT, SETOPTIONS, GET_SYSCALL_INFO = 0, 7, 0x4200, 0x420E
FOLLOW_FORK, FOLLOW_VFORK, FOLLOW_CLONE, STOP_AT_FILTER, EXIT_KILL = 2, 4, 8, 0x80, 0x100000
OPTIONS = FOLLOW_FORK | FOLLOW_VFORK | FOLLOW_CLONE | STOP_AT_FILTER | EXIT_KILL
AT_FILTER = signal.SIGTRAP | 7 << 8
NUMBER_AT, INFO_SIZE = 24, 88  # where the kernel says which call it is
EVERY_KIND_OF_CHILD = 0x40000000
NO_NEW_PRIVILEGES, SET_FILTER, FILTER = 38, 22, 2
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
STOP, ALLOW = 0x7FF00000, 0x7FFF0000


class TracingError(Exception):
    """Nothing can be traced here."""


def numbers() -> dict[str, int]:
    """Return the number of each kind of call on this machine.

    Raises:
        TracingError: they are not known.

    """
    found = NUMBERS.get(platform.machine())
    if found is None:
        raise TracingError(f"the calls of a {platform.machine()} are not known here")
    return dict(zip(KINDS, found, strict=True))


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32),
    )  # fmt: skip


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("first", ctypes.POINTER(_Instruction)))


def be_traced(kinds: Iterable[str]) -> None:
    """Stop from now on, in a fork, at each call of these kinds; ``follow`` waits for it.

    Raises:
        TracingError: it cannot.

    """
    known = numbers()
    wanted = [known[kind] for kind in kinds]
    tests = [_Instruction(EQUAL, len(wanted) - at, 0, n) for at, n in enumerate(wanted)]
    lines = [
        _Instruction(LOAD),
        *tests,
        _Instruction(RETURN, k=ALLOW),
        _Instruction(RETURN, k=STOP),
    ]
    program = _Program(len(lines), (_Instruction * len(lines))(*lines))
    _demand(LIBC.ptrace(TRACEME, 0, None, None))
    os.kill(os.getpid(), signal.SIGSTOP)
    _demand(LIBC.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _demand(LIBC.prctl(SET_FILTER, FILTER, ctypes.byref(program)))


def follow(
    pid: int, killed_at: int = 0, at: Callable[[str], bool] = lambda _: False
) -> tuple[int, Counter[str]]:
    """Let a fork that is to be traced run, until it ends or comes to the call at which it is killed.

    Args:
        killed_at: the number of the call, over all kinds it stops at; 0 to let it end.
        at: is asked at each call that the fork is about to make whether it is killed there; in the
            meantime nothing changes.

    Returns:
        How it ended, as ``os.waitstatus_to_exitcode`` says it, and how many calls of each kind it
        entered, with those of its children and threads.

    """
    names = {number: kind for kind, number in numbers().items()}
    entered: Counter[str] = Counter()
    others: set[int] = set()
    while True:
        found, status = os.waitpid(-1, EVERY_KIND_OF_CHILD)
        if not os.WIFSTOPPED(status):
            others.discard(found)
            if found == pid:
                for other in others:
                    os.kill(other, signal.SIGKILL)
                return os.waitstatus_to_exitcode(status), entered
            continue
        if found != pid:
            others.add(found)
        stopped, sent = status >> 8, 0
        if stopped == AT_FILTER:
            kind = names[_number(found)]
            entered[kind] += 1
            if entered.total() == killed_at or at(kind):
                os.kill(pid, signal.SIGKILL)
                continue
        elif stopped == signal.SIGSTOP:  # it begins
            LIBC.ptrace(SETOPTIONS, found, None, OPTIONS)
        elif stopped < 1 << 8:
            sent = stopped
        LIBC.ptrace(CONT, found, None, sent)


def _number(pid: int) -> int:
    info = ctypes.create_string_buffer(INFO_SIZE)
    _demand(LIBC.ptrace(GET_SYSCALL_INFO, pid, INFO_SIZE, ctypes.addressof(info)))
    return int.from_bytes(info.raw[NUMBER_AT : NUMBER_AT + 8], "little")


def _demand(result: int) -> None:
    if result < 0:
        raise TracingError(os.strerror(ctypes.get_errno()))
