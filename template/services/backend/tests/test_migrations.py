"""The migrations make what the models describe."""

from pathlib import Path

import pytest
from alembic import command

from framework.testkit import migrate, migrations

SERVICE = Path(__file__).parents[1]


@pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
async def test_the_models_ask_for_nothing_that_no_migration_makes(database_url: str) -> None:
    await migrate(SERVICE, database_url)

    command.check(migrations(SERVICE, database_url))


@pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
async def test_every_migration_can_be_taken_back(database_url: str) -> None:
    await migrate(SERVICE, database_url)

    command.downgrade(migrations(SERVICE, database_url), "base")
    command.upgrade(migrations(SERVICE, database_url), "head")
