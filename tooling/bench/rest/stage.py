"""Where a part is measured: its folder, its Redis, and the servers that it has started."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from framework.servers.postgres import PostgresServer, start_postgres
from framework.servers.redis import start_redis
from tooling.bench.measurement import BenchError
from tooling.bench.rest.cores import loads_core
from tooling.bench.rest.rounds import LEAST, MOST
from tooling.bench.rest.servers import Server, Subject

POSTGRES: Final = {"shared_buffers": "256MB", "max_wal_size": "2GB"}
"""Settings of a PostgreSQL as somebody would run it."""

_NOISE: Final = f"believed is {LEAST} to {MOST}"
_AGAIN: Final = (
    "Something else is at work on this machine: run it again, with more --rounds, or with --anyway."
)


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for: how many rounds, the peers too, and figures even of a run that is thrown away."""

    rounds: int
    peers: bool
    anyway: bool


class Stage:
    """Starts what a part needs, and ends it with the part."""

    def __init__(self, folder: Path, redis_url: str, options: Options, stack: ExitStack) -> None:
        self.folder = folder
        self.redis_url = redis_url
        self.options = options
        self._stack = stack

    def start(self, subject: Subject, probe: str) -> Server:
        """Start a subject, and wait until it answers `probe`. Raises `ServerError`."""
        server = Server(subject, self.folder, probe)
        self._stack.callback(server.stop)
        return server

    def start_postgres(self) -> PostgresServer:
        """Start a PostgreSQL on the core of the load. Raises `ServerError`."""
        with loads_core():
            server = start_postgres(settings=POSTGRES)
        self._stack.callback(server.close)
        return server

    def believe(self, doubts: Iterable[str]) -> None:
        """Raises `BenchError` if there is a doubt, unless figures were asked for anyway."""
        told = "; ".join(doubts)
        if not told:
            return
        if not self.options.anyway:
            raise BenchError(f"This run is thrown away. {told}: {_NOISE}.\n{_AGAIN}")
        print(f"To be thrown away. {told}: {_NOISE}.", file=sys.stderr)


@contextmanager
def staged(folder: Path, options: Options) -> Iterator[Stage]:
    """A stage for the block. Raises `ServerError` if there is no Redis."""
    folder.mkdir()
    with ExitStack() as stack:
        with loads_core():
            redis = start_redis()
        stack.callback(redis.close)
        yield Stage(folder, redis.url, options, stack)
