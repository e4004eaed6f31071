"""Cosignatures beside the checkpoints they are for: verified by whoever stores them.

Of one key and size the newest is kept. None has to survive a power cut: the cosigner is asked
again. An authority's timestamps lie there too; of these the oldest is kept, and has to survive: it
cannot be had again.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Engine

from ledger.errors import ClockError, LogCorruptError
from ledger.store.driver import transaction
from ledger.store.reads import Snapshot, StoredCheckpoint, whole
from ledger.store.tables import cosignatures
from ledger.tlog.note import (
    MAX_SIGNATURES,
    TIMESTAMP_SIZE,
    Note,
    NoteSignature,
    VerifierKey,
    parse_note,
)
from ledger.tlog.timestamp import PREFIX

AHEAD_S = 5 * 60  # less than seals and cosignatures may differ (ledger.evidence.proven)
RECENT_ROWS = 512  # a few seconds of the most cosigners there can be, on a busy log
CANDIDATES = 4  # sizes whose rows look like a quorum and may turn out to be edited


def key_text(vkey: VerifierKey | NoteSignature) -> str:
    """Return how a cosigner's key is named in the table: its name and the id of its key."""
    return f"{vkey.name}+{vkey.key_id.hex()}"


def check_time(time_s: int, now_s: int) -> None:
    """Refuse a cosignature dated ahead of this ledger's clock: what is sealed later would look dated back.

    Args:
        time_s: the cosignature's.
        now_s: the ledger's.

    Raises:
        ClockError: one of the two clocks is wrong.

    """
    if time_s > now_s + AHEAD_S:
        raise ClockError(
            "dated {time_s} s ahead of this ledger's clock: set the one that is wrong",
            time_s=time_s - now_s,
        )


def store_cosignature(engine: Engine, size: int, line: NoteSignature, *, time_s: int) -> bool:
    """Keep a verified cosignature of the checkpoint of ``size`` unless a newer one is there.

    Returns:
        Whether it was kept.

    """
    with transaction(engine, write=True, durable=False) as driver:
        rows = driver.rows(
            "SELECT time_s FROM cosignatures WHERE size = ? AND key = ?", size, key_text(line)
        )
        if rows and whole(rows[0][0]) >= time_s:
            return False
        driver.upsert(cosignatures, [(size, key_text(line), time_s, line.line())])
    return True


def store_timestamp(
    engine: Engine, size: int, line: NoteSignature, *, instead: bool = False
) -> bool:
    """Keep a timestamp of the checkpoint of ``size`` unless its authority gave one before: it says more.

    Args:
        engine: the database.
        size: the checkpoint's.
        line: the timestamp.
        instead: of whatever is there, which is none by its authority.

    Returns:
        Whether it was kept.

    """
    time_s = int.from_bytes(line.signature[:TIMESTAMP_SIZE])
    with transaction(engine, write=True, durable=True) as driver:
        rows = driver.rows(
            "SELECT time_s FROM cosignatures WHERE size = ? AND key = ?", size, key_text(line)
        )
        if rows and whole(rows[0][0]) <= time_s and not instead:
            return False
        driver.upsert(cosignatures, [(size, key_text(line), time_s, line.line())])
    return True


def lines_of(snapshot: Snapshot, size: int) -> list[str]:
    """Return the cosignature lines of a checkpoint, by key."""
    rows = snapshot.driver.rows(
        "SELECT key, line FROM cosignatures WHERE size = ? ORDER BY key", size
    )
    return [str(line) for _, line in rows[: MAX_SIGNATURES - 1]]


def cosigned_note(snapshot: Snapshot, stored: StoredCheckpoint) -> str:
    """Return a checkpoint's note with its cosignatures.

    Raises:
        LogCorruptError: a row is no signature line.

    """
    lines = lines_of(snapshot, stored.size)
    for line in lines:
        if not line.startswith("— ") or line.find("\n") != len(line) - 1:
            raise LogCorruptError(
                "cosignatures of size {size}: not a signature line: the database was edited",
                size=stored.size,
            )
    return stored.note + "".join(lines)


def cosigned_sizes(
    snapshot: Snapshot, keys: Sequence[str], *, at_least: int, above: int
) -> list[int]:
    """Return sizes above one that so many of the keys cosigned, newest first, a few of them."""
    marks = ",".join("?" * len(keys))
    rows = snapshot.driver.rows(
        f"SELECT size FROM cosignatures WHERE size > ? AND key IN ({marks}) "  # noqa: S608 - marks
        "GROUP BY size HAVING count(*) >= ? ORDER BY size DESC LIMIT ?",
        above,
        *keys,
        at_least,
        CANDIDATES,
    )
    return [whole(row[0]) for row in rows]


def cosigned_soonest(snapshot: Snapshot, above: int) -> list[int]:
    """Return sizes above one that were cosigned, the smallest first, a few of them."""
    rows = snapshot.driver.rows(
        "SELECT DISTINCT size FROM cosignatures WHERE size > ? AND key NOT LIKE ? "
        "ORDER BY size LIMIT ?",
        above,
        f"{PREFIX}%",
        CANDIDATES,
    )
    return [whole(row[0]) for row in rows]


def sizes_beyond(snapshot: Snapshot, size: int) -> list[int]:
    """Return sizes beyond one that were cosigned, ascending: the newest that each cosigner has.

    Looks at the newest rows alone: whoever has not cosigned for so long is left out.
    """
    rows = snapshot.driver.rows(
        "SELECT size, key FROM cosignatures WHERE size > ? ORDER BY size DESC LIMIT ?",
        size,
        RECENT_ROWS,
    )
    found: list[int] = []
    seen: set[str] = set()
    for at, key in rows:
        if key not in seen:
            seen.add(str(key))
            found.append(whole(at))
    return sorted(set(found))


def newest_cosigned(snapshot: Snapshot) -> int:
    """Return the newest size that anybody cosigned, 0 where nobody did; timestamps are no cosignatures."""
    found = snapshot.driver.rows(
        "SELECT max(size) FROM cosignatures WHERE key NOT LIKE ?", f"{PREFIX}%"
    )[0][0]
    return 0 if found is None else whole(found)


def newest_by(snapshot: Snapshot, vkey: VerifierKey) -> tuple[int, int] | None:
    """Return (size, POSIX time) of the newest checkpoint a key cosigned."""
    rows = snapshot.driver.rows(
        "SELECT size, time_s FROM cosignatures WHERE key = ? ORDER BY size DESC LIMIT 1",
        key_text(vkey),
    )
    return None if not rows else (whole(rows[0][0]), whole(rows[0][1]))


def split_note(text: str, log_key: VerifierKey) -> tuple[str, list[NoteSignature]]:
    """Return the note with the log's signature alone, and the other signatures.

    Raises:
        MalformedError: no note, or two signatures by the log.

    """
    note = parse_note(text)
    ours = note.by(log_key)
    bare = Note(note.text, () if ours is None else (ours,))
    return str(bare), [line for line in note.signatures if line != ours]


def by_key(vkeys: Iterable[VerifierKey]) -> dict[str, VerifierKey]:
    """Return verifier keys by how the table names them."""
    return {key_text(vkey): vkey for vkey in vkeys}
