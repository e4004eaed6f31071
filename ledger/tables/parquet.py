"""A whole ledger as one Parquet file, for whoever counts with DuckDB or another tool: a row for each leaf.

============== ========= ==================================================
index          UBIGINT   place in the log, from 0, none left out
leaf_hash      VARCHAR   RFC 6962 leaf hash, hexadecimal
id             VARCHAR   statement id, hexadecimal
type           VARCHAR   of a statement of ours, else null
issuer         VARCHAR
subject        VARCHAR
issued_at      TIMESTAMP by the issuer's clock, UTC
registered_at  TIMESTAMP of the seal behind it, UTC
fields         JSON      what a statement of ours says, else null
statement      BLOB      the leaf: the signed bytes
============== ========= ==================================================

In the file's own metadata stand ``origin``, ``checkpoint``, the newest signed note, and ``receipt``, the
signature that its receipts share, in hexadecimal: the rows lead to its root, so a row left out, added or
changed shows (``verify export``). The columns beside ``statement`` follow from it.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from ledger.errors import AuditError, MalformedError, StorageError, UsageError
from ledger.files.archive import check_root, signed_sizes
from ledger.files.reader import BareReader, EntryRange, LedgerReader, SignedSize, ranges
from ledger.primitives.durable import new_file
from ledger.primitives.instant import SECOND_US
from ledger.statements.catalogue import InvalidBody, decode_body, type_name
from ledger.statements.envelope import SignedStatement, parse_statement
from ledger.statements.fields import Body
from ledger.statements.log_family import Seal
from ledger.texts import saying
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.merkle import Frontier
from ledger.tlog.note import parse_note

NEEDS_PARQUET = saying("a Parquet file needs the extra parquet: pip install 'pinyuan[parquet]'")
MAGIC = b"PAR1"
AT_ONCE = 4_096
"""Rows read or written at once: bounds memory."""
COLUMNS = {
    "index": "UBIGINT", "leaf_hash": "VARCHAR", "id": "VARCHAR", "type": "VARCHAR",
    "issuer": "VARCHAR", "subject": "VARCHAR", "issued_at": "TIMESTAMP",
    "registered_at": "TIMESTAMP", "fields": "JSON", "statement": "BLOB",
}  # fmt: skip
_COLUMNS_READ = [
    f"epoch_us({name})" if kind == "TIMESTAMP" else name for name, kind in COLUMNS.items()
]
Row = dict[str, Any]


def _duckdb() -> tuple[type[Exception], Any]:
    """Return what it raises, and a connection to a database in memory."""
    try:
        import duckdb  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError(NEEDS_PARQUET) from error
    # Nothing is fetched from anywhere: what it needs is in the package.
    never: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    return duckdb.Error, duckdb.connect(":memory:", config=never)


def is_parquet(path: Path) -> bool:
    """Return whether a file begins as such files do."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def _parsed(index: int, leaf: bytes) -> tuple[SignedStatement, Body | None]:
    """Return the statement that a leaf is, with its payload where it is one of ours.

    Raises:
        AuditError: it is no statement, or not one of its type.

    """
    where = saying("entry {index}", index=index)
    try:
        signed = parse_statement(leaf)
    except MalformedError as error:
        raise AuditError(where, "statement", error) from error
    body = decode_body(signed)
    if isinstance(body, InvalidBody):
        raise AuditError(where, "payload", body.message)
    return signed, body


def described(index: int, signed: SignedStatement, body: Body | None) -> Row:
    """Return the columns of a leaf that follow from it alone; times in microseconds."""
    return {
        "index": index,
        "leaf_hash": signed.leaf_hash.hex(),
        "id": signed.id.hex(),
        "type": None if body is None else type_name(body),
        "issuer": signed.issuer,
        "subject": signed.subject,
        "issued_at": signed.issued_at * SECOND_US,
        "fields": None if body is None else signed.payload.decode(),
        "statement": signed.leaf,
    }


def rows_of(leaves: Iterable[tuple[int, bytes]]) -> Iterator[Row]:
    """Yield the row of each leaf, those of a batch when the seal behind it is there.

    Raises:
        AuditError: a leaf that is no statement of its type, or no seal behind the last.

    """
    batch: list[Row] = []
    for index, leaf in leaves:
        signed, body = _parsed(index, leaf)
        batch.append(described(index, signed, body))
        if isinstance(body, Seal):
            for row in batch:
                yield row | {"registered_at": body.time_us}
            batch.clear()
    if batch:
        raise AuditError(
            saying("entry {index}", index=batch[-1]["index"]),
            "type",
            saying("the newest entry is no seal"),
        )


def write_parquet(
    reader: LedgerReader, path: Path, *, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Write a ledger up to its newest checkpoint; return how many rows there are.

    Raises:
        UsageError: the file exists, nothing is signed yet, or the extra ``parquet`` is not installed.
        AuditError, VerificationError: an entry is no statement, or not one of those of the checkpoint.
        StorageError: the disk refused.

    """
    failed, connection = _duckdb()
    newest = signed_sizes(reader)[-1]
    known = {
        "origin": parse_checkpoint(parse_note(newest.note).text).origin,
        "checkpoint": newest.note,
        "receipt": newest.receipt_signature.hex(),
    }
    try:
        with new_file("export", path) as made, connection:
            lines = made.with_suffix(".ndjson")
            _write_rows(reader, newest, lines, progress)
            connection.execute(_copy(made, known), [str(lines)])
    except failed as error:
        raise StorageError("{path}: {why}", path=path, why=str(error)) from error
    return newest.size


def _write_rows(
    reader: LedgerReader, newest: SignedSize, lines: Path, progress: Callable[[int], None]
) -> None:
    """Write a line of JSON for each row.

    Raises:
        VerificationError: the rows do not lead to the checkpoint's root.
        OSError: the disk refused.

    """
    tree = Frontier()
    with lines.open("w", encoding="utf-8") as file:
        for row in rows_of(_leaves(reader, newest.size)):
            tree.append(bytes.fromhex(row["leaf_hash"]))
            spelled = row | {"statement": b64encode(row["statement"]).decode()}
            file.write(json.dumps(spelled) + "\n")
            progress(tree.size)
    check_root(reader, tree, newest)


def _leaves(reader: LedgerReader, size: int) -> Iterator[tuple[int, bytes]]:
    for start, stop in ranges(size, AT_ONCE):
        yield from enumerate(reader.entries(start, stop).leaves, start)


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _copy(made: Path, known: dict[str, str]) -> str:
    """Return the statement that turns lines of JSON into the file."""
    kinds = {"TIMESTAMP": "BIGINT", "BLOB": "VARCHAR", "JSON": "VARCHAR"}
    spelled = ", ".join(f"{name}: '{kinds.get(kind, kind)}'" for name, kind in COLUMNS.items())
    turned = {
        "TIMESTAMP": "make_timestamp({0}) AS {0}",
        "BLOB": "from_base64({0}) AS {0}",
        "JSON": "{0}::JSON AS {0}",
    }
    columns = ", ".join(turned.get(kind, "{0}").format(name) for name, kind in COLUMNS.items())
    metadata = ", ".join(f"{name}: {_text(text)}" for name, text in known.items())
    return (
        f"COPY (SELECT {columns} FROM read_json(?, format = 'newline_delimited', "  # noqa: S608 - names of ours
        f"columns = {{{spelled}}}) ORDER BY index) TO {_text(str(made))} "
        f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{metadata}}})"
    )


class ParquetReader(BareReader):
    """A ``LedgerReader`` over such a file: its rows are held against the statements in them."""

    def __init__(self, path: Path) -> None:
        """Open it and read its newest checkpoint; nothing is verified yet.

        Raises:
            UsageError: the extra ``parquet`` is not installed.
            StorageError: no file in this form.
            AuditError: no checkpoint in it, or other rows than that has entries.

        """
        self._path = path
        self._error, self._rows = _duckdb()
        known = dict(
            self._all("SELECT decode(key), decode(value) FROM parquet_kv_metadata(?)", str(path))
        )
        try:
            note, receipt = known.get("checkpoint", ""), bytes.fromhex(known.get("receipt", ""))
            self._size = parse_checkpoint(parse_note(note).text).size
        except (MalformedError, ValueError) as error:
            raise AuditError(path.name, "checkpoint", error) from error
        self._newest = SignedSize(self._size, note, receipt)
        ((count,),) = self._all("SELECT count(*) FROM read_parquet(?)", str(path))
        if count != self._size:
            raise AuditError(
                path.name,
                "rows",
                saying("{count}, and its checkpoint is of {size}", count=count, size=self._size),
            )

    def _all(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        try:
            found: list[tuple[Any, ...]] = self._rows.execute(query, list(given)).fetchall()
        except self._error as error:
            raise StorageError("{path}: {why}", path=self._path, why=str(error)) from error
        return found

    def reopen(self) -> tuple[Callable[[Path], LedgerReader], Path]:
        """Return this class and the file."""
        return ParquetReader, self._path

    def name(self) -> str:
        """Return the file's name."""
        return saying("file {path}", path=self._path)

    def size(self) -> int:
        """Return the newest checkpoint's size."""
        return self._size

    def _read(self, start: int, stop: int) -> list[Row]:
        """Return the rows [start, stop), each of an entry.

        Raises:
            AuditError: a row is left out or there twice, or has no statement.
            StorageError: a column is missing or of another type.

        """
        query = (
            f"SELECT {', '.join(_COLUMNS_READ)} FROM read_parquet(?) "  # noqa: S608 - names of ours
            "WHERE index >= ? AND index < ? ORDER BY index"
        )
        found = self._all(query, str(self._path), start, stop)
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in found]
        for due, row in zip_longest(range(start, stop), rows):
            told = due if row is None else row["index"]
            if row is None or told != due:
                raise AuditError(
                    saying("entry {index}", index=told if due is None else min(due, told)),
                    "index",
                    saying("it is left out, or there twice"),
                )
            if type(row["statement"]) is not bytes:
                raise AuditError(
                    saying("entry {index}", index=due), "statement", saying("it is missing")
                )
        return rows

    def entries(self, start: int, stop: int) -> EntryRange:
        """Return entries with what their columns claim of them."""
        rows = self._read(start, stop)
        for row in rows:
            _hold(row, described(row["index"], *_parsed(row["index"], row["statement"])))
        claims: dict[str, Sequence[Any]] = {
            name: [bytes.fromhex(row[name]) for row in rows] for name in ("id", "leaf_hash")
        }
        return EntryRange(start, [row["statement"] for row in rows], claims)

    def checkpoints(self, start: int, stop: int) -> Sequence[SignedSize]:
        """Return the newest checkpoint where it is asked for: no other is in it."""
        return (self._newest,) if start < self._size <= stop else ()

    def check_seals(self, seals: Sequence[tuple[int, int]], start: int, stop: int) -> None:
        """Compare each row's time of registration with that of the seal behind it."""
        at = start
        told = self._all(
            "SELECT epoch_us(registered_at) FROM read_parquet(?) "
            "WHERE index >= ? AND index < ? ORDER BY index",
            str(self._path),
            start,
            stop,
        )
        for index, time_us in seals:
            for place in range(at, index + 1):
                if told[place - start] != (time_us,):
                    raise AuditError(
                        saying("entry {index}", index=place),
                        "registered_at",
                        saying("not the time of the seal behind it"),
                    )
            at = index + 1

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()


def _hold(row: Row, due: Row) -> None:
    """Hold what the columns say of a statement against the statement.

    Raises:
        AuditError: names the first column that says something else.

    """
    for name, value in due.items():
        if row[name] != value:
            raise AuditError(
                saying("entry {index}", index=row["index"]),
                name,
                saying("not what its statement says"),
            )
