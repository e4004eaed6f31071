"""Who holds the log's keys: now files of this process; another process can take its place."""

import os
from pathlib import Path
from typing import Protocol

from ledger.cose.keys import EDDSA, PrivateKey, PublicKey
from ledger.errors import MalformedError, StorageError, UsageError
from ledger.tlog.note import TYPE_ED25519, VerifierKey


class Signer(Protocol):
    """Signs as the log (checkpoints, receipts) and as its operator (seals)."""

    vkey: VerifierKey

    def sign_log(self, message: bytes) -> bytes:
        """Sign a checkpoint's text or a receipt's Sig_structure with the log key."""
        ...

    def operator_key(self) -> PrivateKey:
        """Return the operator's statement key."""
        ...


class KeySigner:
    """Both keys in memory."""

    def __init__(self, origin: str, log_key: PrivateKey, operator_key: PrivateKey) -> None:
        if log_key.public.alg != EDDSA:
            msg = "the log key must be Ed25519"
            raise UsageError(msg)
        if log_key.public == operator_key.public:
            msg = "the log key and the operator's key must be two"
            raise UsageError(msg)
        self.vkey = VerifierKey(origin, TYPE_ED25519, log_key.public.x)
        self._log_key = log_key
        self._operator_key = operator_key

    def sign_log(self, message: bytes) -> bytes:
        """Sign with the log key."""
        return self._log_key.sign(message)

    def operator_key(self) -> PrivateKey:
        """Return the operator's statement key."""
        return self._operator_key


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
        msg = f"key {path}: {error.strerror}"
        raise StorageError(msg) from error
    except MalformedError as error:
        msg = f"key {path}: {error}"
        raise MalformedError(msg) from error


def write_key(path: Path, key: PrivateKey, passphrase: bytes | None = None) -> None:
    """Write a private key, readable by its owner only; never over another file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key.pem(passphrase))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        msg = f"key {path}: exists already and is never overwritten"
        raise UsageError(msg) from error
    except OSError as error:
        msg = f"key {path}: {error.strerror}"
        raise StorageError(msg) from error
