"""Replays are told from what has waited all the time; the relays at work can be seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the column, make the table."""
    op.add_column("framework_outbox", sa.Column("replayed_at", _TIME))
    op.create_table(
        "framework_relays",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_framework_relays"),
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("framework_relays")
    op.drop_column("framework_outbox", "replayed_at")
