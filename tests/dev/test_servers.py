"""The servers that `framework dev` brings."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from framework.dev.console import Console
from framework.dev.servers import start_servers
from framework.servers.ports import FIRST, LAST
from framework.servers.postgres import PostgresServer
from framework.servers.redis import RedisServer


def test_servers_leave_the_ports_alone_that_services_will_listen_on(tmp_path: Path) -> None:
    reserved = range(FIRST, LAST - 300)
    with ExitStack() as until:
        redis, postgres = start_servers(tmp_path, {}, "postgres", reserved, until, Console([]))
        assert isinstance(redis, RedisServer)
        assert isinstance(postgres, PostgresServer)
        assert not {redis.port, postgres.port}.intersection(reserved)
