"""What others saw of this log, held against what is here: the log that goes on is the one they saw.

A checkpoint signed by this log's key is proof, whoever brings it. A witness's answer is its word:
it is believed enough to stop, because two histories cannot be taken back and a stop can.
"""

from ledger.errors import StorageError
from ledger.store.reads import reading
from ledger.tlog.checkpoint import Checkpoint, open_checkpoint
from ledger.tlog.note import Note
from ledger.writing.log import Log
from ledger.writing.publisher import require_head


class ContradictedError(Exception):
    """Somebody saw more of this log than is here, or another history of it, and what to do."""


def behind(who: str, seen: int, here: int) -> ContradictedError:
    """Return what is wrong where somebody saw more entries than there are."""
    return ContradictedError(
        f"BEHIND_PUBLISHED: {who} has seen size {seen} of this log, here are {here} (an older "
        "backup?): run pinyuan import DIR with an export of the published log; if it is wrong, "
        "take it out of pinyuan.toml and run pinyuan db anchor"
    )


def split(who: str, size: int) -> ContradictedError:
    """Return what is wrong where somebody saw another history."""
    return ContradictedError(
        f"SPLIT_VIEW: {who} has seen another history of this log, of size {size}: two copies of it "
        "were written. Stop both, keep the one that was published, and import its export into a "
        "new database for the other; if it is wrong, take it out of pinyuan.toml and run "
        "pinyuan db anchor"
    )


def head_size(log: Log) -> int:
    """Return how many entries there are now, on whatever host they were written."""
    with reading(log.engine) as snapshot:
        return require_head(snapshot).size


def hold(log: Log, note: Note, who: str) -> Checkpoint:
    """Hold a checkpoint that somebody has against what is here; return it where it is of this history.

    Raises:
        SignatureError, MalformedError, CheckpointError: this log's key did not sign it.
        ContradictedError: it did, and it is not of this history; the anchor has it if it is newer.
        StorageError: the anchor could not be written.

    """
    found = open_checkpoint(note, log.vkey)
    # The note was there before the head is read: what was signed on another host is committed.
    with reading(log.engine) as snapshot:
        head = require_head(snapshot)
        if found.size > head.size:
            error = behind(who, found.size, head.size)
        elif log.publisher.tree(snapshot, found.size).root() != found.root:
            error = split(who, found.size)
        else:
            return found
    if log.anchor.read() is not None:
        log.anchor.advance(found.size, str(note))
    raise error


def go_on(log: Log) -> None:
    """Let a log go on that was stopped or copied, at the newest checkpoint there is: somebody looked.

    Raises:
        StorageError: no checkpoint is stored, or the anchor could not be written.

    """
    with reading(log.engine) as snapshot:
        newest = snapshot.newest_checkpoint()
    if newest is None:
        raise StorageError("no checkpoint is stored: open the ledger with its keys first")
    log.anchor.advance(newest.size, newest.note)
    log.anchor.settle(again=True)
    log.anchor.go_on()
