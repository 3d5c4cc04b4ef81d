# Generated from services.yml by `make generate-from-spec`. Do not edit.
"""What Alembic runs to migrate the database of the service `ledger`."""

from framework.runtime.migrate import run_service_migrations
from services.ledger.src.models import Base

run_service_migrations(Base.metadata)
