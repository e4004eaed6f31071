"""A whole log behind a server, read entry bundle by entry bundle, to be exported and audited."""

from collections.abc import Callable, Sequence

from ledger.client.entries import receipt_of
from ledger.client.session import Client
from ledger.client.tree import entry_bundle, fetch_tile
from ledger.cose.receipt import verify_receipt
from ledger.errors import AuditError, VerificationError
from ledger.files.reader import BareReader, EntryRange, LedgerReader, SignedSize
from ledger.statements.envelope import parse_statement
from ledger.texts import saying
from ledger.tlog.merkle import HASH_SIZE, Frontier, leaf_hash
from ledger.tlog.tiles import WIDTH, tile_path


class ServerReader(BareReader):
    """A ``LedgerReader`` for one pass over a server's log, up to one checkpoint.

    Every entry is hashed as it comes; behind the last one the root must be the signed one.
    """

    def __init__(self, client: Client) -> None:
        """Take the newest checkpoint; nothing else is fetched yet."""
        client.newest()
        known = client.remembered()
        assert known is not None  # noqa: S101 - it was just seen
        self._client = client
        self._note, self._checkpoint = known
        self._tree = Frontier()

    def reopen(self) -> tuple[Callable[[Client], LedgerReader], Client]:
        """Return this class and its client."""
        return ServerReader, self._client

    def name(self) -> str:
        """Return the server's address."""
        return self._client.server.url

    def size(self) -> int:
        """Return the newest checkpoint's size."""
        return self._checkpoint.size

    def entries(self, start: int, stop: int) -> EntryRange:
        """Return the next entries, with the hashes of their bytes.

        Raises:
            VerificationError: all of them have another root than the one that is signed.

        """
        leaves: list[bytes] = []
        for number in range(start // WIDTH, -(-stop // WIDTH)):
            leaves += entry_bundle(self._client.fetch, number, self._checkpoint.size)
        first = start // WIDTH * WIDTH
        leaves = leaves[start - first : stop - first]
        hashes = [leaf_hash(leaf) for leaf in leaves]
        if start == self._tree.size:
            for item in hashes:
                self._tree.append(item)
            if stop == self._checkpoint.size and self._tree.root() != self._checkpoint.root:
                raise VerificationError(
                    "{name}: its entries have another root than the one it signed", name=self.name()
                )
        return EntryRange(start, leaves, {"leaf_hash": hashes})

    def checkpoints(self, start: int, stop: int) -> Sequence[SignedSize]:
        """Return the newest checkpoint; a server shows no older ones."""
        size = self._checkpoint.size
        if not start < size <= stop:
            return []
        leaf = self._client.tree(self._checkpoint).entry(size - 1)
        receipt = receipt_of(self._client, parse_statement(leaf).id)
        opened = None
        if receipt is not None:
            opened = verify_receipt(receipt, leaf, self._client.receipt_key, self._client.origin)
        if opened is None or opened.claims.size != size:
            raise VerificationError(
                "{name}: no receipt for the seal at entry {size}", name=self.name(), size=size - 1
            )
        return [SignedSize(size, self._note, opened.signature)]

    def check_tile(
        self, level: int, number: int, hashes: Sequence[bytes], root: bytes | None
    ) -> None:
        """Compare a tile of the server."""
        del root  # it stands in the tile above
        raw, width = fetch_tile(self._client.fetch, level, number, self._checkpoint.size)
        if raw[: width * HASH_SIZE] != b"".join(hashes):
            name = tile_path(level, number, width)
            raise AuditError(name, "hashes", saying("not those of the entries below it"))
