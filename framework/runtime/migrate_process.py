"""Migrations of a service as a process of its own: `python -m framework.runtime.migrate_process backend`.

What a deployment runs, in the image of the service and with its environment, before the service starts. The
database itself is there already, whoever made it; the tables of the runtime and of the service are brought up
to date. Any number may run at the same time: they wait for each other.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from asyncpg import PostgresError  # type: ignore[import-untyped]
from sqlalchemy.exc import DBAPIError

from framework.runtime.logging import LogSettings, configure
from framework.runtime.migrate import migrate_runtime
from framework.runtime.settings import DatabaseSettings, load

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str]) -> None:
    """Migrate for the service that is named; raises SystemExit if that cannot be done.

    What it does, and why a database could not be migrated, stands in the log, in the form that is set.
    """
    if len(arguments) != 1:
        raise SystemExit("Which service? Write its name: python -m framework.runtime.migrate_process backend")
    (service,) = arguments
    migrations = Path("services", service, "migrations")
    if not migrations.is_dir():
        raise SystemExit(f"There are no migrations of a service {service!r} here.")
    configure(service, load(LogSettings))
    url = load(DatabaseSettings).database_url
    try:
        asyncio.run(migrate_runtime(url))
        if any(migrations.glob("versions/*.py")):
            command.upgrade(_config(migrations, url), "head")
    except (OSError, CommandError, DBAPIError, PostgresError) as error:
        logger.error("the database could not be migrated: %s", error)
        raise SystemExit(1) from None
    logger.info("the database is up to date")


def _config(migrations: Path, url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations.resolve()).replace("%", "%%"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


if __name__ == "__main__":
    main(sys.argv[1:])
