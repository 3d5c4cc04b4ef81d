"""The databases of the services: made where they are missing, asked where they stand, named in messages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import URL, Connection, make_url, text

from framework.dev.environment import read_environment
from framework.dev.errors import DevelopmentError, in_words
from framework.runtime.database import create_engine

INVALID_CATALOG_NAME = "3D000"
DUPLICATE_DATABASE = "42P04"
NOT_MIGRATED = {INVALID_CATALOG_NAME, "42P01", "42703"}  # a database, a table, a column that is missing
SQLITE_NOT_MIGRATED = ("no such table", "no such column")
# SQLSTATEs, or how they begin: the connection, the login, a server that is starting or stopping.
NO_CONNECTION = ("08", "28", "57P")
MAINTENANCE_DATABASE = "postgres"
POSTGRES_PORT = 5432


async def ensure_database(root: Path, service: str, url: str) -> None:
    """Create the database of a PostgreSQL URL on its server unless it exists; SQLite makes its own file.

    Raises `DevelopmentError` when the server does not let us in, and the driver's error for anything else.
    """
    if make_url(url).get_backend_name() != "postgresql":
        return
    try:
        if not await _exists(url):
            await _create(url)
    except Exception as error:
        if not _is_unreachable(error):
            raise
        raise DevelopmentError(_unreachable(root, service, make_url(url), in_words(error, root))) from error


async def current_revisions(url: str) -> tuple[str, ...]:
    """The revisions that the service's database is at: one, as a rule, or none."""

    def ask(connection: Connection) -> tuple[str, ...]:
        return MigrationContext.configure(connection).get_current_heads()

    engine = create_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(ask)
    finally:
        await engine.dispose()


def name_of(root: Path, url: str) -> str:
    """What a message calls the database at `url`; never with a password."""
    parsed = make_url(url)
    name = parsed.database or ""
    if parsed.get_backend_name() == "sqlite":
        path = Path(name)
        return str(path.relative_to(root)) if path.is_relative_to(root) else name
    return f"{name} at {_address(parsed)}"


def _address(url: URL) -> str:
    host = url.host or url.query.get("host") or "localhost"
    return f"{f'[{host}]' if ':' in host else host}:{url.port or url.query.get('port') or POSTGRES_PORT}"


def _unreachable(root: Path, service: str, url: URL, reason: str) -> str:
    own = f"{service.upper()}_DATABASE_URL"
    setting = own if read_environment(root).get(own) else "DATABASE_URL"
    return (
        f"{service}: cannot connect to the database at {_address(url)}, "
        f"where {setting} says it is ({reason}): start that server, "
        f"or correct {setting} in .env or the environment"
    )


def in_developers_words(root: Path, service: str, url: str, error: Exception) -> DevelopmentError:
    """What a database that was to be asked raised, with what to do."""
    if _is_unreachable(error):
        return DevelopmentError(_unreachable(root, service, make_url(url), in_words(error, root)))
    if _states(error) & NOT_MIGRATED or any(words in str(error) for words in SQLITE_NOT_MIGRATED):
        return DevelopmentError(
            f"{service}: the database is not up to date: run `make migrate service={service}`"
        )
    return DevelopmentError(f"{service}: {in_words(error, root)}")


def _is_unreachable(error: BaseException) -> bool:
    return any(
        isinstance(cause, OSError) or str(getattr(cause, "sqlstate", "")).startswith(NO_CONNECTION)
        for cause in _causes(error)
    )


async def _create(url: str) -> None:
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


def _states(error: BaseException) -> set[str]:
    """The SQLSTATEs of an error and of what caused it, whatever library raised which of them."""
    return {str(getattr(cause, "sqlstate", "")) for cause in _causes(error)}


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
