# Generated from services.yml by `make generate-from-spec`. Do not edit.
"""What Alembic runs to migrate the database of the service `watcher`."""

from framework.runtime.migrate import run_service_migrations
from services.watcher.src.models import Base

run_service_migrations(Base.metadata)
