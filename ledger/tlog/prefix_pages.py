"""Pages of the history index: buckets of leaves, branches of hashes.

A page covers one hexadecimal digit of the key. A bucket holds up to 16 leaves (value, and
an attachment that is kept beside it and hashed nowhere); a branch holds its 16 children's
hashes and the 15 nodes between. On disk::

    bucket  00 || (key32 || u16be len || value || u32be len || attachment)*   keys ascending
    branch  01 || node1 || ... || node31, 32 bytes each, zeroes where there is none
"""

from bisect import insort
from collections.abc import Mapping, Sequence
from hashlib import sha256

from ledger.errors import MalformedError

KEY_SIZE = 32
KEY_BITS = 256
EMPTY_ROOT = sha256(b"").digest()
BUCKET_LEAVES = 16  # more of them make a bucket a branch; each is hashed on every touch
SLOTS = 16
MAX_VALUE_SIZE = 0xFFFF

NONE = bytes(32)  # no node: never the SHA-256 of anything we know
TAG_BUCKET, TAG_BRANCH = b"\x00", b"\x01"


def uvarint(value: int) -> bytes:
    """Return an unsigned LEB128, shortest form."""
    out = bytearray()
    while value >= 0x80:  # noqa: PLR2004
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


_UVARINTS = [uvarint(value) for value in range(KEY_BITS)]
_INNER = [b"\x01" + coded for coded in _UVARINTS]


def leaf_node(key: bytes, value: bytes) -> bytes:
    """Return the hash of one leaf."""
    size = len(value)
    coded = _UVARINTS[size] if size < KEY_BITS else uvarint(size)
    return sha256(b"\x00\x20" + key + coded + value).digest()


def inner_node(bit: int, left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees that first differ at ``bit`` (0..255)."""
    return sha256(_INNER[bit] + left + right).digest()


def bit_of(key: bytes, bit: int) -> int:
    """Return one bit of a key, 0 the most significant."""
    return key[bit >> 3] >> (7 - (bit & 7)) & 1


def first_difference(a: bytes, b: bytes) -> int:
    """Return the first bit in which two keys differ, 256 if in none."""
    return KEY_BITS - (int.from_bytes(a) ^ int.from_bytes(b)).bit_length()


def fold(keys: Sequence[bytes], nodes: Sequence[bytes]) -> bytes:
    """Return the root over sorted keys and their leaf hashes; ``NONE`` for none."""
    if not nodes:
        return NONE
    stack, bits = [nodes[0]], [-1]
    previous = int.from_bytes(keys[0])
    for key, node in zip(keys[1:], nodes[1:], strict=True):
        current = int.from_bytes(key)
        bit = KEY_BITS - (previous ^ current).bit_length()
        while bits[-1] > bit:
            right = stack.pop()
            stack[-1] = sha256(_INNER[bits.pop()] + stack[-1] + right).digest()
        stack.append(node)
        bits.append(bit)
        previous = current
    while len(stack) > 1:
        right = stack.pop()
        stack[-1] = sha256(_INNER[bits.pop()] + stack[-1] + right).digest()
    return stack[0]


class Bucket:
    """Up to 16 leaves (more until the next commit splits it), sorted by key."""

    __slots__ = ("keys", "leaves")

    def __init__(self) -> None:
        self.keys: list[bytes] = []
        self.leaves: dict[bytes, tuple[bytes, bytes, bytes]] = {}  # value, attachment, node

    def put(self, key: bytes, value: bytes, attachment: bytes) -> None:
        """Set a leaf."""
        if key not in self.leaves:
            insort(self.keys, key)
        self.leaves[key] = (value, attachment, leaf_node(key, value))

    def attach(self, key: bytes, attachment: bytes) -> None:
        """Set what is kept beside a leaf's value."""
        value, _, node = self.leaves[key]
        self.leaves[key] = (value, attachment, node)

    def root(self) -> bytes:
        """Return the hash of the bucket's leaves, ``NONE`` for none."""
        leaves = self.leaves
        return fold(self.keys, [leaves[key][2] for key in self.keys])

    def encode(self) -> bytes:
        """Return the page's bytes."""
        parts = [TAG_BUCKET]
        for key in self.keys:
            value, attachment, _ = self.leaves[key]
            parts += (key, len(value).to_bytes(2), value, len(attachment).to_bytes(4), attachment)
        return b"".join(parts)

    @classmethod
    def decode(cls, page: bytes) -> "Bucket":
        """Return the bucket of a page's bytes."""
        bucket = cls()
        at, end = 1, len(page)
        while at < end:
            key = page[at : at + 32]
            at += 34
            size = int.from_bytes(page[at - 2 : at])
            value = page[at : at + size]
            at += size + 4
            size = int.from_bytes(page[at - 4 : at])
            attachment = page[at : at + size]
            at += size
            bucket.keys.append(key)
            bucket.leaves[key] = (value, attachment, leaf_node(key, value))
        if at != end or sorted(set(bucket.keys)) != bucket.keys:
            raise MalformedError("index page: a bucket that is cut short or out of order")
        return bucket


class Branch:
    """Nodes 1..15 between, slots 16..31, as a heap: node i has children 2i and 2i + 1."""

    __slots__ = ("nodes",)

    def __init__(self) -> None:
        self.nodes = [NONE] * (2 * SLOTS)

    def put(self, slots: Mapping[int, bytes], depth: int) -> None:
        """Set child hashes and recompute the nodes above them; depth in digits."""
        nodes = self.nodes
        changed: set[int] = set()
        for slot, node in slots.items():
            nodes[SLOTS + slot] = node
            changed.add(SLOTS + slot >> 1)
        for level in (3, 2, 1, 0):
            prefix = _INNER[4 * depth + level]
            above: set[int] = set()
            for i in changed:
                left, right = nodes[2 * i], nodes[2 * i + 1]
                if left is NONE or left == NONE:
                    nodes[i] = right
                elif right is NONE or right == NONE:
                    nodes[i] = left
                else:
                    nodes[i] = sha256(prefix + left + right).digest()
                above.add(i >> 1)
            changed = above

    def root(self) -> bytes:
        """Return the hash of everything below."""
        return self.nodes[1]

    def check(self, depth: int) -> None:
        """Refuse nodes that do not follow from the slots; depth in digits.

        Raises:
            MalformedError: they do not.

        """
        again = Branch()
        again.put(dict(enumerate(self.nodes[SLOTS:])), depth)
        if again.nodes[1:] != self.nodes[1:]:
            raise MalformedError("index page: a branch whose hashes do not add up")

    def encode(self) -> bytes:
        """Return the page's bytes."""
        return TAG_BRANCH + b"".join(self.nodes[1:])

    @classmethod
    def decode(cls, page: bytes) -> "Branch":
        """Return the branch of a page's bytes."""
        if len(page) != 1 + 32 * (2 * SLOTS - 1):
            raise MalformedError("index page: a branch of another size")
        branch = cls()
        branch.nodes[1:] = [page[at : at + 32] for at in range(1, len(page), 32)]
        return branch


def decode_page(page: bytes) -> Bucket | Branch:
    """Return the page of its bytes.

    Raises:
        MalformedError: another kind, or a page that is cut short.

    """
    kind = page[:1]
    if kind == TAG_BUCKET:
        return Bucket.decode(page)
    if kind == TAG_BRANCH:
        return Branch.decode(page)
    raise MalformedError("index page: neither bucket nor branch")
