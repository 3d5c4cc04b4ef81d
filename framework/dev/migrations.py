"""Migrations of the services' databases: brought up to date, and written from the models."""

from __future__ import annotations

import asyncio
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.config import Config
from sqlalchemy import make_url, text

from framework.dev.errors import DevelopmentError, in_words
from framework.runtime.database import create_engine
from framework.runtime.migrate import migrate_runtime

if TYPE_CHECKING:
    from alembic.operations.ops import MigrationScript
    from alembic.runtime.migration import MigrationContext

SCRIPTS = Path(__file__).parent / "migration_scripts"
INVALID_CATALOG_NAME = "3D000"
DUPLICATE_DATABASE = "42P04"
MAINTENANCE_DATABASE = "postgres"


def migrate(root: Path, service: str, url: str) -> list[str]:
    """Bring the database of `service` at `url` up to date, creating it if needed; return what was done.

    Raises `DevelopmentError` when the database or a migration fails.
    """
    with _told_as_words(root, service), _collected() as steps:
        asyncio.run(_ensure_database(url))
        asyncio.run(migrate_runtime(url))
        if any(_versions(root, service).glob("*.py")):
            command.upgrade(_config(root, service, url), "head")
    return steps


def write_migration(root: Path, service: str, url: str, name: str) -> Path | None:
    """Write the migration `name` that takes the migrated database at `url` to the models of `service`.

    Returns its path, or None when there is nothing to do. Raises `DevelopmentError` as `migrate` does.
    """
    versions = _versions(root, service)
    versions.mkdir(parents=True, exist_ok=True)
    before = set(versions.glob("*.py"))
    with _told_as_words(root, service):
        command.revision(
            _config(root, service, url),
            message=name,
            autogenerate=True,
            rev_id=_next_number(before),
            process_revision_directives=_leave_out_empty,
        )
    written = set(versions.glob("*.py")) - before
    for path in written:
        _format(path, root)
        return path
    return None


def _versions(root: Path, service: str) -> Path:
    return root / "services" / service / "migrations" / "versions"


def _config(root: Path, service: str, url: str) -> Config:
    config = Config(attributes={"environment": _versions(root, service).with_name("env.py")})
    options = {
        "script_location": str(SCRIPTS),
        "version_locations": str(_versions(root, service)),
        "path_separator": "newline",
        "file_template": "%(rev)s_%(slug)s",
        "sqlalchemy.url": url,
    }
    for option, value in options.items():
        config.set_main_option(option, value.replace("%", "%%"))
    return config


def _next_number(existing: set[Path]) -> str:
    numbers = [int(found[0]) for path in existing if (found := re.match(r"\d+", path.name))]
    return f"{max(numbers, default=0) + 1:04}"


def _leave_out_empty(context: MigrationContext, revision: Any, directives: list[MigrationScript]) -> None:
    if all(operations.is_empty() for operations in directives[0].upgrade_ops_list):
        directives.clear()


def _format(path: Path, root: Path) -> None:
    """Let the file pass the project's `make lint` as it is, as far as that can be done for it."""
    for arguments in (["check", "--fix-only", "--quiet"], ["format", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *arguments, str(path)], cwd=root, check=False)


async def _ensure_database(url: str) -> None:
    """Create the database of a PostgreSQL URL on its server unless it exists; SQLite makes its own file."""
    if make_url(url).get_backend_name() != "postgresql" or await _exists(url):
        return
    name = make_url(url).database or ""
    server = make_url(url).set(database=MAINTENANCE_DATABASE).render_as_string(hide_password=False)
    engine = create_engine(server)
    try:
        async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            quoted = connection.dialect.identifier_preparer.quote_identifier(name)
            await connection.execute(text(f"CREATE DATABASE {quoted}"))
    except Exception as error:
        if DUPLICATE_DATABASE not in _states(error):  # another process was quicker
            raise
    finally:
        await engine.dispose()


async def _exists(url: str) -> bool:
    engine = create_engine(url)
    try:
        async with engine.connect():
            return True
    except Exception as error:
        if INVALID_CATALOG_NAME in _states(error):
            return False
        raise
    finally:
        await engine.dispose()


def _states(error: BaseException | None) -> Iterator[str]:
    """The SQLSTATEs of an error and of what caused it, whatever library raised which of them."""
    while error is not None:
        yield str(getattr(error, "sqlstate", ""))
        error = error.__cause__


@contextmanager
def _told_as_words(root: Path, service: str) -> Iterator[None]:
    """Turn whatever a driver, Alembic, or the project's own models and migrations raise into one line."""
    try:
        yield
    except Exception as error:
        raise DevelopmentError(f"{service}: {in_words(error, root)}") from error


@contextmanager
def _collected() -> Iterator[list[str]]:
    """The migrations that Alembic runs, as it names them."""
    steps: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: steps.append(record.getMessage())  # type: ignore[method-assign]
    handler.addFilter(lambda record: str(record.msg).startswith("Running"))
    logger = logging.getLogger("alembic.runtime.migration")
    level = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield steps
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
