"""Checkpoints with their cosignatures: which is the newest with the quorum, which are taken."""

import time
from collections.abc import Callable
from threading import Lock

from ledger.cosigning.elsewhere import ContradictedError, hold
from ledger.errors import (
    CheckpointError,
    LogCorruptError,
    MalformedError,
    UsageError,
    VerificationError,
)
from ledger.settings import Settings
from ledger.store.cosignatures import by_key, check_time, cosigned_note, key_text, store_cosignature
from ledger.store.reads import reading
from ledger.tlog.checkpoint import open_checkpoint, parse_checkpoint, verify_cosignature
from ledger.tlog.note import Note, parse_note
from ledger.tlog.trust import check_same_log
from ledger.writing.log import Log
from ledger.writing.sealing import QuorumNotes


class StrangerError(Exception):
    """A cosigner that the settings do not name."""

    def __init__(self) -> None:
        super().__init__("no signature by a replayer or witness that this ledger knows")


class Cosigned:
    """The cosignatures of one ledger."""

    def __init__(
        self,
        log: Log,
        settings: Settings,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self._log = log
        self._engine = log.engine
        self._log_key = log.vkey
        witnesses = (item.vkey for item in settings.witnesses)
        self._known = by_key([*settings.replayers, *witnesses])
        self._quorum = QuorumNotes(log.vkey)
        self._lock = Lock()
        self._now_s = now_s

    def newest(self) -> str | None:
        """Return the newest checkpoint that the quorum named in genesis cosigned, None without."""
        with self._lock, reading(self._engine) as snapshot:
            found = self._quorum.newest(snapshot)
            if found is None:
                return None
            stored = snapshot.checkpoint(found[0])
            return found[1] if stored is None else cosigned_note(snapshot, stored)

    def take(self, note: Note) -> None:
        """Store the cosignature of a known replayer or witness handed in with its checkpoint.

        Raises:
            StrangerError: none of the signatures is by a cosigner the settings name.
            SignatureError: one of them does not verify.
            MalformedError: it is not a checkpoint.
            UsageError: no checkpoint of that size is signed here.
            CheckpointError: the checkpoint is not the one signed here. Where this log's key signed
                it, another copy is written: nothing is registered any more.
            LogCorruptError: the checkpoint stored here is not the log's.
            ClockError: it is dated ahead of this clock.

        """
        claimed = parse_checkpoint(note.text)
        with reading(self._engine) as snapshot:
            stored = snapshot.checkpoint(claimed.size)
        if stored is None:
            self._hold(note)
            raise UsageError("no checkpoint of size {size} is signed here", size=claimed.size)
        try:
            signed = open_checkpoint(parse_note(stored.note), self._log_key)
        except (MalformedError, VerificationError) as error:
            raise LogCorruptError(
                "the checkpoint of size {size}: {why}", size=claimed.size, why=error
            ) from error
        if signed != claimed:
            self._hold(note)
        check_same_log(signed, claimed)
        ours = [
            (line, self._known[key_text(line)])
            for line in note.signatures
            if key_text(line) in self._known
        ]
        if not ours:
            raise StrangerError
        for line, vkey in ours:
            time_s = verify_cosignature(note, vkey)
            if time_s is not None:
                check_time(time_s, int(self._now_s()))
                store_cosignature(self._engine, claimed.size, line, time_s=time_s)

    def _hold(self, note: Note) -> None:
        """Hold a checkpoint that is not stored here against the log, if its key signed it.

        Raises:
            CheckpointError: it is of more than there is here, or of another history.

        """
        try:
            hold(self._log, note, "whoever handed in a checkpoint signed by its key")
        except ContradictedError as error:
            self._log.anchor.stop(str(error))
            raise CheckpointError(error) from error
        except (MalformedError, VerificationError):
            return  # not signed by this log: it says nothing
