"""A database is named by one URL, the same for every tool, and connected when it is first used."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from framework.runtime.database import Database, create_engine
from framework.runtime.driver import driver_of
from framework.servers.postgres import PostgresServer
from framework.testkit import eventually


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
@pytest.mark.parametrize(
    "query",
    [
        "",
        "?sslmode=disable",
        "?sslmode=prefer&channel_binding=prefer&connect_timeout=10&keepalives=1",
        "?options=-c%20statement_timeout%3D5000",
    ],
)
async def test_a_postgres_url_is_read_as_libpq_reads_it(postgres_url: str, scheme: str, query: str) -> None:
    database = Database("shop", url=scheme + postgres_url.removeprefix("postgresql") + query)
    async with database.session() as session:
        assert (await session.scalars(text("SHOW application_name"))).one() == "shop"
        if "options" in query:
            assert (await session.scalars(text("SHOW statement_timeout"))).one() == "5s"
    await database.close()


async def test_encryption_that_is_demanded_is_not_done_without(postgres_url: str) -> None:
    database = Database("shop", url=f"{postgres_url}?sslmode=require")
    with pytest.raises(ConnectionError, match="SSL"):
        await database.check()
    await database.close()


async def test_the_name_of_the_connections_may_be_set(postgres_url: str) -> None:
    database = Database("shop", url=f"{postgres_url}?application_name=mine")
    async with database.session() as session:
        assert (await session.scalars(text("SHOW application_name"))).one() == "mine"
    await database.close()


async def test_a_password_with_odd_characters(postgres_server: PostgresServer, postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    async with engine.begin() as connection:
        await connection.execute(text("DROP ROLE IF EXISTS odd"))
        await connection.execute(text("CREATE ROLE odd LOGIN PASSWORD 'p@ss/w%rd:1'"))
    await engine.dispose()
    _, _, address = postgres_url.partition("@")
    database = Database("shop", url=f"postgresql://odd:p%40ss%2Fw%25rd%3A1@{address}")
    await database.check()
    await database.close()


async def test_connections_that_the_server_has_closed_are_not_handed_out(
    postgres_server: PostgresServer, postgres_url: str
) -> None:
    database = Database("shop", url=postgres_url)
    async with database.session() as one, database.session() as other:
        drivers = [driver_of(await session.connection()) for session in (one, other)]
    postgres_server.kill()

    async def is_known() -> bool:
        return all(driver.is_closed() for driver in drivers)

    await eventually(is_known)
    postgres_server.start()
    async with database.session() as one, database.session() as other:
        for session in (one, other):
            assert (await session.scalars(text("SELECT 1"))).one() == 1
    await database.close()


async def test_the_folder_of_an_sqlite_file_is_made(tmp_path: Path) -> None:
    database = Database("shop", url=f"sqlite:///{tmp_path / 'some' / 'where' / 'x.db'}")
    await database.check()
    await database.close()
    assert (tmp_path / "some" / "where" / "x.db").exists()


async def test_a_relative_sqlite_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    database = Database("shop", url="sqlite:///x.db")
    await database.check()
    await database.close()
    assert (tmp_path / "x.db").exists()


async def test_the_url_is_read_at_first_use_and_after_closing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database("shop")
    for name in ("one.db", "two.db"):
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / name}")
        await database.check()
        assert str(database.engine.url.database).endswith(name)
        await database.close()


def test_it_serves_one_event_loop_after_the_other(postgres_server: PostgresServer) -> None:
    database = Database("shop", url=postgres_server.url)
    for _ in range(2):
        asyncio.run(database.check())


async def test_a_database_that_is_down_is_told(postgres_server: PostgresServer, postgres_url: str) -> None:
    database = Database("shop", url=postgres_url)
    await database.check()
    postgres_server.kill()
    with pytest.raises(Exception, match=r"connect|clos"):
        await database.check()
    postgres_server.start()
    await database.check()
    await database.close()


def test_a_missing_url_is_told_with_what_to_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with pytest.raises(SystemExit):
        asyncio.run(Database("shop").check())
    assert capsys.readouterr().err == (
        "DATABASE_URL: is not set. Write postgresql://user:password@host/database, or sqlite:///path/to/file.db.\n"
    )
