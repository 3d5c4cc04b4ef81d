"""Charges."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of charges."""
    integer = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "charges",
        sa.Column("id", integer, primary_key=True),
        sa.Column("order_id", integer, nullable=False),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("charges")
