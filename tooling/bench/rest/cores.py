"""One core for the server that is measured, another for what loads it and for what it asks."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psutil

from tooling.bench.measurement import BenchError

_CORES: Final = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def check() -> None:
    """Raises `BenchError` unless this machine has two cores to divide, and tells what each process works."""
    if sys.platform != "linux":
        raise BenchError(
            "This benchmark reads the clocks of its servers, and pins them to a core: run it on Linux."
        )
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
    """What a process and its descendants have worked, user and system, to the nanosecond.

    That is what /proc/<pid>/task/*/schedstat says, and what threads have worked that have ended since.
    """
    process = psutil.Process(pid)
    return sum(time.clock_gettime(_clock(each.pid)) for each in (process, *process.children(recursive=True)))


def _clock(pid: int) -> int:
    """The clock of a process that counts its work: what `clock_getcpuclockid` answers on Linux."""
    return ~pid << 3 | 2
