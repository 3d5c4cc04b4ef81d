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

from framework.dev.databases import current_revisions, ensure_database, name_of
from framework.dev.errors import DevelopmentError, in_words
from framework.dev.migration_history import mistake_in, read_migrations
from framework.runtime.migrate import migrate_runtime

if TYPE_CHECKING:
    from alembic.operations.ops import MigrationScript
    from alembic.runtime.migration import MigrationContext

SCRIPTS = Path(__file__).parent / "migration_scripts"


def migrate(root: Path, service: str, url: str) -> list[str]:
    """Bring the database of `service` at `url` up to date, creating it if needed; return what was done.

    Raises `DevelopmentError` when the database or a migration fails.
    """
    with _told_as_words(root, service), _collected() as steps:
        asyncio.run(ensure_database(root, service, url))
        _check_history(root, service, url)
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


def _check_history(root: Path, service: str, url: str) -> None:
    versions = _versions(root, service)
    migrations = read_migrations(versions)
    if migrations is None:
        return  # what is wrong with such a file, if anything, Alembic says
    mistake = mistake_in(migrations, asyncio.run(current_revisions(url)), name_of(root, url))
    if mistake:
        raise DevelopmentError(f"{service}, {versions.relative_to(root)}: {mistake}")


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


@contextmanager
def _told_as_words(root: Path, service: str) -> Iterator[None]:
    """Turn whatever a driver, Alembic, or the project's own models and migrations raise into one line."""
    try:
        yield
    except DevelopmentError:
        raise
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
