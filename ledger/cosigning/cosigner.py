"""Who cosigns for others: a key, and the newest checkpoint of each log, on disk before it signs.

A crash between writing and answering leaves a checkpoint that will be cosigned again when it
is asked for; never two that contradict each other, because whatever is signed later extends
what is on disk. The state must survive as the key does: a cosigner whose state is lost is
retired with its key.

::

    <state>/<SHA-256 of the origin, 32 digits>.held    time of the last cosignature and a sum, then its note
    <state>/<...>.split-<8 digits>                     two notes that contradict each other
    <state>/<...>.lock
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ledger.errors import CheckpointError, MalformedError, ProofError, StorageError
from ledger.primitives.durable import check_sum, make_folder, replace_file, storage
from ledger.primitives.strict import parse_decimal
from ledger.texts import cause
from ledger.tlog.checkpoint import Checkpoint, cosign, open_checkpoint, parse_checkpoint
from ledger.tlog.note import Note, NoteSignature, VerifierKey, parse_note
from ledger.tlog.witness import AddCheckpoint, MovedError, check_extension

MAX_SPLITS = 8  # files with evidence kept for each log
MAX_STATE = 1 << 18


@dataclass(frozen=True, slots=True)
class Held:
    """The newest checkpoint cosigned of one log, as its log signed it, and when."""

    time_s: int
    note: Note

    @property
    def checkpoint(self) -> Checkpoint:
        """Return the checkpoint."""
        return parse_checkpoint(self.note.text)

    def encode(self) -> bytes:
        """Return the state file."""
        return f"{self.time_s} {check_sum(self._checked())}\n{self.note}".encode()

    def _checked(self) -> str:
        return f"{self.time_s}\n{self.note}"

    @classmethod
    def decode(cls, raw: bytes) -> "Held":
        """Read a state file; another spelling is refused, and another sum than that of its bytes.

        One of a release that wrote no sum is taken.
        """
        try:
            first, _, note = raw.decode().partition("\n")
        except UnicodeDecodeError as error:
            raise MalformedError("not UTF-8") from error
        time_s, blank, said = first.partition(" ")
        held = cls(parse_decimal(time_s), parse_note(note))
        if blank and said != check_sum(held._checked()):
            raise MalformedError(
                "its bytes have another sum than it says: restore it, or retire the cosigner"
            )
        parse_checkpoint(held.note.text)
        return held


class Cosigner:
    """One cosigner; safe for several threads and processes on one state folder."""

    def __init__(
        self,
        folder: Path,
        vkey: VerifierKey,
        sign: Callable[[bytes], bytes],
        now_s: Callable[[], int],
    ) -> None:
        """Make the folder if it is not there.

        Raises:
            StorageError: it cannot be made.

        """
        self.vkey = vkey
        self._folder = folder
        self._sign = sign
        self._now_s = now_s
        with storage(folder):
            make_folder(folder)

    def _path(self, origin: str, ending: str) -> Path:
        return self._folder / f"{sha256(origin.encode()).hexdigest()[:32]}.{ending}"

    def held(self, origin: str) -> Held | None:
        """Return the newest checkpoint cosigned of a log, None before the first.

        Raises:
            StorageError: the state cannot be read, or is not what was written.

        """
        path = self._path(origin, "held")
        try:
            held = Held.decode(path.read_bytes()[:MAX_STATE])
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StorageError("{path}: {why}", path=path, why=cause(error)) from error
        except MalformedError as error:
            raise StorageError("{path}: {why}", path=path, why=error) from error
        if held.checkpoint.origin != origin:
            raise StorageError(
                "{path}: of {origin}, not of {origin_2}",
                path=path,
                origin=held.checkpoint.origin,
                origin_2=origin,
            )
        return held

    def again(self, origin: str) -> Note | None:
        """Return the newest checkpoint cosigned of a log with that cosignature; None before the first.

        Raises:
            StorageError: the state cannot be read.

        """
        held = self.held(origin)
        if held is None:
            return None
        line = cosign(held.note.text, self.vkey, self._sign, time_s=held.time_s)
        return Note(held.note.text, (*held.note.signatures, line))

    @contextmanager
    def _locked(self, origin: str) -> Iterator[Held | None]:
        """Hold a log's state alone: flock is between open files, so between threads too."""
        path = self._path(origin, "lock")
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StorageError("{path}: {why}", path=path, why=cause(error)) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield self.held(origin)
        finally:
            os.close(handle)

    def add(self, request: AddCheckpoint, log_key: VerifierKey) -> NoteSignature:
        """Cosign a checkpoint that extends the one held (tlog-witness, add-checkpoint).

        Raises:
            SignatureError: the log did not sign it.
            MalformedError, MovedError, CheckpointError, ProofError: as ``check_extension``.
            StorageError: nothing was signed.

        """
        new = open_checkpoint(request.note, log_key)
        with self._locked(new.origin) as held:
            before = None if held is None else held.checkpoint
            try:
                check_extension(before, new, old=request.old, proof=request.proof)
            except (CheckpointError, ProofError):
                if held is not None:
                    self._keep_split(held, request.note)
                raise
            return self._cosign(held, request.note, log_key, self._now_s())

    def add_derived(
        self,
        note: Note,
        log_key: VerifierKey,
        root_at: Callable[[int], bytes | None],
        *,
        seen_s: int,
    ) -> NoteSignature:
        """Cosign a checkpoint whose whole tree the caller derived.

        Args:
            note: signed by the log.
            log_key: its key.
            root_at: returns the root that the derived tree had at an earlier size, None where
                no checkpoint of that size can be of that log.
            seen_s: when the checkpoint was the newest there was, POSIX seconds. Deriving takes
                a while, in which the log may go on: a cosignature says when it was seen.

        Raises:
            SignatureError: the log did not sign it.
            MovedError: the one held is newer.
            CheckpointError: the derived tree is not an extension of the one held.
            StorageError: nothing was signed.

        """
        new = open_checkpoint(note, log_key)
        with self._locked(new.origin) as held:
            before = None if held is None else held.checkpoint
            if before is not None and before.size > new.size:
                raise MovedError(before.size)
            if held is not None and before is not None and root_at(before.size) != before.root:
                self._keep_split(held, note)
                raise CheckpointError(
                    "size {size} does not extend the {size_2} cosigned before",
                    size=new.size,
                    size_2=before.size,
                )
            return self._cosign(held, note, log_key, seen_s)

    def _cosign(
        self, held: Held | None, note: Note, log_key: VerifierKey, seen_s: int
    ) -> NoteSignature:
        """Write, then sign; the time is never before that of an earlier cosignature."""
        time_s = max(seen_s, 0 if held is None else held.time_s)
        ours = note.by(log_key)
        assert ours is not None  # noqa: S101 - opened before
        bare = Note(note.text, (ours,))
        origin = parse_checkpoint(note.text).origin
        replace_file(self._path(origin, "held"), Held(time_s, bare).encode(), mode=0o600)
        # Killed here, nobody has the cosignature; asked again it cosigns the same or what extends it.
        return cosign(note.text, self.vkey, self._sign, time_s=time_s)

    def _keep_split(self, held: Held, note: Note) -> None:
        """Keep two notes that the log signed and that do not fit together: evidence."""
        origin = held.checkpoint.origin
        both = f"{held.note}\n{note}".encode()
        # Evidence is a courtesy: the refusal stands without it.
        with suppress(StorageError, OSError):
            if len(list(self._folder.glob(self._path(origin, "split-*").name))) < MAX_SPLITS:
                name = f"split-{sha256(both).hexdigest()[:8]}"
                replace_file(self._path(origin, name), both)
