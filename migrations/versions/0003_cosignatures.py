"""Cosignatures of witnesses and replayers.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "cosignatures",
        sa.Column(
            "size",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="of the checkpoint",
        ),
        sa.Column("key", sa.Text(), nullable=False, comment="<name>+<key id> of the cosigner"),
        sa.Column("time_s", sa.BigInteger(), nullable=False, comment="when it cosigned"),
        sa.Column("line", sa.Text(), nullable=False, comment="the signature line"),
        sa.PrimaryKeyConstraint("size", "key", name="pk_cosignatures"),
    )
