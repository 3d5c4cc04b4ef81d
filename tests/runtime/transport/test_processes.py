"""Services as processes of their own: killed, stopped, paused, and started without what they need."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from framework.runtime.broker import EventBroker
from framework.servers.redis import RedisServer
from tests.runtime.transport.processes import START, STOPPED, Gate, Process, kept
from tests.runtime.transport.support import Note, consumers, pending, publish, until

pytestmark = pytest.mark.timeout(900)


async def test_a_killed_process_loses_nothing_and_nothing_is_done_twice(
    broker: EventBroker, database: Path, run: Callable[..., Process]
) -> None:
    first, second = (run(EVENTS_LEASE=1.5, WORK_SECONDS=0.1) for _ in range(2))
    await until(first.is_ready, START)
    await until(second.is_ready, START)
    await publish(broker, *(Note(id=i) for i in range(100)))
    await until(lambda: len(kept(database)) > 10)
    first.send(signal.SIGKILL)
    third = run(EVENTS_LEASE=1.5)
    await until(lambda: len(kept(database)) == 100)
    await until(lambda: _is_zero(broker))
    assert set(kept(database).values()) == {1}
    assert "Traceback" not in second.log + third.log


async def test_a_terminated_process_gives_back_at_once(
    broker: EventBroker, database: Path, run: Callable[..., Process]
) -> None:
    """With a lease of an hour nothing here can come from the end of one."""
    leaving = run(EVENTS_LEASE=3600, EVENTS_CONCURRENCY=4, EVENTS_GRACE=0.5, WORK_SECONDS=600)
    await until(leaving.is_ready, START)
    await publish(broker, *(Note(id=i) for i in range(20)))
    await until(lambda: _is_pending(broker, 4))
    staying = run(EVENTS_LEASE=3600)
    await until(lambda: len(kept(database)) == 16, START)
    leaving.send(signal.SIGTERM)
    await until(lambda: len(kept(database)) == 20, 30)
    assert leaving.popen.wait(60) == STOPPED
    assert set(kept(database).values()) == {1}
    await until(lambda: _is_zero(broker))
    staying.stop()
    assert await consumers(broker) == {"__released__": 0}
    assert "Traceback" not in leaving.log + staying.log


async def test_a_process_that_was_paused_beyond_its_lease_does_nothing_twice(
    broker: EventBroker, database: Path, gate: Gate, run: Callable[..., Process]
) -> None:
    paused = run(EVENTS_LEASE=1.5, GATE=gate)
    await until(paused.is_ready, START)
    await publish(broker, Note(id=1))
    await until(lambda: "note 1 is begun" in paused.log)
    paused.pause(database)
    other = run(EVENTS_LEASE=1.5)
    await until(lambda: kept(database) == {1: 1}, START)
    await until(lambda: _is_zero(broker))
    await publish(broker, Note(id=2))
    await until(lambda: kept(database) == {1: 1, 2: 1})
    gate.open()
    paused.send(signal.SIGCONT)
    await until(lambda: "has handled event" in paused.log)
    assert kept(database) == {1: 1, 2: 1}
    await until(paused.is_ready)
    await publish(broker, *(Note(id=i) for i in range(3, 20)))
    await until(lambda: len(kept(database)) == 19)
    assert set(kept(database).values()) == {1}
    assert "Traceback" not in paused.log + other.log


async def test_a_paused_process_cannot_acknowledge_what_another_holds(
    broker: EventBroker, database: Path, gate: Gate, run: Callable[..., Process]
) -> None:
    """Its lease is long, so that it does not take the event back from one that is only slow."""
    paused = run(EVENTS_LEASE=15, GATE=gate)
    await until(paused.is_ready, START)
    await publish(broker, Note(id=1))
    await until(lambda: "note 1 is begun" in paused.log)
    paused.pause(database)
    run(EVENTS_LEASE=1, WORK_SECONDS=600)
    await until(lambda: _holder_changes(broker, paused.popen.pid), START)
    paused.send(signal.SIGCONT)
    await until(lambda: "ended here: another process has it" in paused.log)
    gate.open()
    await until(lambda: kept(database) == {1: 1})
    paused.stop()
    assert await pending(broker) == 1, "it is the other's"


async def test_without_redis_a_service_serves_and_waits(
    redis_server: RedisServer, run: Callable[..., Process]
) -> None:
    redis_server.kill()
    service = run()
    await until(service.is_live, START)
    checks = {"broker": "down", "database": "up", "relay": "up"}
    unavailable = (503, {"status": "unavailable", "checks": checks})

    async def is_told_as_down() -> bool:  # a check that takes too long is told as such
        answer = await service.get("/health/ready")
        return (answer.status_code, answer.json()) == unavailable

    await until(is_told_as_down)
    await until(lambda: service.log.count("the broker is down, waiting for it") == 1)
    redis_server.start()
    await until(service.is_ready)
    redis_server.kill()
    await until(service.is_unready)
    assert await service.is_live()
    service.stop()
    assert "Traceback" not in service.log


async def test_a_missing_setting_is_named_and_ends_the_start_without_a_traceback(
    run: Callable[..., Process],
) -> None:
    service = run(REDIS_URL=None, DATABASE_URL="nonsense", EVENTS_LEASE="soon", LOG_LEVEL="loud")
    assert service.popen.wait(START) == 1
    told = [line.split(": ")[0] for line in service.log.splitlines()]
    assert sorted(told) == ["DATABASE_URL", "EVENTS_LEASE", "LOG_LEVEL", "REDIS_URL"], service.log
    assert "REDIS_URL: is not set. Write redis://" in service.log
    assert "nonsense" not in service.log


async def test_no_line_for_a_request_unless_asked_for(run: Callable[..., Process]) -> None:
    silent, telling = run(), run(ACCESS_LOG="on")
    await until(silent.is_ready, START)
    await until(telling.is_ready, START)
    for service in (silent, telling):
        await service.get("/no%0athing")
        service.stop()  # a line comes after its answer, and before the end
    assert "GET /no" not in silent.log
    assert "GET /no%0athing 404 in " in telling.log
    assert "/health" not in telling.log
    assert " archive uvicorn.error: " in silent.log
    assert service_lines_are_plain(silent.log)


def service_lines_are_plain(log: str) -> bool:
    return all(line[:4].isdigit() and line[23] == "Z" for line in log.splitlines())


async def _is_zero(broker: EventBroker) -> bool:
    return await pending(broker) == 0


async def _is_pending(broker: EventBroker, count: int) -> bool:
    return await pending(broker) == count


async def _holder_changes(broker: EventBroker, pid: int) -> bool:
    holders = {name for name, held in (await consumers(broker)).items() if held}
    return bool(holders) and not any(f"-{pid}-" in name for name in holders)
