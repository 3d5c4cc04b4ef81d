"""The tables that the runtime keeps in the database of a service.

They are the framework's: `migrations/` beside this module makes and changes them, with a version table of
its own. Times are in UTC.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)

from framework.runtime.columns import NAMING_CONVENTION, UtcDateTime

VERSION_TABLE: Final = "framework_alembic_version"

metadata = MetaData(naming_convention=NAMING_CONVENTION)

outbox = Table(
    "framework_outbox",
    metadata,
    # The order of writing, which per type and key is the order of the commits: see `sequences`.
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("source", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("key", Text),
    Column("sequence", BigInteger),
    # hash(key) modulo 16: what a relay locks while it publishes.
    Column("partition", SmallInteger, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("causationid", Text),
    Column("traceparent", Text),
    # All other attributes of the CloudEvent, as a JSON object.
    Column("attributes", Text, nullable=False),
    Column("data", Text, nullable=False),
    # Published rows are kept for replay; `attempts` counts refusals by the broker.
    Column("published_at", UtcDateTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("last_error", Text),
    Column("retry_at", UtcDateTime),
    # When somebody last asked that it be published again.
    Column("replayed_at", UtcDateTime),
)
_UNPUBLISHED: Final = text("published_at IS NULL")
_REFUSED: Final = text("published_at IS NULL AND retry_at IS NOT NULL")
_PUBLISHED: Final = text("published_at IS NOT NULL")
Index(
    "ix_framework_outbox_unpublished",
    outbox.c.partition,
    outbox.c.position,
    postgresql_where=_UNPUBLISHED,
    sqlite_where=_UNPUBLISHED,
)
Index(
    "ix_framework_outbox_refused",
    outbox.c.type,
    outbox.c.key,
    postgresql_where=_REFUSED,
    sqlite_where=_REFUSED,
)
Index(
    "ix_framework_outbox_published",
    outbox.c.published_at,
    postgresql_where=_PUBLISHED,
    sqlite_where=_PUBLISHED,
)

relays = Table(
    "framework_relays",
    metadata,
    # The relays at work, each a row that it renews: for people to see, nothing depends on it.
    Column("name", Text, primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

sequences = Table(
    "framework_sequences",
    metadata,
    Column("type", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    # The last number given. The row is locked from then to the commit, so numbers are in commit order.
    Column("value", BigInteger, nullable=False),
)

inbox = Table(
    "framework_inbox",
    metadata,
    Column("operation", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("handled_at", UtcDateTime, nullable=False),
    # Old rows are removed for each operation apart.
    Index("ix_framework_inbox_operation_handled_at", "operation", "handled_at"),
)

idempotency_keys = Table(
    "framework_idempotency_keys",
    metadata,
    Column("operation", Text, primary_key=True),
    # Whose key it is, so that callers cannot read each other's answers; empty where there is nobody to tell.
    Column("caller", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    # Of the request, so that a key used for another request is noticed.
    Column("fingerprint", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    # The answer, once there is one: status code, headers as a JSON object, body.
    Column("status", SmallInteger),
    Column("headers", Text),
    Column("body", LargeBinary),
)
