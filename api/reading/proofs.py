"""Inclusion and consistency proofs out of the published tree."""

from typing import Any

from msgspec import to_builtins

from api.http.problems import Problem
from api.reading.reads import Reads, newest_checkpoint
from ledger.answering.prover import later_checkpoints
from ledger.answering.shown import inclusion
from ledger.primitives.strict import format_base64
from ledger.store.reads import reading
from ledger.texts import saying
from ledger.tlog.merkle import prove_consistency, prove_inclusion, subtree_root


def _published(size: int | None, newest: int, what: str) -> int:
    """Return a size whose tree is published, the newest by default."""
    if size is None:
        return newest
    if size > newest:
        raise Problem(
            404,
            saying(
                "{what} {size}: {newest} entries are published", what=what, size=size, newest=newest
            ),
        )
    return size


def prove_entry(reads: Reads, index: int, size: int | None) -> dict[str, Any]:
    """Return the proof that an entry is in the tree of a size, the newest by default.

    Raises:
        Problem: 404, no such entry or size.

    """
    with reading(reads.engine) as snapshot:
        size = _published(size, newest_checkpoint(snapshot).size, "size")
        if index >= size:
            raise Problem(
                404, saying("no entry {index} in the tree of {size}", index=index, size=size)
            )
        tree = reads.log.publisher.tree(snapshot, size)
        path = prove_inclusion(index, size, tree)
        return inclusion(index, tree(0, index), size, path, subtree_root(0, size, tree))


def cosigned_beyond(reads: Reads, size: int) -> dict[str, Any]:
    """Return the newest cosigned checkpoints beyond a size, each proven to extend it.

    Raises:
        Problem: 404, a size that is not published yet.

    """
    with reading(reads.engine) as snapshot:
        _published(size, newest_checkpoint(snapshot).size, "size")
    found = later_checkpoints(reads.log, size)
    return {"size": size, "later": [to_builtins(item) for item in found]}


def prove_extension(reads: Reads, old: int, size: int) -> dict[str, Any]:
    """Return the proof that the tree of ``size`` extends the tree of ``old``.

    Raises:
        Problem: 404, a size that is not published yet; 400, the older is the larger.

    """
    with reading(reads.engine) as snapshot:
        size = _published(size, newest_checkpoint(snapshot).size, "size")
        if old > size:
            raise Problem(400, saying("old: {old} is larger than {size}", old=old, size=size))
        tree = reads.log.publisher.tree(snapshot, size)
        return {
            "old": old,
            "size": size,
            "old_root": format_base64(subtree_root(0, old, tree)),
            "path": [format_base64(item) for item in prove_consistency(old, size, tree)],
            "root": format_base64(subtree_root(0, size, tree)),
        }
