"""Searching entries by what they concern, and seals by their time.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "search",
        sa.Column(
            "idx", sa.BigInteger(), autoincrement=False, nullable=False, comment="leaf index"
        ),
        sa.Column(
            "term", sa.LargeBinary(), nullable=False, comment="SHA-256(kind, name), 16 bytes"
        ),
        sa.PrimaryKeyConstraint("idx", "term", name="pk_search"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_term", "search", ["term", "idx"])
    op.create_index("ix_seals_time_us", "seals", ["time_us"])
