"""Charges and payments."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of the rig."""
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "charges",
        sa.Column("id", integer, primary_key=True),
        sa.Column("order_id", integer, nullable=False),
    )
    op.create_table(
        "payments",
        sa.Column("id", integer, primary_key=True),
        sa.Column("reference", sa.Uuid(), nullable=False),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("payments")
    op.drop_table("charges")
