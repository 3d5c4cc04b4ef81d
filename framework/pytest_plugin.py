"""Fixtures with real servers, for a project's tests and ours. Nothing is started before a test asks for it.

Each process of pytest-xdist has servers of its own, so tests never see one another's data.
"""

from __future__ import annotations

import importlib
import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from framework.servers.postgres import PostgresServer
    from framework.servers.redis import RedisServer
    from framework.servers.telegram import TelegramApi
    from framework.testkit import Clients, Events


_OF_A_DEPLOYMENT = ("OPERATIONS_HOST", "OPERATIONS_PORT")
"""What an image says of the one service in it, and a test of several may not hear."""


def pytest_configure(config: pytest.Config) -> None:
    """Have services find an address for whom they call: nobody's, until a test says where they are.

    It is there before test modules are imported, as what they import may make a client.
    """
    environment = pytest.MonkeyPatch()
    config.add_cleanup(environment.undo)
    for name in _OF_A_DEPLOYMENT:
        environment.delenv(name, raising=False)
    if (config.rootpath / "services.yml").is_file():
        from framework.dev.environment import unanswered

        for name, address in unanswered(config.rootpath).items():
            if not os.environ.get(name):
                environment.setenv(name, address)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A Redis of this test session; REDIS_URL is left alone, because tests empty their Redis."""
    from framework.servers.redis import start_redis

    server = start_redis()
    yield server
    server.close()


@pytest.fixture
def redis_url(request: pytest.FixtureRequest) -> str:
    """The URL of a running and empty Redis: TEST_REDIS_URL, unless the test wants one that it may kill."""
    from framework.servers import given

    url = given.given(given.REDIS)
    if url and "redis_server" not in request.fixturenames:
        return given.empty_redis(url)
    redis_server: RedisServer = request.getfixturevalue("redis_server")
    if not redis_server.is_running:  # the test before killed it
        redis_server.start()
    redis_server.flush()
    return redis_server.url


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL of this test session; DATABASE_URL is left alone."""
    from framework.servers.postgres import start_postgres

    server = start_postgres()
    yield server
    server.close()


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database for this test, on a PostgreSQL as `redis_url` is on a Redis."""
    from framework.servers import given

    name = f"test_{uuid.uuid4().hex}"
    url = given.given(given.POSTGRES)
    if url and "postgres_server" not in request.fixturenames:
        yield given.create_database(url, name)
        given.drop_database(url, name)
        return
    postgres_server: PostgresServer = request.getfixturevalue("postgres_server")
    if not postgres_server.is_running:  # the test before killed it
        postgres_server.start()
    yield postgres_server.create_database(name)
    postgres_server.drop_database(name)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database: a SQLite file, or what a test asks for.

    `@pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)` runs a test on both.
    """
    if getattr(request, "param", "sqlite") == "postgres":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def telegram_api() -> Iterator[TelegramApi]:
    """A Telegram Bot API over HTTP, for this test alone."""
    from framework.servers.telegram import TelegramApi

    api = TelegramApi()
    yield api
    api.close()


@pytest.fixture
def events(redis_url: str) -> Events:
    """The events of the project: `await events.published(…)`, `await events.deliver(…)`."""
    from framework.testkit import Events

    return Events(importlib.import_module("shared.generated.events").broker, redis_url)


@pytest.fixture
async def session(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[AsyncSession]:
    """A session on the database of the service that the test belongs to; what it writes is rolled back."""
    from framework.testkit import migrate, rolled_back

    await migrate(_service_of(request.path), database_url)
    async with rolled_back(database_url) as session:
        yield session


@pytest.fixture
async def clients(
    request: pytest.FixtureRequest, redis_url: str, telegram_api: TelegramApi, tmp_path: Path
) -> AsyncIterator[Clients]:
    """Services as processes of their own: `backend = await clients.of("backend")`, a client of httpx."""
    from framework.testkit import Clients

    environment = {
        **os.environ,
        "REDIS_URL": redis_url,
        "TELEGRAM_BOT_TOKEN": telegram_api.token,
        "TELEGRAM_API_URL": telegram_api.url,
    }
    clients = Clients(request.config.rootpath, tmp_path, environment)
    yield clients
    await clients.close()


def _service_of(test: Path) -> Path:
    """The folder of the service whose tests this file is among."""
    for folder in test.parents:
        if folder.parent.name == "services":
            return folder
    pytest.fail(f"{test} does not stand in services/<service>/tests, so that it has no database")
