"""The servers that a project needs while it is developed: those it names in its settings, else our own."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from framework.dev.console import Console
from framework.dev.environment import STATE
from framework.servers.postgres import start_postgres
from framework.servers.process import ServerProcess
from framework.servers.redis import start_redis

CHECK_INTERVAL = 0.5  # seconds


def start_servers(
    root: Path, environment: dict[str, str], database: str | None, until: ExitStack, console: Console
) -> list[ServerProcess]:
    """Start what is missing, write where it is into `environment`, and stop it when `until` is left.

    `database` is sqlite, postgres, or None for what DATABASE_URL says. Returns our own servers. Raises
    `ServerError` when one cannot be had.
    """
    ours: list[ServerProcess] = []
    if not environment.get("REDIS_URL"):
        redis = start_redis()
        until.callback(redis.close)
        environment["REDIS_URL"] = redis.url
        console.tell(f"Redis is at {redis.url}")
        ours.append(redis)
    if database == "sqlite":
        environment["DATABASE_URL"] = ""
    if database == "postgres" and not environment.get("DATABASE_URL"):
        postgres = start_postgres(root / STATE / "postgres")
        until.callback(postgres.close)
        environment["DATABASE_URL"] = postgres.database_url("")
        console.tell(f"PostgreSQL is at {postgres.url}")
        ours.append(postgres)
    return ours


async def keep_running(servers: Sequence[ServerProcess], console: Console) -> None:
    """Start a server of ours again when somebody killed it; ends only by cancellation."""
    while True:
        await asyncio.sleep(CHECK_INTERVAL)
        for server in servers:
            if not server.is_running:
                server.start()
                console.tell(f"{server.name} ended and was started again on its port")
