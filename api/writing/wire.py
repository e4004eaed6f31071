"""What goes over the writer's socket: frames of ``u32be length || MessagePack``.

::

    Open(directory, passphrase)        whoever started the writer -> the writer, once
    Opened(failed)                     the writer -> each serving process, once
    Request(number, statements)        -> Answer(number, results, per_s) or Answer(number, [], failed)

Both ends are one program under one user, so frames are bounded and not distrusted.
"""

import pickle
from collections.abc import Iterator

import msgspec

from ledger.errors import (
    DatabaseAwayError,
    FormError,
    LogCorruptError,
    PinyuanError,
    ReadOnlyError,
    StorageError,
)
from ledger.rules.registry import Refusal
from ledger.rules.remarks import Remark
from ledger.texts import Sentence

LENGTH_SIZE = 4
MAX_FRAME = 256 << 20  # a chunk of 1,000 statements of 64 KiB takes a quarter of it
SOCKET = "writer.sock"
LOCK = "writer.lock"


class Accepted(msgspec.Struct, frozen=True, array_like=True, tag="accepted", gc=False):
    """A statement is registered: id, index, receipt; ``new`` unless it was there before."""

    id: bytes
    index: int
    receipt: bytes
    new: bool
    remarks: tuple[Remark, ...] = ()


class Rejected(msgspec.Struct, frozen=True, array_like=True, tag="rejected"):
    """A statement is not registered, and every reason why, as Python keeps them: in any language."""

    id: bytes | None
    pickled: bytes

    @classmethod
    def of(cls, id_: bytes | None, refusals: tuple[Refusal, ...]) -> "Rejected":
        """Return what is sent."""
        return cls(id_, pickle.dumps(refusals))

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Return why."""
        found: tuple[Refusal, ...] = pickle.loads(self.pickled)  # noqa: S301 - of our own process
        return found


Result = Accepted | Rejected


class Failed(msgspec.Struct, frozen=True, array_like=True):
    """Nothing is known of the statements; the same ones may be submitted again.

    ``pickled``: the sentence, as Python keeps it, to be said in any language.
    ``fatal``: what is stored contradicts itself, and registering stops until somebody looks.
    ``read_only``: the ledger must not go on as it is; everything can be read. ``storage``: disk or
    database refuse; ``away``: there is no connection to the database.
    """

    pickled: bytes
    fatal: bool = False
    read_only: bool = False
    storage: bool = False
    away: bool = False

    @classmethod
    def of(cls, error: PinyuanError) -> "Failed":
        """Return what is sent of an error."""
        return cls(
            pickle.dumps(error.sentence),
            fatal=isinstance(error, LogCorruptError),
            read_only=isinstance(error, ReadOnlyError),
            storage=isinstance(error, StorageError),
            away=isinstance(error, DatabaseAwayError),
        )

    @property
    def why(self) -> Sentence:
        """Return it in words: in any language."""
        found: Sentence = pickle.loads(self.pickled)  # noqa: S301 - of our own process
        return found


class Open(msgspec.Struct, frozen=True, array_like=True):
    """Which ledger to write, and what opens its keys."""

    directory: str
    passphrase: bytes | None


class Opened(msgspec.Struct, frozen=True, array_like=True):
    """The writer serves, unless ``failed``; ``taken``: another one of this directory does."""

    failed: Failed | None = None
    taken: bool = False


class Request(msgspec.Struct, frozen=True, array_like=True):
    """Statements to be registered, in order."""

    number: int
    statements: list[bytes]


class Answer(msgspec.Struct, frozen=True, array_like=True):
    """One result for each statement of a request, in order, or why nothing is known of them.

    ``per_s``: how many statements a second the writer registered in that batch.
    """

    number: int
    results: list[Result]
    failed: Failed | None = None
    per_s: float = 0.0


_encode = msgspec.msgpack.Encoder().encode


def frame(message: msgspec.Struct) -> bytes:
    """Return a message as it goes over the socket."""
    raw = _encode(message)
    return len(raw).to_bytes(LENGTH_SIZE) + raw


class Frames:
    """Frames out of a stream of bytes."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take what arrived; yield each message that is whole now.

        Raises:
            FormError: a frame longer than any message is.

        """
        buffer = self._buffer
        buffer += data
        at = 0
        while len(buffer) - at >= LENGTH_SIZE:
            stop = at + LENGTH_SIZE + int.from_bytes(buffer[at : at + LENGTH_SIZE])
            if stop - at > MAX_FRAME:
                raise FormError("writer: a frame of {stop} bytes", stop=stop - at)
            if stop > len(buffer):
                break
            yield bytes(memoryview(buffer)[at + LENGTH_SIZE : stop])
            at = stop
        del buffer[:at]
