"""Shelves."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of shelves."""
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "shelves",
        sa.Column("id", integer, primary_key=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("price", sa.Numeric(), nullable=False),
        sa.Column("code", sa.Uuid(), nullable=False, unique=True),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", integer, nullable=False),
    )


def downgrade() -> None:
    """Drop the table of shelves."""
    op.drop_table("shelves")
