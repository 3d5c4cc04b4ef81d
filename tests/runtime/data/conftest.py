"""The service of these tests on a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from framework.runtime.database import Database
from framework.runtime.unit_of_work import UnitOfWorkFactory
from tests.runtime.data.support import broker, create_tables


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of each kind in turn."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("postgres_url")
        return url
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with the tables of the runtime and of the service."""
    database = Database("shop", url=database_url)
    await create_tables(database, database_url)
    yield database
    await database.close()


@pytest.fixture
def work(database: Database) -> UnitOfWorkFactory:
    """What opens units of work on it."""
    return UnitOfWorkFactory("shop", database.session)


@pytest.fixture(autouse=True)
def _quiet_broker() -> None:
    broker.reset()
