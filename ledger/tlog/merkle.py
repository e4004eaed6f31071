"""The Merkle tree of RFC 9162 section 2.1.

A tree of ``size`` leaves is cut into *complete subtrees* of 2**level leaves;
the subtree (level, index) covers leaves [index << level, (index + 1) << level).
Provers read such hashes through a ``SubtreeReader`` and never touch storage;
verifiers take numbers and 32-byte hashes only, and raise.

Leaf hash:  SHA-256(0x00 || leaf).   Node hash:  SHA-256(0x01 || left || right).
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from ledger.errors import FormError, ProofError

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

SubtreeReader = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """Hash one leaf (RFC 9162 section 2.1.1)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent (RFC 9162 section 2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the complete subtrees that make up a tree, largest first.

    They are all that is needed to append: ``size.bit_count()`` hashes of 32 bytes.
    """

    __slots__ = ("hashes", "size")

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        """Take the leaf count and its hashes, as an earlier frontier had them."""
        self.size = size
        self.hashes = list(hashes)
        if len(self.hashes) != size.bit_count():
            raise FormError(
                "a frontier of {size} leaves has {bit_count} hashes, not {count}",
                size=size,
                bit_count=size.bit_count(),
                count=len(self.hashes),
            )

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash: O(1) hashes amortised."""
        hashes, bits = self.hashes, self.size
        while bits & 1:
            leaf = sha256(b"\x01" + hashes.pop() + leaf).digest()
            bits >>= 1
        hashes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root hash: at most 63 hashes, none when the size is a power of two."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in self.hashes[-2::-1]:
            root = sha256(b"\x01" + left + root).digest()
        return root

    def copy(self) -> "Frontier":
        """Return an independent frontier."""
        return Frontier(self.size, self.hashes)


def root_hash(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes in order; SHA-256 of nothing for none."""
    frontier = Frontier()
    for leaf in leaf_hashes:
        frontier.append(leaf)
    return frontier.root()


def _split(count: int) -> int:
    """Return the largest power of two below ``count`` (>= 2), the RFC's k."""
    return 1 << (count - 1).bit_length() - 1


def subtree_root(start: int, stop: int, read: SubtreeReader) -> bytes:
    """Return the root over leaves [start, stop), ``start`` aligned as the tree has it."""
    count = stop - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return read(level, start >> level)
    middle = start + _split(count)
    return node_hash(subtree_root(start, middle, read), subtree_root(middle, stop, read))


def prove_inclusion(index: int, size: int, read: SubtreeReader) -> list[bytes]:
    """Return the audit path of leaf ``index`` in the tree of ``size``, leaf to root.

    Implements PATH(m, D[n]) of RFC 9162 section 2.1.3.1; 0 <= index < size.
    """
    if not 0 <= index < size:
        raise FormError("no leaf {index} in a tree of {size}", index=index, size=size)
    path: list[bytes] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if index < middle:
            path.append(subtree_root(middle, stop, read))
            stop = middle
        else:
            path.append(subtree_root(start, middle, read))
            start = middle
    path.reverse()
    return path


def prove_consistency(old: int, size: int, read: SubtreeReader) -> list[bytes]:
    """Return the proof that the tree of ``old`` leaves is a prefix of that of ``size``.

    Implements SUBPROOF of RFC 9162 section 2.1.4.1; 0 < old <= size.
    """
    if not 0 < old <= size:
        raise FormError("no consistency proof from {old} to {size}", old=old, size=size)
    proof: list[bytes] = []
    start, stop, known = 0, size, True
    while stop != old:
        middle = start + _split(stop - start)
        if old <= middle:
            proof.append(subtree_root(middle, stop, read))
            stop = middle
        else:
            proof.append(subtree_root(start, middle, read))
            start, known = middle, False
    if not known:
        proof.append(subtree_root(start, stop, read))
    proof.reverse()
    return proof


def _check_hashes(hashes: Sequence[bytes], what: str) -> None:
    if any(len(item) != HASH_SIZE for item in hashes):
        raise ProofError("{what}: every hash has 32 bytes", what=what)


def root_from_path(*, index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """Return the root that a leaf hash and its audit path lead to (RFC 9162, 2.1.3.2).

    Raises:
        ProofError: the path has not the length of this index and size.

    """
    if not 0 <= index < size:
        raise ProofError(
            "inclusion proof: no leaf {index} in a tree of {size}", index=index, size=size
        )
    _check_hashes([leaf, *path], "inclusion proof")
    node, last, computed = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ProofError(
                "inclusion proof of leaf {index} in {size}: {count} hashes are too many",
                index=index,
                size=size,
                count=len(path),
            )
        if node & 1 or node == last:
            computed = node_hash(sibling, computed)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            computed = node_hash(computed, sibling)
        node >>= 1
        last >>= 1
    if last:
        raise ProofError(
            "inclusion proof of leaf {index} in {size}: {count} hashes are too few",
            index=index,
            size=size,
            count=len(path),
        )
    return computed


def verify_inclusion(
    *, index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes
) -> None:
    """Check that leaf hash ``leaf`` is number ``index`` of the tree (RFC 9162, 2.1.3.2).

    Raises:
        ProofError: it is not shown.

    """
    if root_from_path(index=index, size=size, leaf=leaf, path=path) != root:
        raise ProofError(
            "inclusion proof: leaf {index} leads to another root of the tree of {size}",
            index=index,
            size=size,
        )


def verify_consistency(  # noqa: C901, PLR0912 - the RFC's algorithm, a branch for each way to fail
    *, old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the old tree is a prefix of the new one (RFC 9162 section 2.1.4.2).

    Every tree extends the empty one, which has no proof: ``old`` must be positive.

    Raises:
        ProofError: it is not shown.

    """
    what = f"consistency proof from {old} to {size}"
    if not 0 < old <= size:
        raise ProofError("{what}: sizes out of order", what=what)
    _check_hashes([old_root, root, *proof], what)
    if old == size:
        if proof or old_root != root:
            raise ProofError(
                "{what}: two roots of one size, or hashes that prove nothing", what=what
            )
        return
    hashes = list(proof)
    if old & (old - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        raise ProofError("{what}: no hashes", what=what)
    node, last = old - 1, size - 1
    while node & 1:
        node >>= 1
        last >>= 1
    old_computed = computed = hashes[0]
    for item in hashes[1:]:
        if last == 0:
            raise ProofError("{what}: {count} hashes are too many", what=what, count=len(proof))
        if node & 1 or node == last:
            old_computed = node_hash(item, old_computed)
            computed = node_hash(item, computed)
            while not node & 1 and node:
                node >>= 1
                last >>= 1
        else:
            computed = node_hash(computed, item)
        node >>= 1
        last >>= 1
    if last:
        raise ProofError("{what}: {count} hashes are too few", what=what, count=len(proof))
    if old_computed != old_root:
        raise ProofError("{what}: the proof leads to another old root", what=what)
    if computed != root:
        raise ProofError("{what}: the proof leads to another new root", what=what)
