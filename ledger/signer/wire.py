"""What goes over the signer's socket: frames of ``u32be length || CBOR array``, bounded and strict.

::

    ["hello"]                                            -> ["log", vkey, size]
    ["sign", size, root, time_us, old, [proof hash...]]  -> ["signed", signature, signature]
                                                            ["moved", size]  it stands elsewhere
                                                            ["refused", why]

``size`` in ``log`` is that of the newest checkpoint signed, 0 without one.
"""

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ledger.cose import cbor
from ledger.errors import FormError, MalformedError
from ledger.primitives.ed25519 import SIGNATURE_SIZE
from ledger.tlog.merkle import HASH_SIZE

LENGTH_SIZE = 4
MAX_FRAME = 4_096  # a proof of 63 hashes takes 2,142 bytes
MAX_PROOF = 63  # no tree below 2**63 has a longer one
MAX_NUMBER = 2**63 - 1
_CREDENTIALS = struct.Struct("3i")  # struct ucred: pid, uid, gid


@dataclass(frozen=True, slots=True)
class SignRequest:
    """A checkpoint to be signed, with the proof that it extends the one of size ``old``."""

    size: int
    root: bytes
    time_us: int
    old: int
    proof: tuple[bytes, ...]

    def message(self) -> list[Any]:
        """Return it as a message."""
        return ["sign", self.size, self.root, self.time_us, self.old, list(self.proof)]


def frame(message: list[Any]) -> bytes:
    """Return a message as it goes over the socket."""
    raw = cbor.encode(message)
    if len(raw) > MAX_FRAME:
        raise FormError(
            "a message of {count} bytes, at most {max_frame}", count=len(raw), max_frame=MAX_FRAME
        )
    return len(raw).to_bytes(LENGTH_SIZE) + raw


def frame_size(head: bytes) -> int:
    """Return the length that a frame's first four bytes announce.

    Raises:
        MalformedError: nothing, or more than a message has.

    """
    size = int.from_bytes(head)
    if not 0 < size <= MAX_FRAME:
        raise MalformedError(
            "signer: a frame of {size} bytes, 1 to {max_frame} expected",
            size=size,
            max_frame=MAX_FRAME,
        )
    return size


def read_frame(receive: Callable[[int], bytes]) -> list[Any]:
    """Read one message through ``receive(n)``, which returns exactly n bytes.

    Raises:
        MalformedError: not a message in its one spelling.

    """
    return decode(receive(frame_size(receive(LENGTH_SIZE))))


def decode(raw: bytes) -> list[Any]:
    """Return the array that a frame's bytes spell, a word first."""
    message = cbor.decode(raw, "signer")
    if type(message) is not list or not message or type(message[0]) is not str:
        raise MalformedError("signer: not an array that begins with a word")
    return message


def number(value: object) -> int:
    """Return an unsigned integer of a message."""
    if type(value) is not int or not 0 <= value <= MAX_NUMBER:
        raise MalformedError("signer: not an integer from 0 to 2^63 - 1")
    return value


def fixed(value: object, size: int) -> bytes:
    """Return a byte string of exactly ``size`` bytes."""
    if type(value) is not bytes or len(value) != size:
        raise MalformedError("signer: not a string of {size} bytes", size=size)
    return value


def text(value: object) -> str:
    """Return a text of a message."""
    if type(value) is not str:
        raise MalformedError("signer: not a text")
    return value


def sign_request(arguments: list[Any]) -> SignRequest:
    """Return what a ``sign`` message asks for.

    Raises:
        MalformedError: other arguments than its own.

    """
    match arguments:
        case [size, root, time_us, old, list() as proof] if len(proof) <= MAX_PROOF:
            return SignRequest(
                number(size),
                fixed(root, HASH_SIZE),
                number(time_us),
                number(old),
                tuple(fixed(item, HASH_SIZE) for item in proof),
            )
        case _:
            raise MalformedError("signer: sign takes size, root, time, old size, proof")


def signature(value: object) -> bytes:
    """Return an Ed25519 signature of a message."""
    return fixed(value, SIGNATURE_SIZE)


def peer_uid(connection: socket.socket) -> int | None:
    """Return the user at the other end of a local socket, None where no system says so."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return None
    raw = connection.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(raw)[1])
