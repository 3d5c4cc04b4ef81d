"""The fixtures as a project's tests use them."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from redis import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from framework.servers.postgres import PostgresServer, start_postgres
from framework.servers.redis import RedisServer, start_redis
from tests.servers.processes import ROOT


@pytest.mark.parametrize("turn", [1, 2])
def test_redis_is_empty_for_every_test(redis_url: str, turn: int) -> None:
    client = Redis.from_url(redis_url)
    assert client.dbsize() == 0
    client.set("key", turn)


@pytest.mark.parametrize("turn", [1, 2])
def test_redis_is_back_after_a_test_that_killed_it(
    redis_server: RedisServer, redis_url: str, turn: int
) -> None:
    assert Redis.from_url(redis_url).ping()
    redis_server.kill()


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.parametrize("database_url", ["sqlite", "postgres"], indirect=True)
async def test_a_database_is_empty_for_every_test(database_url: str, turn: int) -> None:
    driver = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
    scheme, rest = database_url.split(":", 1)
    engine = create_async_engine(f"{driver[scheme]}:{rest}")
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE things (id INTEGER)"))
    await engine.dispose()


PROJECT = """
import pytest
from redis import Redis

@pytest.mark.parametrize("number", range(4))
def test_own_redis(redis_url, number, worker_id):
    client = Redis.from_url(redis_url)
    assert client.incr("counter") == 1
    print("port", redis_url, worker_id)
"""


def test_workers_of_xdist_have_servers_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "test_project.py").write_text(PROJECT)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "framework.pytest_plugin",
        "-n",
        "2",
        "-rP",
        str(tmp_path),
    ]

    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert "4 passed" in run.stdout, run.stdout
    assert len({line for line in run.stdout.splitlines() if line.startswith("port ")}) == 2


PLAIN = """
import sys

def test_plain():
    assert not [name for name in sys.modules if name.startswith("framework.servers")]
"""


def test_a_session_without_servers_imports_none_of_them(tmp_path: Path) -> None:
    (tmp_path / "test_plain.py").write_text(PLAIN)
    command = [sys.executable, "-m", "pytest", "-p", "framework.pytest_plugin", str(tmp_path)]

    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert "1 passed" in run.stdout, run.stdout


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[RedisServer, PostgresServer]]:
    """Servers that are there already, named by the variables."""
    redis, postgres = start_redis(), start_postgres()
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    monkeypatch.setenv("TEST_REDIS_URL", redis.url)
    monkeypatch.setenv("TEST_POSTGRES_URL", postgres.url)
    yield redis, postgres
    redis.close()
    postgres.close()


def test_servers_that_are_given_are_used(
    given: tuple[RedisServer, PostgresServer], request: pytest.FixtureRequest
) -> None:
    redis, postgres = given
    Redis.from_url(redis.url).set("left", "behind")
    assert request.getfixturevalue("redis_url") == redis.url
    assert Redis.from_url(redis.url).dbsize() == 0
    name = urlsplit(request.getfixturevalue("postgres_url")).path.strip("/")
    assert request.getfixturevalue("postgres_url") == postgres.database_url(name)
    assert name.startswith("test_")


def test_a_test_that_may_kill_its_server_has_one_of_its_own(
    given: tuple[RedisServer, PostgresServer], redis_server: RedisServer, request: pytest.FixtureRequest
) -> None:
    assert request.getfixturevalue("redis_url") == redis_server.url != given[0].url
