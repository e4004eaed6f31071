"""The history index: a Merkle Patricia tree over 32-byte keys.

Hashes (torchwood's ``mpt`` encoding)::

    empty  SHA-256("")
    leaf   SHA-256(00 || uvarint len(key) || key || uvarint len(value) || value)
    inner  SHA-256(01 || uvarint bit || left || right)     bit: first that differs, 0 = most significant

The hash of a set of keys depends on that set alone, so the tree is kept in
*pages*, each covering one hexadecimal digit of the key: a bucket of up to 16
leaves, or, when it overflows, a branch with the hashes of its 16 children and of
the nodes between. A node with one empty side is its other side: that is the path
compression. Pages come in through a ``NodeReader``; an update touches, per key,
one bucket and about one branch per factor of 16 in the number of keys.

Presence proof: (uvarint bit || sibling)*, bits strictly decreasing from leaf to root.
Absence proof: uvarint len || other key || uvarint len || its value || its presence
proof, where the other key agrees with the absent one at every listed bit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ledger.errors import FormError, LogCorruptError, MalformedError, ProofError
from ledger.tlog.prefix_pages import (
    BUCKET_LEAVES,
    EMPTY_ROOT,
    KEY_BITS,
    KEY_SIZE,
    MAX_VALUE_SIZE,
    NONE,
    SLOTS,
    Branch,
    Bucket,
    bit_of,
    decode_page,
    first_difference,
    fold,
    inner_node,
    leaf_node,
    uvarint,
)

MAX_DEPTH = 15  # digits; 17 keys that share 60 bits are nobody's accident, and stay one bucket
MAX_PROOF_SIZE = 256 * 34 + 2 * (3 + MAX_VALUE_SIZE)


class NodeReader(Protocol):
    """Where pages come from; a prefix is the lower-case hexadecimal digits they share."""

    def __call__(self, prefixes: Sequence[str]) -> Mapping[str, bytes]:
        """Return the pages that exist of those asked for."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """Where a search for a key ended: a leaf, and the proof that it is in the tree."""

    key: bytes
    value: bytes
    attachment: bytes
    proof: bytes


class PageCache:
    """The newest page read of each prefix, with its hash, shared by trees that only read.

    The log outgrows the others: kept, they would grow with each batch.
    """

    LIMIT = 20_000  # about 2 KiB each

    def __init__(self) -> None:
        """Begin empty."""
        self._pages: dict[str, tuple[bytes, Bucket | Branch]] = {}

    def __len__(self) -> int:
        """Return the number of pages kept."""
        return len(self._pages)

    def get(self, prefix: str, root: bytes) -> Bucket | Branch | None:
        """Return the page of a prefix that has this hash, if it is here."""
        found = self._pages.get(prefix)
        return found[1] if found is not None and found[0] == root else None

    def put(self, prefix: str, page: Bucket | Branch) -> None:
        """Keep a page; nobody may change it from now on."""
        if prefix not in self._pages and len(self._pages) >= self.LIMIT:
            self._pages.clear()
        self._pages[prefix] = page.root(), page


class PrefixTree:
    """A view of the tree that reads pages as needed and collects those it changes.

    ``get`` and ``find`` see what ``put`` set; ``commit`` computes the new root and
    hands out the changed pages. The tree never forgets a key.
    """

    def __init__(self, read: NodeReader, shared: PageCache | None = None) -> None:
        """Take the source of pages that are not in memory yet; with ``shared``, only to read."""
        self._read = read
        self._shared = shared
        self._pages: dict[str, Bucket | Branch] = {}
        self._dirty: set[str] = set()
        self._root = NONE
        self._depth = 0  # where the last bucket was found: the others are about as deep

    def rebind(self, read: NodeReader) -> None:
        """Read what is missing from elsewhere from now on; pages in memory stay."""
        self._read = read

    def __len__(self) -> int:
        """Return the number of pages held in memory."""
        return len(self._pages)

    def load(self, keys: Iterable[bytes]) -> None:
        """Read the pages on the way to these keys, one round trip for each digit of depth."""
        wanted, pages = [key.hex() for key in keys], self._pages
        depth = 0
        while wanted:
            # Looked up one by one: a set minus the view of a dict walks through the whole dict.
            missing = sorted({name[:depth] for name in wanted if name[:depth] not in pages})
            if self._shared is not None and depth:
                missing = [prefix for prefix in missing if not self._take(prefix, self._shared)]
            if missing:
                found = self._read(missing)
                for prefix in missing:
                    pages[prefix] = page = self._open(prefix, found.get(prefix))
                    if self._shared is not None:
                        self._shared.put(prefix, page)
            wanted = [name for name in wanted if isinstance(pages[name[:depth]], Branch)]
            depth += 1

    def _take(self, prefix: str, shared: PageCache) -> bool:
        """Take a page that was read and checked before, if the branch above still has its hash."""
        above = self._pages[prefix[:-1]]
        if not isinstance(above, Branch):
            return False
        page = shared.get(prefix, above.nodes[SLOTS + int(prefix[-1], 16)])
        if page is not None:
            self._pages[prefix] = page
        return page is not None

    def _open(self, prefix: str, raw: bytes | None) -> Bucket | Branch:
        """Decode a page that was read; the branch above it must vouch for it.

        Raises:
            LogCorruptError: it is no page, or not the one whose hash the branch holds.

        """
        try:
            page = Bucket() if raw is None else decode_page(raw)
            if isinstance(page, Branch):
                page.check(len(prefix))
        except MalformedError as error:
            raise LogCorruptError(
                "index page {prefix!r}: {why}", prefix=prefix, why=error
            ) from error
        if prefix:
            above = self._pages[prefix[:-1]]
            slot = SLOTS + int(prefix[-1], 16)
            if isinstance(above, Branch) and above.nodes[slot] != page.root():
                raise LogCorruptError(
                    "index page {prefix!r}: it has another hash than the branch above it holds",
                    prefix=prefix,
                )
        else:
            self._root = page.root()
        return page

    def _bucket(self, key: bytes) -> tuple[str, Bucket]:
        name, depth = key.hex(), self._depth
        while True:
            prefix = name[:depth]
            page = self._pages.get(prefix)
            if isinstance(page, Bucket):
                self._depth = depth
                return prefix, page
            if isinstance(page, Branch):
                depth += 1
            elif depth and not isinstance(self._pages.get(prefix[:-1]), Branch):
                depth -= 1
            else:
                self.load([key])

    def get(self, key: bytes) -> tuple[bytes, bytes] | None:
        """Return (value, attachment) of a key, None where it is absent."""
        leaf = self._bucket(key)[1].leaves.get(key)
        return None if leaf is None else leaf[:2]

    def put(self, key: bytes, value: bytes, attachment: bytes = b"") -> None:
        """Set a key's value; the attachment is kept beside it and hashed nowhere."""
        if len(key) != KEY_SIZE:
            raise FormError("keys have 32 bytes")
        if self._shared is not None:
            msg = "a tree that shares its pages is only read"
            raise TypeError(msg)
        prefix, bucket = self._bucket(key)
        bucket.put(key, value, attachment)
        self._dirty.add(prefix)

    @staticmethod
    def _overflows(prefix: str, bucket: Bucket) -> bool:
        return len(bucket.keys) > BUCKET_LEAVES and len(prefix) < MAX_DEPTH

    def _split(self, prefix: str, bucket: Bucket, changed: set[str]) -> bytes:
        """Turn a full bucket into a branch over buckets; return its hash."""
        branch, slots = Branch(), {}
        children: dict[str, list[bytes]] = {}
        for key in bucket.keys:
            children.setdefault(key.hex()[: len(prefix) + 1], []).append(key)
        for child_prefix, keys in children.items():
            child, slot = Bucket(), int(child_prefix[-1], 16)
            child.keys = keys
            child.leaves = {key: bucket.leaves[key] for key in keys}
            self._pages[child_prefix] = child
            changed.add(child_prefix)
            if self._overflows(child_prefix, child):
                slots[slot] = self._split(child_prefix, child, changed)
            else:
                slots[slot] = child.root()
        branch.put(slots, len(prefix))
        self._pages[prefix] = branch
        changed.add(prefix)
        return branch.root()

    def commit(self) -> tuple[bytes, set[str]]:
        """Return the root and the prefixes of the pages changed since the last commit."""
        changed: set[str] = set()
        by_depth: dict[int, dict[str, dict[int, bytes]]] = {}
        for prefix in self._dirty:
            bucket = self._pages[prefix]
            if not isinstance(bucket, Bucket):
                msg = "only buckets are put into"
                raise TypeError(msg)
            changed.add(prefix)
            if self._overflows(prefix, bucket):
                node = self._split(prefix, bucket, changed)
            else:
                node = bucket.root()
            if prefix:
                slots = by_depth.setdefault(len(prefix) - 1, {}).setdefault(prefix[:-1], {})
                slots[int(prefix[-1], 16)] = node
        self._dirty.clear()
        for depth in range(max(by_depth, default=-1), -1, -1):
            for prefix, slots in by_depth.get(depth, {}).items():
                branch = self._pages[prefix]
                if not isinstance(branch, Branch):
                    msg = "the parent of a page is a branch"
                    raise TypeError(msg)
                branch.put(slots, depth)
                changed.add(prefix)
                if prefix:
                    above = by_depth.setdefault(depth - 1, {}).setdefault(prefix[:-1], {})
                    above[int(prefix[-1], 16)] = branch.root()
        if "" in self._pages:
            self._root = self._pages[""].root()
        return self.root(), changed

    def root(self) -> bytes:
        """Return the root as of the last commit."""
        if "" not in self._pages:
            self.load([bytes(KEY_SIZE)])
        return EMPTY_ROOT if self._root == NONE else self._root

    def page(self, prefix: str) -> bytes:
        """Return one page's bytes as it stands."""
        return self._pages[prefix].encode()

    def find(self, key: bytes) -> Found | None:
        """Return the leaf a search for ``key`` ends at, with its proof; None in the empty tree.

        The key is present when the leaf found is its own. Call ``commit`` first.
        """
        self.load([key])
        steps: list[tuple[int, bytes]] = []
        name, prefix = key.hex(), ""
        while isinstance(page := self._pages.get(prefix), Branch):
            node, depth = 1, len(prefix)
            while node < SLOTS:
                bit = 4 * depth + node.bit_length() - 1
                left, right = page.nodes[2 * node], page.nodes[2 * node + 1]
                if NONE not in (left, right):
                    side = bit_of(key, bit)
                    steps.append((bit, left if side else right))
                else:
                    side = int(left == NONE)
                node = 2 * node + side
            prefix += f"{node - SLOTS:x}"
            if prefix not in self._pages and not name.startswith(prefix):
                self.load([bytes.fromhex(prefix + "0" * (64 - len(prefix)))])
        if page is None or not page.keys:
            return None
        low, high = 0, len(page.keys)
        while high - low > 1:
            bit = first_difference(page.keys[low], page.keys[high - 1])
            middle = low + sum(not bit_of(k, bit) for k in page.keys[low:high])
            taken, other = (
                ((middle, high), (low, middle))
                if bit_of(key, bit)
                else ((low, middle), (middle, high))
            )
            keys = page.keys[slice(*other)]
            steps.append((bit, fold(keys, [page.leaves[k][2] for k in keys])))
            low, high = taken
        found = page.keys[low]
        value, attachment, _ = page.leaves[found]
        proof = b"".join(uvarint(bit) + sibling for bit, sibling in reversed(steps))
        return Found(found, value, attachment, proof)

    def attach(self, key: bytes, attachment: bytes) -> None:
        """Set what is kept beside a key's value; no hash changes."""
        self._bucket(key)[1].attach(key, attachment)

    def pages(self) -> Iterable[tuple[str, bytes]]:
        """Yield (prefix, bytes) of the pages in memory that are not empty."""
        for prefix, page in self._pages.items():
            if isinstance(page, Branch) or page.keys:
                yield prefix, page.encode()


def absence_proof(found: Found | None) -> bytes:
    """Return the proof that a search which ended elsewhere found nothing."""
    if found is None:
        return b""
    return (
        uvarint(len(found.key)) + found.key + uvarint(len(found.value)) + found.value + found.proof
    )


def _take_uvarint(proof: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    start = at
    while True:
        if at >= len(proof) or shift > 14:  # noqa: PLR2004
            raise ProofError("index proof: a number that is cut short or too long")
        byte = proof[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:  # noqa: PLR2004
            break
    if byte == 0 and at - start > 1:
        raise ProofError("index proof: a number that is not minimal")
    return value, at


def _climb(root: bytes, key: bytes, node: bytes, proof: bytes, at: int, agreeing: bytes) -> None:
    last = KEY_BITS
    while at < len(proof):
        bit, at = _take_uvarint(proof, at)
        sibling = proof[at : at + 32]
        at += 32
        if bit >= last or len(sibling) != 32:  # noqa: PLR2004
            raise ProofError(
                "index proof: bits not strictly decreasing below 256, or a hash cut short"
            )
        if bit_of(key, bit) != bit_of(agreeing, bit):
            raise ProofError("index proof: the other key leaves the absent key's path")
        node = (
            inner_node(bit, sibling, node) if bit_of(key, bit) else inner_node(bit, node, sibling)
        )
        last = bit
    if node != root:
        raise ProofError("index proof: it leads to another root")


def verify_presence(*, root: bytes, key: bytes, value: bytes, proof: bytes) -> None:
    """Check that ``key`` has ``value`` in the tree of this root.

    Raises:
        ProofError: it is not shown.

    """
    if len(key) != KEY_SIZE or len(value) > MAX_VALUE_SIZE or len(proof) > MAX_PROOF_SIZE:
        raise ProofError("index proof: keys have 32 bytes, values and proofs bounded sizes")
    _climb(root, key, leaf_node(key, value), proof, 0, key)


def verify_absence(*, root: bytes, key: bytes, proof: bytes) -> None:
    """Check that ``key`` is not in the tree of this root.

    Raises:
        ProofError: it is not shown.

    """
    if len(key) != KEY_SIZE or len(proof) > MAX_PROOF_SIZE:
        raise ProofError("index proof: keys have 32 bytes, proofs a bounded size")
    if root == EMPTY_ROOT or not proof:
        if proof or root != EMPTY_ROOT:
            raise ProofError("index proof: only the empty tree has the empty absence proof")
        return
    size, at = _take_uvarint(proof, 0)
    other = proof[at : at + size]
    at += size
    if size != KEY_SIZE or len(other) != KEY_SIZE or other == key:
        raise ProofError("index proof: an absence proof names another key of 32 bytes")
    size, at = _take_uvarint(proof, at)
    value = proof[at : at + size]
    at += size
    if len(value) != size:
        raise ProofError("index proof: the other key's value is cut short")
    _climb(root, other, leaf_node(other, value), proof, at, key)


def root_of(leaves: Mapping[bytes, bytes]) -> bytes:
    """Return the root over a whole mapping of keys of 32 bytes to values.

    Raises:
        ValueError: a key of another size: bits are told apart within 32 bytes only.

    """
    keys = sorted(leaves)
    if any(len(key) != KEY_SIZE for key in keys):
        raise FormError("a key that has not {key_size} bytes", key_size=KEY_SIZE)
    root = fold(keys, [leaf_node(key, leaves[key]) for key in keys])
    return EMPTY_ROOT if root == NONE else root
