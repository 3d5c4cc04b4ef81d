"""Processes that are hit and brought back."""

import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from framework.chaos.strikes import Blow, Strike
from framework.chaos.victims import Victim
from framework.servers.process import Launch, ServerProcess

# A parent and a child, as PostgreSQL has them; the child's number tells that both are there.
PROGRAM = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""
LATER = 1_000.0


class Processes:
    def __init__(self, folder: Path) -> None:
        self.made: list[ServerProcess] = []
        self._folder = folder

    def make(self, life: int) -> ServerProcess:
        log = self._folder / f"{life}.log"
        process = ServerProcess(
            Launch(
                name="victim",
                command=[sys.executable, "-c", PROGRAM],
                directory=self._folder,
                log=log,
                port=0,
                is_ready=lambda _: log.read_text().strip().isdigit(),
            )
        )
        self.made.append(process)
        return process

    @property
    def parent(self) -> psutil.Process:
        assert self.made[-1].pid is not None
        return psutil.Process(self.made[-1].pid)

    @property
    def child(self) -> psutil.Process:
        (child,) = self.parent.children()
        return child


@pytest.fixture
def processes(tmp_path: Path) -> Processes:
    return Processes(tmp_path)


@pytest.fixture
def victim(processes: Processes) -> Iterator[Victim]:
    victim = Victim("victim", processes.make)
    victim.start()
    until(lambda: victim.works)
    yield victim
    victim.stop()


def until(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def blow(kind: Blow) -> Strike:
    return Strike(after=0, victim="victim", blow=kind, pause=10)


def test_what_is_killed_goes_with_its_children_and_comes_back(victim: Victim, processes: Processes) -> None:
    parent, child = processes.parent, processes.child

    victim.strike(blow(Blow.KILL), now=0)

    until(lambda: not parent.is_running() and not child.is_running())
    victim.tend(now=9)
    assert not victim.works
    victim.tend(now=10)
    until(lambda: victim.works)
    assert (len(processes.made), victim.hits[Blow.KILL], victim.ended) == (2, 1, [])


def test_what_is_stopped_stands_still_with_its_children_and_goes_on(
    victim: Victim, processes: Processes
) -> None:
    parent, child = processes.parent, processes.child

    victim.strike(blow(Blow.STOP), now=0)

    until(lambda: parent.status() == child.status() == psutil.STATUS_STOPPED)
    victim.tend(now=10)
    until(lambda: psutil.STATUS_STOPPED not in {parent.status(), child.status()})
    assert victim.works
    assert len(processes.made) == 1


def test_what_is_asked_to_end_is_started_when_it_has(victim: Victim, processes: Processes) -> None:
    parent = processes.parent

    victim.strike(blow(Blow.END), now=0)

    until(lambda: not processes.made[0].is_running)
    assert processes.made[0].exit_status == -signal.SIGTERM
    victim.tend(now=10)
    until(lambda: victim.works)
    assert processes.parent != parent
    assert victim.ended == []


def test_who_lies_on_the_ground_is_not_hit_again(victim: Victim) -> None:
    victim.strike(blow(Blow.KILL), now=0)
    victim.strike(blow(Blow.STOP), now=1)

    assert victim.hits == {Blow.KILL: 1}


def test_what_ends_by_itself_is_told_and_started(victim: Victim, processes: Processes) -> None:
    processes.parent.kill()
    until(lambda: not processes.made[0].is_running)

    victim.tend(now=0)

    until(lambda: victim.works)
    assert victim.ended == [-signal.SIGKILL]


def test_after_the_run_everybody_is_brought_back_at_once(victim: Victim) -> None:
    victim.strike(blow(Blow.KILL), now=LATER)

    victim.recover(now=LATER)
    victim.tend(now=LATER)

    until(lambda: victim.works)
