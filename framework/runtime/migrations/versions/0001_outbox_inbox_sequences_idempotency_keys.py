"""The outbox, the inbox, the sequences of keys, and the answers kept for idempotency keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = ("framework",)
depends_on = None

_POSITION = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _create_outbox()
    _create_sequences()
    _create_inbox()
    _create_idempotency_keys()


def downgrade() -> None:
    """Drop them, with all events that are not published yet."""
    for table in ("framework_idempotency_keys", "framework_inbox", "framework_sequences", "framework_outbox"):
        op.drop_table(table)


def _create_outbox() -> None:
    op.create_table(
        "framework_outbox",
        sa.Column("position", _POSITION, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("sequence", sa.BigInteger),
        sa.Column("partition", sa.SmallInteger, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("causationid", sa.Text),
        sa.Column("traceparent", sa.Text),
        sa.Column("attributes", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("published_at", _TIME),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("last_error", sa.Text),
        sa.Column("retry_at", _TIME),
        sa.PrimaryKeyConstraint("position", name="pk_framework_outbox"),
        sa.UniqueConstraint("id", name="uq_framework_outbox_id"),
    )
    _create_partial_index("unpublished", ["partition", "position"], "published_at IS NULL")
    _create_partial_index("refused", ["type", "key"], "published_at IS NULL AND retry_at IS NOT NULL")
    _create_partial_index("published", ["published_at"], "published_at IS NOT NULL")


def _create_partial_index(name: str, columns: list[str], condition: str) -> None:
    op.create_index(
        f"ix_framework_outbox_{name}",
        "framework_outbox",
        columns,
        postgresql_where=sa.text(condition),
        sqlite_where=sa.text(condition),
    )


def _create_sequences() -> None:
    op.create_table(
        "framework_sequences",
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("type", "key", name="pk_framework_sequences"),
    )


def _create_inbox() -> None:
    op.create_table(
        "framework_inbox",
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("handled_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("operation", "source", "id", name="pk_framework_inbox"),
    )
    op.create_index("ix_framework_inbox_handled_at", "framework_inbox", ["handled_at"])


def _create_idempotency_keys() -> None:
    op.create_table(
        "framework_idempotency_keys",
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("caller", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("status", sa.SmallInteger),
        sa.Column("headers", sa.Text),
        sa.Column("body", sa.LargeBinary),
        sa.PrimaryKeyConstraint("operation", "caller", "key", name="pk_framework_idempotency_keys"),
    )
    op.create_index("ix_framework_idempotency_keys_created_at", "framework_idempotency_keys", ["created_at"])
