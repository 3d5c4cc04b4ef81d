"""Servers that somebody else runs for the tests: TEST_REDIS_URL and TEST_POSTGRES_URL say where.

They are emptied. So they are never those of REDIS_URL and DATABASE_URL, and each run of tests has its own.
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

REDIS = "TEST_REDIS_URL"
POSTGRES = "TEST_POSTGRES_URL"


def given(variable: str) -> str | None:
    """The URL of the server that a variable names, if it does; parallel processes of one run share none."""
    return None if os.environ.get("PYTEST_XDIST_WORKER") else os.environ.get(variable) or None


def empty_redis(url: str) -> str:
    """Forget everything in the database that the URL names, and return the URL."""
    from redis import Redis

    with Redis.from_url(url) as client:
        client.flushdb()
    return url


def create_database(url: str, name: str) -> str:
    """Create a database on the PostgreSQL server of the URL, and return the database's own URL."""
    _execute(url, f'CREATE DATABASE "{name}" TEMPLATE template0')
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def drop_database(url: str, name: str) -> None:
    """Drop a database on the PostgreSQL server of the URL, cutting its connections."""
    _execute(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _execute(url: str, statement: str) -> None:
    # In a thread of its own, because the caller may stand inside a running event loop.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(_executed(url, statement))).result()


async def _executed(url: str, statement: str) -> None:
    import asyncpg  # type: ignore[import-untyped]

    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
