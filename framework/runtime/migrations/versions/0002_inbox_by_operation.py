"""The inbox is cleaned for each operation apart."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLE = "framework_inbox"
_OLD = "ix_framework_inbox_handled_at"
_NEW = "ix_framework_inbox_operation_handled_at"


def upgrade() -> None:
    """Index the times of each operation."""
    op.create_index(_NEW, _TABLE, ["operation", "handled_at"])
    op.drop_index(_OLD, _TABLE)


def downgrade() -> None:
    """Index the times of all."""
    op.create_index(_OLD, _TABLE, ["handled_at"])
    op.drop_index(_NEW, _TABLE)
