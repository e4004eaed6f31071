"""The log key in another process, as the ledger sees it: a ``Signer`` behind a local socket."""

import contextlib
import socket
import threading
from pathlib import Path
from typing import Any

from ledger.cose.keys import PrivateKey
from ledger.cose.sign1 import signed_bytes
from ledger.errors import MalformedError, PinyuanError, ReadOnlyError, StorageError, UsageError
from ledger.primitives.ed25519 import verify
from ledger.signer import Prover, Signatures, claims_of
from ledger.signer.wire import SignRequest, frame, number, read_frame, signature, text
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import TYPE_ED25519, VerifierKey, parse_vkey

TIMEOUT_S = 5.0  # a signature takes microseconds and one flush
TRIES = 16  # other processes may move the signer between our question and our request


class SocketSigner:
    """Asks the process at a socket; heals by itself when that process comes back."""

    in_order = True

    def __init__(
        self, path: Path, operator_key: PrivateKey, *, timeout_s: float = TIMEOUT_S
    ) -> None:
        """Connect, and learn which log it signs for.

        Raises:
            StorageError: nobody answers there.
            UsageError: its key is the operator's, or no log key.

        """
        self.path = path
        self._operator_key = operator_key
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self.vkey, self._size = self._hello()
        if self.vkey.type != TYPE_ED25519 or self.vkey.key == operator_key.public.x:
            raise UsageError("the log key and the operator's key must be two, the log's Ed25519")

    def operator_key(self) -> PrivateKey:
        """Return the operator's statement key."""
        return self._operator_key

    def newest(self) -> int:
        """Return the size of the newest checkpoint it signed.

        Raises:
            StorageError: it does not answer, or signs for another log now.

        """
        vkey, size = self._hello()
        if vkey != self.vkey:
            raise StorageError(
                "signer {path}: signs for {name} now, no longer for {name_2}",
                path=self.path,
                name=vkey.name,
                name_2=self.vkey.name,
            )
        self._size = size
        return size

    def sign_checkpoint(self, checkpoint: Checkpoint, *, time_us: int, prove: Prover) -> Signatures:
        """Have a checkpoint signed; both signatures are verified before they are believed.

        Raises:
            StorageError: it does not answer, or answers what is false.
            ReadOnlyError: it refuses.

        """
        for _ in range(TRIES):
            old = self._size
            if old > checkpoint.size:
                raise ReadOnlyError(
                    "signer {path}: it signed size {old} and refuses the older {size}",
                    path=self.path,
                    old=old,
                    size=checkpoint.size,
                )
            proof = prove(old) if 0 < old < checkpoint.size else ()
            request = SignRequest(checkpoint.size, checkpoint.root, time_us, old, tuple(proof))
            match self._ask(request.message()):
                case ["signed", note, receipts]:
                    found = self._checked(checkpoint, time_us, note, receipts)
                    self._size = checkpoint.size
                    return found
                case ["moved", size]:
                    self._size = self._number(size)
                case ["refused", why]:
                    raise ReadOnlyError("signer {path}: refused: {why}", path=self.path, why=why)
                case _:
                    raise self._nonsense()
        raise StorageError(
            "signer {path}: other processes were quicker {tries} times", path=self.path, tries=TRIES
        )

    def _checked(
        self, checkpoint: Checkpoint, time_us: int, note: object, receipts: object
    ) -> Signatures:
        """Return signatures that verify: nothing false is ever stored."""
        claims = claims_of(self.vkey, checkpoint.size, time_us)
        try:
            found = Signatures(signature(note), signature(receipts))
            verify(self.vkey.key, checkpoint.text().encode(), found.checkpoint)
            message = signed_bytes(claims.protected(), checkpoint.root)
            verify(self.vkey.key, message, found.receipts)
        except PinyuanError as error:
            raise StorageError(
                "signer {path}: its signatures do not verify: {why}", path=self.path, why=error
            ) from error
        return found

    def _hello(self) -> tuple[VerifierKey, int]:
        match self._ask(["hello"]):
            case ["log", vkey, size]:
                try:
                    return parse_vkey(text(vkey)), self._number(size)
                except MalformedError as error:
                    raise self._nonsense() from error
            case ["refused", why]:
                raise StorageError("signer {path}: refused: {why}", path=self.path, why=why)
            case _:
                raise self._nonsense()

    def _number(self, value: object) -> int:
        try:
            return number(value)
        except MalformedError as error:
            raise self._nonsense() from error

    def _nonsense(self) -> StorageError:
        return StorageError("signer {path}: answers what no signer says", path=self.path)

    def _ask(self, message: list[Any]) -> list[Any]:
        """Exchange one message; a connection that was cut is made again once.

        Asking twice is safe: the signer gives the same signatures for the same checkpoint.
        """
        with self._lock:
            kept = self._socket is not None
            try:
                return self._exchange(message)
            except (OSError, EOFError, MalformedError) as error:
                self._close()
                if not kept:
                    raise self._unreachable(error) from error
            try:
                return self._exchange(message)
            except (OSError, EOFError, MalformedError) as error:
                self._close()
                raise self._unreachable(error) from error

    def _unreachable(self, error: Exception) -> StorageError:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return StorageError(
            "signer {path}: {why}: is pinyuan signer running there?", path=self.path, why=why
        )

    def _exchange(self, message: list[Any]) -> list[Any]:
        if self._socket is None:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._socket.settimeout(self._timeout_s)
            self._socket.connect(str(self.path))
        self._socket.sendall(frame(message))
        return read_frame(self._receive)

    def _receive(self, count: int) -> bytes:
        assert self._socket is not None  # noqa: S101 - connected before
        parts = bytearray()
        while len(parts) < count:
            part = self._socket.recv(count - len(parts))
            if not part:
                msg = "it closed the connection"
                raise EOFError(msg)
            parts += part
        return bytes(parts)

    def _close(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.close()
        self._socket = None

    def close(self) -> None:
        """Let go of the connection; the next question makes another."""
        with self._lock:
            self._close()
