"""Orders and reports."""

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
        "orders",
        sa.Column("id", integer, primary_key=True),
        sa.Column("customer", integer, nullable=False),
        sa.Column("mood", integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "reports", sa.Column("id", integer, primary_key=True), sa.Column("mood", integer, nullable=False)
    )
    for table, column in (("settlements", "order_id"), ("report_notes", "report_id")):
        op.create_table(
            table, sa.Column("id", integer, primary_key=True), sa.Column(column, integer, nullable=False)
        )


def downgrade() -> None:
    """Drop them."""
    for table in ("orders", "reports", "settlements", "report_notes"):
        op.drop_table(table)
