"""The servers that a project needs while it is developed: those it names in its settings, else our own."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Container, Sequence
from contextlib import ExitStack
from pathlib import Path

from framework.dev.console import Console
from framework.dev.environment import STATE
from framework.servers.postgres import start_postgres
from framework.servers.process import ServerError, ServerProcess
from framework.servers.redis import RedisServer, start_redis

CHECK_INTERVAL = 0.5  # seconds
ADDRESS = "address"
"""The file beside the data of our Redis that tells its URL while it runs, for other commands."""
POSTGRES_ADDRESS = "postgres.address"
"""The same for our PostgreSQL."""


def start_servers(
    root: Path,
    environment: dict[str, str],
    database: str | None,
    reserved: Container[int],
    until: ExitStack,
    console: Console,
) -> list[ServerProcess]:
    """Start what is missing, write where it is into `environment`, and stop it when `until` is left.

    `database` is sqlite, postgres, or None for what DATABASE_URL says; `reserved` are the ports of the
    services. Returns our own servers. Raises `ServerError` when one cannot be had.
    """
    ours: list[ServerProcess] = []
    if not environment.get("REDIS_URL"):
        redis = _start_redis(root.resolve() / STATE / "redis", reserved, until)
        environment["REDIS_URL"] = redis.url
        console.tell(f"Redis is at {redis.url}")
        ours.append(redis)
    if database == "sqlite":
        environment["DATABASE_URL"] = ""
    if database == "postgres" and not environment.get("DATABASE_URL"):
        postgres = start_postgres(root / STATE / "postgres", reserved=reserved)
        until.callback(postgres.close)
        environment["DATABASE_URL"] = postgres.database_url("")
        _tell_postgres(root / STATE, environment["DATABASE_URL"], until)
        console.tell(f"PostgreSQL is at {postgres.url}")
        ours.append(postgres)
    return ours


def _start_redis(home: Path, reserved: Container[int], until: ExitStack) -> RedisServer:
    """Start a Redis that keeps its data in `home`, so that an event outlives it: delivery is a promise."""
    _occupy(home, until)
    kept = ["--appendonly", "yes", "--appendfsync", "everysec", "--dir", str(home)]
    redis = start_redis(kept, reserved)
    until.callback(redis.close)
    address = home / ADDRESS
    address.write_text(redis.url)
    until.callback(address.unlink, missing_ok=True)
    return redis


def running_redis(root: Path) -> str | None:
    """The URL of the Redis that `make dev` has started in the project at `root`, if it runs."""
    address = root / STATE / "redis" / ADDRESS
    return address.read_text() if address.exists() else None


def _tell_postgres(state: Path, url: str, until: ExitStack) -> None:
    address = state / POSTGRES_ADDRESS
    address.touch(mode=0o600)  # the URL has a password
    address.write_text(url)
    until.callback(address.unlink, missing_ok=True)


def running_postgres(root: Path) -> str | None:
    """The URL of the PostgreSQL that `make dev` has started in the project at `root`, if it runs."""
    address = root / STATE / POSTGRES_ADDRESS
    return address.read_text() if address.exists() else None


def _occupy(home: Path, until: ExitStack) -> None:
    """Make `home` ours until `until` is left: two Redis that write the same files would ruin them."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = until.enter_context((home / "lock").open("w"))
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise ServerError(
            "another `make dev` runs in this project: stop it, or set REDIS_URL to share a Redis"
        ) from error
    except OSError as error:
        raise ServerError(f"Redis cannot keep its data in {home}: {error}") from error


async def keep_running(servers: Sequence[ServerProcess], console: Console) -> None:
    """Start a server of ours again when somebody killed it; ends only by cancellation."""
    while True:
        await asyncio.sleep(CHECK_INTERVAL)
        for server in servers:
            if not server.is_running:
                server.start()
                console.tell(f"{server.name} ended and was started again on its port")
