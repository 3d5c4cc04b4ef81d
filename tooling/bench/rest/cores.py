"""One core for the server that is measured, another for what loads it and for what it asks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psutil

from tooling.bench.measurement import BenchError

_NANOSECONDS: Final = 1e-9
_CORES: Final = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def check() -> None:
    """Raises `BenchError` unless this machine has two cores to divide, and counts what each thread takes."""
    if not os.path.exists("/proc/self/schedstat"):  # noqa: PTH110
        raise BenchError("This benchmark reads the processor time of servers from /proc: run it on Linux.")
    if len(_CORES) < 2:
        raise BenchError("This benchmark needs two cores: one for the server, one for the load.")


@contextmanager
def servers_core() -> Iterator[None]:
    """What is started in the block runs on the core of the servers, with all that it starts."""
    with _on(_CORES[0]):
        yield


@contextmanager
def loads_core() -> Iterator[None]:
    """What is started in the block runs on the other core."""
    with _on(_CORES[1]):
        yield


@contextmanager
def _on(core: int) -> Iterator[None]:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def processor_seconds(pid: int) -> float:
    """What a process and its descendants have worked, user and system, as the scheduler counts it.

    What threads and processes worked that have ended since is not among it.
    """
    process = psutil.Process(pid)
    return sum(_of_threads(each.pid) for each in (process, *process.children(recursive=True)))


def _of_threads(pid: int) -> float:
    total = 0
    for thread in os.scandir(f"/proc/{pid}/task"):
        with open(f"{thread.path}/schedstat") as file:  # noqa: PTH123
            total += int(file.read().split()[0])
    return total * _NANOSECONDS
