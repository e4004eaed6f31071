"""Tables. ``entries`` and ``checkpoints`` are only ever inserted into; triggers refuse the rest.

``entries`` and ``seals`` hold what was said, ``attached`` what came along with it, which nobody
here proves and no export has; ``tiles``, ``history_groups``,
``index_pages`` and ``head`` follow from it and can be rebuilt. So does ``search``, which is
written behind the commits and may lag: nothing but searching reads it.
"""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, SmallInteger, Table, Text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

entries = Table(
    "entries",
    metadata,
    Column("idx", BigInteger, primary_key=True, autoincrement=False, comment="leaf index"),
    Column("id", LargeBinary, nullable=False, unique=True, comment="statement id, 32 bytes"),
    Column("leaf", LargeBinary, nullable=False, comment="the emptied statement"),
    Column("leaf_hash", LargeBinary, nullable=False),
    Column("chain", LargeBinary, nullable=False, comment="c_(idx + 1)"),
)

attached = Table(
    "attached",
    metadata,
    Column("idx", BigInteger, primary_key=True, autoincrement=False, comment="leaf index"),
    Column("receipts", LargeBinary, nullable=False, comment="of other logs, a CBOR array of bytes"),
)

seals = Table(
    "seals",
    metadata,
    Column(
        "idx", BigInteger, primary_key=True, autoincrement=False, comment="the seal's leaf index"
    ),
    Column("time_us", BigInteger, nullable=False, index=True),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False, comment="signed by the log key"),
    Column(
        "receipt_signature", LargeBinary, nullable=False, comment="shared by the batch's receipts"
    ),
)

cosignatures = Table(
    "cosignatures",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False, comment="of the checkpoint"),
    Column("key", Text, primary_key=True, comment="<name>+<key id> of the cosigner"),
    Column("time_s", BigInteger, nullable=False, comment="when it cosigned"),
    Column("line", Text, nullable=False, comment="the signature line"),
)

tiles = Table(
    "tiles",
    metadata,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False, comment="256 hashes"),
    Column("root", LargeBinary, nullable=False, comment="the hash one level up"),
)

history_groups = Table(
    "history_groups",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column(
        "n",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="entries [256 n, 256 n + 256)",
    ),
    Column("indices", LargeBinary, nullable=False, comment="256 leaf indices, u64be"),
)

index_pages = Table(
    "index_pages",
    metadata,
    Column(
        "number", BigInteger, primary_key=True, autoincrement=False, comment="0x1 || prefix digits"
    ),
    Column("page", LargeBinary, nullable=False),
)

head = Table(
    "head",
    metadata,
    Column("one", SmallInteger, primary_key=True, autoincrement=False, comment="always 1"),
    Column("size", BigInteger, nullable=False),
    Column("chain", LargeBinary, nullable=False, comment="c_size"),
    Column(
        "frontier", LargeBinary, nullable=False, comment="complete subtree roots, largest first"
    ),
    Column("index_root", LargeBinary, nullable=False, comment="as the newest seal has it"),
    Column("seal_idx", BigInteger, nullable=False),
    Column("seal_id", LargeBinary, nullable=False),
    Column("seal_time_us", BigInteger, nullable=False),
)

search = Table(
    "search",
    metadata,
    Column("idx", BigInteger, primary_key=True, autoincrement=False, comment="leaf index"),
    Column("term", LargeBinary, primary_key=True, comment="SHA-256(kind, name), 16 bytes"),
    Index(None, "term", "idx"),
    sqlite_with_rowid=False,
)
