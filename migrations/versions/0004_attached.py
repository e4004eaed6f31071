"""Receipts of other logs that came along with statements.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "attached",
        sa.Column(
            "idx", sa.BigInteger(), autoincrement=False, nullable=False, comment="leaf index"
        ),
        sa.Column(
            "receipts",
            sa.LargeBinary(),
            nullable=False,
            comment="of other logs, a CBOR array of bytes",
        ),
        sa.PrimaryKeyConstraint("idx", name="pk_attached"),
    )
