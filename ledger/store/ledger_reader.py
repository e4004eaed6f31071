"""A ``LedgerReader`` over the database: one snapshot, every column a claim."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from hashlib import sha256

from ledger.errors import AuditError, LogCorruptError, MalformedError
from ledger.files.reader import Derived, EntryRange, LedgerReader, SignedSize
from ledger.store.cosignatures import key_text
from ledger.store.engine import make_engine
from ledger.store.reads import Head, Snapshot, page_number, reading
from ledger.store.schema import check_revision
from ledger.texts import saying
from ledger.tlog.note import TIMESTAMP_SIZE, parse_note


def _claimed(value: object) -> bytes:
    """Return a column's bytes; another type, which somebody put there, equals nothing derived."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def _page_name(number: object) -> str:
    return f"{number:x}" if isinstance(number, int) else repr(number)


class DatabaseReader:
    """Reads a ledger's database inside one transaction."""

    def __init__(self, url: str) -> None:
        """Open a snapshot.

        Raises:
            UsageError: no ledger there.

        """
        self.url = url
        self._engine = make_engine(url)
        self._stack = ExitStack()
        self._stack.callback(self._engine.dispose)
        try:
            check_revision(self._engine)
            self._snapshot: Snapshot = self._stack.enter_context(reading(self._engine))
            self._head = self._read_head()
        except BaseException:
            self.close()
            raise

    def _read_head(self) -> Head:
        try:
            head = self._snapshot.head()
        except LogCorruptError as error:
            raise AuditError(saying("head"), "row", error) from error
        if head is None:
            raise AuditError(saying("head"), "row", saying("it is missing"))
        return head

    def reopen(self) -> tuple[Callable[[str], LedgerReader], str]:
        """Return this class and the URL."""
        return DatabaseReader, self.url

    def name(self) -> str:
        """Return the database's name, without a password."""
        return saying("database {url}", url=self._engine.url)

    def size(self) -> int:
        """Return the head's size."""
        return self._head.size

    def entries(self, start: int, stop: int) -> EntryRange:
        """Return rows with the columns that follow from the leaf."""
        rows = self._snapshot.driver.rows(
            "SELECT idx, id, leaf, leaf_hash, chain FROM entries WHERE idx >= ? AND idx < ? ORDER BY idx",
            start,
            stop,
        )
        for expected, row in enumerate(rows, start):
            if row[0] != expected:
                raise AuditError(
                    saying("entry {expected}", expected=expected),
                    "idx",
                    saying("missing; the next row is {row}", row=row[0]),
                )
        return EntryRange(
            start,
            [_claimed(row[2]) for row in rows],
            {
                "id": [_claimed(row[1]) for row in rows],
                "leaf_hash": [_claimed(row[3]) for row in rows],
                "chain": [_claimed(row[4]) for row in rows],
            },
        )

    def terms(self, start: int, stop: int) -> Mapping[int, set[bytes]]:
        """Return the rows of the search index."""
        rows = self._snapshot.driver.rows(
            "SELECT idx, term FROM search WHERE idx >= ? AND idx < ?", start, stop
        )
        found: dict[int, set[bytes]] = defaultdict(set)
        for index, item in rows:
            found[index].add(_claimed(item))
        return found

    def checkpoints(self, start: int, stop: int) -> Sequence[SignedSize]:
        """Return the checkpoints with start < size <= stop."""
        rows = self._snapshot.driver.rows(
            "SELECT size, note, receipt_signature FROM checkpoints "
            "WHERE size > ? AND size <= ? ORDER BY size",
            start,
            stop,
        )
        lines = self._cosignatures(start, stop)
        return [
            SignedSize(
                size,
                (note if isinstance(note, str) else "") + "".join(lines.get(size, ())),
                _claimed(signature),
            )
            for size, note, signature in rows
        ]

    def _cosignatures(self, start: int, stop: int) -> dict[int, list[str]]:
        """Return the cosignature lines of checkpoints with start < size <= stop."""
        found: dict[int, list[str]] = {}
        for size, key, time_s, line in self._snapshot.driver.rows(
            "SELECT size, key, time_s, line FROM cosignatures "
            "WHERE size > ? AND size <= ? ORDER BY size, key",
            start,
            stop,
        ):
            where = saying("cosignature {size} of {key}", size=size, key=key)
            try:
                (said,) = parse_note(f"-\n\n{line}").signatures
            except (MalformedError, ValueError) as error:
                raise AuditError(where, "line", saying("not one signature line")) from error
            if key_text(said) != key:
                raise AuditError(where, "key", saying("not the one its line names"))
            if int.from_bytes(said.signature[:TIMESTAMP_SIZE]) != time_s:
                raise AuditError(where, "time_s", saying("not the time its line says"))
            found.setdefault(size, []).append(line)
        return found

    def attached(self, stop: int) -> list[tuple[int, bytes]]:
        """Return (index, receipts of other logs in a CBOR array) of entries before ``stop``."""
        rows = self._snapshot.driver.rows(
            "SELECT idx, receipts FROM attached WHERE idx < ? ORDER BY idx", stop
        )
        return [(index, _claimed(receipts)) for index, receipts in rows]

    def check_tile(
        self, level: int, number: int, hashes: Sequence[bytes], root: bytes | None
    ) -> None:
        """Compare a full tile; the edge lies in the entries."""
        if root is None:
            return
        rows = self._snapshot.driver.rows(
            "SELECT hashes, root FROM tiles WHERE level = ? AND n = ?", level, number
        )
        where = saying("tile {level}/{number}", level=level, number=number)
        if not rows:
            raise AuditError(where, "row", saying("it is missing"))
        if _claimed(rows[0][0]) != b"".join(hashes):
            raise AuditError(where, "hashes", saying("not those of the entries below it"))
        if _claimed(rows[0][1]) != root:
            raise AuditError(where, "root", saying("not that of its hashes"))

    def check_seals(self, seals: Sequence[tuple[int, int]], start: int, stop: int) -> None:
        """Compare the table of seals."""
        rows = self._snapshot.driver.rows(
            "SELECT idx, time_us FROM seals WHERE idx >= ? AND idx < ? ORDER BY idx", start, stop
        )
        stored: dict[int, int] = {row[0]: row[1] for row in rows}
        for index, time_us in seals:
            if stored.pop(index, None) != time_us:
                raise AuditError(
                    saying("entry {index}", index=index),
                    "seals.time_us",
                    saying("not the time of the seal there"),
                )
        if stored:
            raise AuditError(
                saying("entry {stored}", stored=min(stored)),
                "seals.idx",
                saying("there is no seal at that index"),
            )

    def _check_pages(self) -> None:
        """Let SQLite hold its indices against its rows: who looks an id up goes by them."""
        if self._engine.dialect.name == "sqlite":
            said = str(self._snapshot.driver.rows("PRAGMA integrity_check(1)")[0][0])
            if said != "ok":
                raise AuditError(saying("database"), "pages", said.strip())

    def check_derived(self, derived: Derived) -> None:
        """Compare head, index pages, history groups, and the counts of rows."""
        self._check_pages()
        self._check_head(derived)
        expected = dict(derived.pages)
        numbers = {page_number(prefix): prefix for prefix in expected}
        for number, page in self._snapshot.driver.rows("SELECT number, page FROM index_pages"):
            prefix = numbers.pop(number, None)
            if prefix is None:
                raise AuditError(
                    saying("index page {page_name}", page_name=_page_name(number)),
                    "number",
                    saying("no such page follows from the entries"),
                )
            if _claimed(page) != expected[prefix]:
                raise AuditError(
                    saying("index page 1{prefix}", prefix=prefix),
                    "page",
                    saying("not the one that follows from the entries"),
                )
        if numbers:
            raise AuditError(
                saying("index page {numbers:x}", numbers=min(numbers)),
                "row",
                saying("it is missing"),
            )
        self._check_groups(dict(derived.groups))
        self._check_search(derived.size)
        for table, count in (
            ("entries", derived.size),
            ("tiles", derived.tiles),
            ("seals", derived.seals),
            ("head", 1),
        ):
            found = self._snapshot.driver.rows(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608
            if found != count:
                raise AuditError(
                    table,
                    "rows",
                    saying(
                        "{found} of them, {count} follow from the entries", found=found, count=count
                    ),
                )
        beyond = self._snapshot.driver.rows(
            "SELECT min(size) FROM checkpoints WHERE size > ? OR size < 1", derived.size
        )[0][0]
        if beyond is not None:
            raise AuditError(
                saying("checkpoint {beyond}", beyond=beyond),
                "size",
                saying("the ledger has {size} entries", size=derived.size),
            )
        for size, key in self._snapshot.driver.rows(
            "SELECT size, key FROM cosignatures WHERE NOT EXISTS "
            "(SELECT 1 FROM checkpoints WHERE checkpoints.size = cosignatures.size) LIMIT 1"
        ):
            raise AuditError(
                saying("cosignature {size} of {key}", size=size, key=key),
                "size",
                saying("no checkpoint of that size"),
            )

    def _check_search(self, size: int) -> None:
        """Refuse rows of entries that are not there, and gaps: the index covers entries from 0 on."""
        rows = self._snapshot.driver.rows(
            "SELECT min(idx), max(idx), count(DISTINCT idx) FROM search"
        )
        first, last, count = rows[0]
        if not count:
            return
        for index in (first, last):
            if not (isinstance(index, int) and 0 <= index < size):
                raise AuditError(
                    saying("entry {index}", index=index),
                    "search.idx",
                    saying("the ledger has {size} entries", size=size),
                )
        if count != last + 1:
            gap = (
                "SELECT min(idx) FROM entries WHERE idx < ? AND idx NOT IN (SELECT idx FROM search)"
            )
            missing = self._snapshot.driver.rows(gap, last)[0][0]
            raise AuditError(
                saying("entry {missing}", missing=missing),
                "search.term",
                saying("the index leaves this entry out"),
            )

    def _check_head(self, derived: Derived) -> None:
        head = self._head
        for field, stored, wanted in (
            ("size", head.size, derived.size),
            ("chain", head.chain, derived.chain),
            ("frontier", head.frontier, b"".join(derived.frontier)),
            ("index_root", head.index_root, derived.index_root),
            ("seal_idx", head.seal_idx, derived.seal_index),
            ("seal_id", head.seal_id, derived.seal_id),
            ("seal_time_us", head.seal_time_us, derived.seal_time_us),
        ):
            if stored != wanted:
                raise AuditError(saying("head"), field, saying("not what follows from the entries"))

    def _check_groups(self, expected: dict[tuple[bytes, int], bytes]) -> None:
        rows = self._snapshot.driver.rows("SELECT key, n, indices FROM history_groups")
        for key, n, indices in rows:
            where = saying("history {claimed} group {n}", claimed=_claimed(key).hex(), n=n)
            wanted = expected.pop((_claimed(key), n), None)
            if wanted is None:
                raise AuditError(where, "key", saying("no such group follows from the entries"))
            if sha256(_claimed(indices)).digest() != wanted:
                raise AuditError(where, "indices", saying("not those of the history's entries"))
        if expected:
            key, n = min(expected)
            raise AuditError(
                saying("history {key} group {n}", key=key.hex(), n=n),
                "row",
                saying("it is missing"),
            )

    def close(self) -> None:
        """End the snapshot."""
        self._stack.close()
