"""Migrations of a service as a process of its own: `python -m framework.runtime.migrate_process backend`.

What a deployment runs, in the image of the service and with its environment, before the service starts. The
database itself is there already, whoever made it; the tables of the runtime and of the service are brought up
to date. Any number may run at the same time: they wait for each other.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from asyncpg import PostgresError  # type: ignore[import-untyped]
from sqlalchemy.exc import DBAPIError

from framework.runtime.migrate import migrate_runtime
from framework.runtime.settings import DatabaseSettings, load


def main(arguments: Sequence[str]) -> None:
    """Migrate for the service that is named. Raises SystemExit, with the reason, if that cannot be done."""
    if len(arguments) != 1:
        raise SystemExit("Which service? Write its name: python -m framework.runtime.migrate_process backend")
    (service,) = arguments
    migrations = Path("services", service, "migrations")
    if not migrations.is_dir():
        raise SystemExit(f"There are no migrations of a service {service!r} here.")
    url = load(DatabaseSettings).database_url
    try:
        asyncio.run(migrate_runtime(url))
        if any(migrations.glob("versions/*.py")):
            command.upgrade(_config(migrations, url), "head")
    except (OSError, CommandError, DBAPIError, PostgresError) as error:
        raise SystemExit(f"{service}: the database could not be migrated: {error}") from None
    print(f"{service}: the database is up to date")


def _config(migrations: Path, url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations.resolve()).replace("%", "%%"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


if __name__ == "__main__":
    main(sys.argv[1:])
