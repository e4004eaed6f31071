"""The log: entries, seals, checkpoints, and what follows from them.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEPT = ("entries", "checkpoints")


def upgrade():
    op.create_table(
        "entries",
        sa.Column(
            "idx", sa.BigInteger(), autoincrement=False, nullable=False, comment="leaf index"
        ),
        sa.Column("id", sa.LargeBinary(), nullable=False, comment="statement id, 32 bytes"),
        sa.Column("leaf", sa.LargeBinary(), nullable=False, comment="the emptied statement"),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False, comment="c_(idx + 1)"),
        sa.PrimaryKeyConstraint("idx", name="pk_entries"),
        sa.UniqueConstraint("id", name="uq_entries_id"),
    )
    op.create_table(
        "seals",
        sa.Column(
            "idx",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="the seal's leaf index",
        ),
        sa.Column("time_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("idx", name="pk_seals"),
    )
    op.create_table(
        "checkpoints",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False, comment="signed by the log key"),
        sa.Column(
            "receipt_signature",
            sa.LargeBinary(),
            nullable=False,
            comment="shared by the batch's receipts",
        ),
        sa.PrimaryKeyConstraint("size", name="pk_checkpoints"),
    )
    op.create_table(
        "tiles",
        sa.Column("level", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False, comment="256 hashes"),
        sa.Column("root", sa.LargeBinary(), nullable=False, comment="the hash one level up"),
        sa.PrimaryKeyConstraint("level", "n", name="pk_tiles"),
    )
    op.create_table(
        "history_groups",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column(
            "n",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="entries [256 n, 256 n + 256)",
        ),
        sa.Column("indices", sa.LargeBinary(), nullable=False, comment="256 leaf indices, u64be"),
        sa.PrimaryKeyConstraint("key", "n", name="pk_history_groups"),
    )
    op.create_table(
        "index_pages",
        sa.Column(
            "number",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="0x1 || prefix digits",
        ),
        sa.Column("page", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_index_pages"),
    )
    op.create_table(
        "head",
        sa.Column(
            "one", sa.SmallInteger(), autoincrement=False, nullable=False, comment="always 1"
        ),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False, comment="c_size"),
        sa.Column(
            "frontier",
            sa.LargeBinary(),
            nullable=False,
            comment="complete subtree roots, largest first",
        ),
        sa.Column(
            "index_root", sa.LargeBinary(), nullable=False, comment="as the newest seal has it"
        ),
        sa.Column("seal_idx", sa.BigInteger(), nullable=False),
        sa.Column("seal_id", sa.LargeBinary(), nullable=False),
        sa.Column("seal_time_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("one", name="pk_head"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in KEPT:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"
                )
    else:
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% are never changed', TG_TABLE_NAME; END $$"
        )
        for table in KEPT:
            op.execute(
                f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
        # Pages are hashes and digests: compressing them costs time and saves nothing.
        for table, column in (("index_pages", "page"), ("tiles", "hashes"), ("entries", "leaf")):
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")
