"""Who signs for the log: keys in this process, or another process behind a local socket.

A signer signs checkpoints and the receipts of their batches, never bytes of the caller's
choosing: one that does would prove nothing about what it signed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ledger.cose.keys import EDDSA, PrivateKey, PublicKey
from ledger.cose.receipt import BatchClaims
from ledger.errors import MalformedError, StorageError, UsageError
from ledger.primitives.durable import create_file
from ledger.texts import cause
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note import TYPE_ED25519, VerifierKey

MICROSECONDS = 1_000_000

Prover = Callable[[int], Sequence[bytes]]
"""Returns the consistency proof to a checkpoint from an older size."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Both signatures of a batch: over the checkpoint's text, and the one its receipts share."""

    checkpoint: bytes
    receipts: bytes


class Signer(Protocol):
    """Signs as the log (checkpoints and their receipts) and as its operator (seals)."""

    vkey: VerifierKey
    in_order: bool
    """Refuses a checkpoint older than its last: every batch before must be signed first."""

    def newest(self) -> int:
        """Return the size of the newest checkpoint it remembers to have signed, 0 without one.

        Raises:
            StorageError: it does not answer; the same call may succeed later.

        """
        ...

    def sign_checkpoint(self, checkpoint: Checkpoint, *, time_us: int, prove: Prover) -> Signatures:
        """Sign a checkpoint, and its batch's receipts as of the seal's time.

        Args:
            checkpoint: of a committed root.
            time_us: the time of the seal before it, microseconds.
            prove: asked for the proof from the size the signer stands at.

        Raises:
            StorageError: it does not answer.
            ReadOnlyError: it refuses: older than its last, or inconsistent with it.

        """
        ...

    def operator_key(self) -> PrivateKey:
        """Return the operator's statement key."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class KeySigner:
    """Both keys in memory."""

    in_order = False

    def __init__(self, origin: str, log_key: PrivateKey, operator_key: PrivateKey) -> None:
        self.vkey = log_vkey(origin, log_key)
        if log_key.public == operator_key.public:
            raise UsageError("the log key and the operator's key must be two")
        self._log_key = log_key
        self._operator_key = operator_key

    def newest(self) -> int:
        """Return 0: keys remember nothing, the anchor does."""
        return 0

    def sign_checkpoint(self, checkpoint: Checkpoint, *, time_us: int, prove: Prover) -> Signatures:
        """Sign without asking: who holds the key in memory is trusted with it."""
        del prove
        return sign_batch(checkpoint, time_us, self.vkey, self.sign_log)

    def sign_log(self, message: bytes) -> bytes:
        """Sign with the log key; no part of the protocol."""
        return self._log_key.sign(message)

    def operator_key(self) -> PrivateKey:
        """Return the operator's statement key."""
        return self._operator_key

    def close(self) -> None:
        """Let go of nothing."""


def log_vkey(origin: str, log_key: PrivateKey) -> VerifierKey:
    """Return the verifier key of a log.

    Raises:
        UsageError: the key is not Ed25519.

    """
    if log_key.public.alg != EDDSA:
        raise UsageError("the log key must be Ed25519")
    return VerifierKey(origin, TYPE_ED25519, log_key.public.x)


def claims_of(vkey: VerifierKey, size: int, time_us: int) -> BatchClaims:
    """Return what the receipts of the batch before ``size`` claim."""
    return BatchClaims(log_public_key(vkey).kid, vkey.name, size, time_us // MICROSECONDS)


def sign_batch(
    checkpoint: Checkpoint, time_us: int, vkey: VerifierKey, sign: Callable[[bytes], bytes]
) -> Signatures:
    """Sign a checkpoint and its receipts with the log key behind ``sign``."""
    return Signatures(
        checkpoint=sign(checkpoint.text().encode()),
        receipts=claims_of(vkey, checkpoint.size, time_us).sign(checkpoint.root, sign),
    )


def log_public_key(vkey: VerifierKey) -> PublicKey:
    """Return the log key as receipts name it."""
    return PublicKey(EDDSA, vkey.key)


def read_key(path: Path, passphrase: bytes | None = None) -> PrivateKey:
    """Read a private key file.

    Raises:
        StorageError: it cannot be read.
        MalformedError: it is no key, or the passphrase is wrong.

    """
    try:
        return PrivateKey.from_pem(path.read_bytes(), passphrase)
    except OSError as error:
        raise StorageError("key {path}: {why}", path=path, why=cause(error)) from error
    except MalformedError as error:
        raise MalformedError("key {path}: {why}", path=path, why=error) from error


def write_key(path: Path, key: PrivateKey, passphrase: bytes | None = None) -> None:
    """Write a private key, readable by its owner only; never over another file."""
    try:
        create_file(path, key.pem(passphrase), mode=0o600)
    except FileExistsError as error:
        raise UsageError(
            "key {path}: exists already and is never overwritten", path=path
        ) from error
    except StorageError as error:
        raise StorageError("key {why}", why=error) from error
