"""Proofs made here, from the tiles that a server publishes.

Tiles are not signed: a proof made from them is worth what its check against a signed
root is worth, and it is always checked.
"""

from collections.abc import Callable, Iterator

from ledger.errors import MalformedError, ProofError, VerificationError
from ledger.evidence.proven import Consistency
from ledger.primitives.strict import format_base64
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.merkle import (
    leaf_hash,
    prove_consistency,
    prove_inclusion,
    subtree_root,
    verify_consistency,
    verify_inclusion,
)
from ledger.tlog.tiles import (
    HEIGHT,
    MAX_LEVEL,
    WIDTH,
    decode_bundle,
    interior,
    split_hashes,
    tile_path,
)

Fetch = Callable[[str, int], bytes | None]
"""Returns a tile by its path and greatest size in bytes, None where the server has none."""

MAX_BUNDLE = WIDTH * (2 + 65_535)
MAX_HASHES = WIDTH * 32


def fetch_tile(fetch: Fetch, level: int | None, number: int, size: int) -> tuple[bytes, int]:
    """Return a tile of the tree of ``size`` leaves and how many of its items belong to it.

    Where the partial tile is gone the full one that took its place is asked for.

    Raises:
        VerificationError: the server signed a tree of that size and does not have it.

    """
    width = min(WIDTH, (size >> (HEIGHT * (level or 0))) - number * WIDTH)
    limit = MAX_BUNDLE if level is None else MAX_HASHES
    path = tile_path(level, number, width)
    for candidate in (path, tile_path(level, number)):
        found = fetch(candidate, limit)
        if found is not None:
            return found, width
    raise VerificationError(
        "the server has no {path}, which belongs to a tree of {size} entries", path=path, size=size
    )


def entry_bundle(fetch: Fetch, number: int, size: int) -> list[bytes]:
    """Return the entries of a bundle in the tree of ``size`` leaves.

    Raises:
        VerificationError: it is missing, or no bundle.

    """
    raw, width = fetch_tile(fetch, None, number, size)
    what = tile_path(None, number, width)
    try:
        return decode_bundle(raw, width, what)
    except MalformedError as error:
        if width < WIDTH:
            try:
                return decode_bundle(raw, WIDTH, what)[:width]  # the full one in its place
            except MalformedError:
                pass
        raise VerificationError(error) from error


class TileHashes:
    """Hashes of subtrees of the tree of ``size`` leaves, out of tiles."""

    def __init__(self, fetch: Fetch, size: int) -> None:
        self._fetch = fetch
        self._size = size
        self._tiles: dict[tuple[int, int], list[list[bytes]]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """Return the hash of leaves [index << level, (index + 1) << level)."""
        tile_level = min(level // HEIGHT, MAX_LEVEL)
        inside = level - tile_level * HEIGHT
        number, at = divmod(index << inside, WIDTH)
        tile = self._tiles.get((tile_level, number))
        if tile is None:
            raw, width = fetch_tile(self._fetch, tile_level, number, self._size)
            what = tile_path(tile_level, number, width)
            if len(raw) == MAX_HASHES:
                raw = raw[: width * 32]  # the full one in its place
            try:
                tile = interior(split_hashes(raw, width, what))
            except MalformedError as error:
                raise VerificationError(error) from error
            self._tiles[tile_level, number] = tile
        return tile[inside][at >> inside]


class Tree:
    """The tree of one signed checkpoint."""

    def __init__(self, fetch: Fetch, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint
        self._fetch = fetch
        self._hashes = TileHashes(fetch, checkpoint.size)

    def root_at(self, size: int) -> Consistency:
        """Return the root that this tree had at a smaller size, with its proof.

        Raises:
            VerificationError: the server's tiles do not lead to the root it signed.

        """
        root = subtree_root(0, size, self._hashes)
        path = prove_consistency(size, self.checkpoint.size, self._hashes)
        try:
            verify_consistency(
                old=size,
                size=self.checkpoint.size,
                old_root=root,
                root=self.checkpoint.root,
                proof=path,
            )
        except ProofError as error:
            raise VerificationError(
                "the server's tiles do not lead to the root it signed: {why}", why=error
            ) from error
        parts = tuple(format_base64(part) for part in path)
        return Consistency(size=size, root=format_base64(root), path=parts)

    def entries(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield leaves [start, stop), each proven to be in this tree.

        Raises:
            VerificationError: others, or the tiles do not lead to the signed root.

        """
        for number in range(start // WIDTH, -(-stop // WIDTH)):
            leaves = entry_bundle(self._fetch, number, self.checkpoint.size)
            for index, leaf in enumerate(leaves, number * WIDTH):
                if start <= index < stop:
                    self.path(index, leaf)
                    yield leaf

    def entry(self, index: int) -> bytes:
        """Return one leaf that is proven to be in this tree."""
        return next(self.entries(index, index + 1))

    def path(self, index: int, leaf: bytes) -> list[bytes]:
        """Return the path of a leaf that is at its index in this tree.

        Raises:
            ProofError: it is not, as far as the server shows.

        """
        path = prove_inclusion(index, self.checkpoint.size, self._hashes)
        verify_inclusion(
            index=index,
            size=self.checkpoint.size,
            leaf=leaf_hash(leaf),
            path=path,
            root=self.checkpoint.root,
        )
        return path
