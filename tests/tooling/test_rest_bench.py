"""The logic of `make bench name=rest`: its protocol and its arithmetic, on servers that are made up."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from tooling.bench.measurement import BenchError
from tooling.bench.rest import cores, load, many, parity, project, rounds
from tooling.bench.rest.load import Case, Shot
from tooling.bench.rest.rounds import Measured, measure

CASES = {"read": Case("read", "/users/1"), "write": Case("write", "/users", creates=True)}


WORK = """
import threading, time
thread = threading.Thread(target=lambda: sum(range(3_000_000)))
thread.start()
thread.join()
print(time.process_time(), flush=True)
input()
"""


class Server:
    """Answers what it is made with."""

    pid = 0

    def __init__(self, name: str, *, answer: object = None, status: int = 200) -> None:
        self.name = self.url = name
        self._answer = (status, json.dumps(answer).encode())

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        return self._answer


@contextmanager
def sleeping() -> Iterator[int]:
    """A process that does nothing, to be measured."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process.pid
        process.communicate(b"\n")


def shots(monkeypatch: pytest.MonkeyPatch, costs: dict[str, float]) -> list[str]:
    """Have shots cost what they are told to, on a machine that becomes slower with each; who was shot at."""
    taken: list[str] = []

    def shoot(pid: int, url: str, case: Case, connections: int) -> Shot:
        taken.append(url)
        mood = 1 + len(taken) / 10
        return Shot(costs[url] * mood, 2 * costs[url] * mood, 1 / costs[url])

    monkeypatch.setattr(rounds, "shoot", shoot)
    return taken


def measured(monkeypatch: pytest.MonkeyPatch, **costs: float) -> Measured:
    shots(monkeypatch, costs)
    baseline, *others = [Server(name) for name in costs]
    return measure(baseline, others, CASES, connections=1, rounds=5)  # type: ignore[arg-type]


def test_a_ratio_is_that_to_the_shots_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    found = measured(monkeypatch, twin=100e-6, again=100e-6, ours=25e-6)
    assert found.of("read", "ours").ratio == pytest.approx(4, rel=0.02)
    assert found.of("read", "ours").wait == pytest.approx(0.25, rel=0.02)
    assert found.times("write", "ours", "again") == pytest.approx(4, rel=0.04)
    assert not [*found.doubts(CASES, "again")]


def test_a_run_is_doubted_where_the_baseline_costs_something_else_the_second_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = measured(monkeypatch, twin=100e-6, again=90e-6)
    assert len([*found.doubts(CASES, "again")]) == len(CASES)


def test_the_baseline_is_shot_at_before_and_after_every_two_subjects(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = shots(monkeypatch, {"twin": 1.0, "a": 1.0, "b": 1.0, "c": 1.0})
    servers = [Server(name) for name in "abc"]
    measure(Server("twin"), servers, {"read": CASES["read"]}, connections=1, rounds=1)  # type: ignore[arg-type]
    places = [place for place, name in enumerate(taken[4:]) if name == "twin"]  # four are for warming up
    assert places == [0, 3, 5]


def test_another_answer_is_told_with_both() -> None:
    baseline, other = Server("twin", answer={"id": 1}), Server("ours", answer={"id": 2})
    with pytest.raises(BenchError, match=r"(?s)twin: \(200, {'id': 1}\).*ours: \(200, {'id': 2}\)"):
        parity.check(baseline, [other], parity.READS)


def test_another_status_is_told() -> None:
    with pytest.raises(BenchError, match="500"):
        parity.check(Server("twin", answer=[]), [Server("ours", answer=[], status=500)], parity.READS)


@pytest.mark.parametrize(
    ("status", "one", "other"),
    [
        (201, {"id": 1, "name": "Ada"}, {"id": 2, "name": "Ada"}),
        (409, {"detail": "Taken."}, {"detail": "Taken.", "code": "user-exists", "status": 409}),
        (405, {"detail": "Method Not Allowed"}, {"title": "Method Not Allowed"}),
    ],
)
def test_what_may_differ(status: int, one: object, other: object) -> None:
    found = [parity.comparable(status, json.dumps(each).encode()) for each in (one, other)]
    assert found[0] == found[1]


def test_a_failed_request_is_no_figure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wrk = tmp_path / "wrk"
    wrk.write_text('#!/bin/sh\necho \'{"requests": 10, "failed": 3, "seconds": 1.0, "p99": 0.1}\'\n')
    wrk.chmod(0o755)
    monkeypatch.setattr(load, "wrk", lambda: str(wrk))
    monkeypatch.setattr(load, "loads_core", nullcontext)  # this machine may have but one
    with sleeping() as pid, pytest.raises(BenchError, match="3 of 10 requests failed"):
        load.shoot(pid, "http://127.0.0.1:1", CASES["write"], connections=1)


def test_without_wrk_it_is_told_where_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BenchError, match="apt install wrk"):
        load.wrk()


@pytest.mark.skipif(sys.platform != "linux", reason="the benchmark runs on Linux")
def test_the_work_of_descendants_and_of_threads_that_ended_counts() -> None:
    command = [
        sys.executable,
        "-c",
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {WORK!r}])",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        by_itself = float(process.stdout.readline())
        worked = cores.processor_seconds(process.pid)
        process.communicate(b"\n")
    assert worked > by_itself


ASK = """
import asyncio
from httpx import ASGITransport, AsyncClient
from services.backend.src.main import app

async def ask():
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        for answer in (
            await client.get("/users/500"),
            await client.get("/users?limit=2"),
            await client.post("/users", json={"name": "Grace Hopper", "telegram_id": 1}),
        ):
            print(answer.status_code)

asyncio.run(ask())
"""


def test_the_generated_service_answers_on_sessions_that_do_nothing(tmp_path: Path) -> None:
    folder = project.make_backend(tmp_path, "memory")
    environment = project.environment(folder, REDIS_URL="redis://127.0.0.1:1/0")
    done = subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True)
    assert done.stdout.split() == ["200", "200", "201"], done.stderr


def test_the_same_service_of_any_size_from_specs_and_by_hand(tmp_path: Path) -> None:
    generated = many.make_generated(tmp_path / "generated", 10)
    by_hand = many.make_by_hand(tmp_path / "by-hand", 10)
    routers = sorted(path.name for path in generated.glob("services/backend/src/generated/routers/*.py"))
    assert routers == sorted(path.name for path in by_hand.glob("routers/*.py"))
    for path in by_hand.rglob("*.py"):
        compile(path.read_text(), str(path), "exec")
