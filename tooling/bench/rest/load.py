"""Load on a server: shots of a second by wrk, from one thread over a few connections that are kept open."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from tooling.bench.measurement import BenchError
from tooling.bench.rest.cores import loads_core, processor_seconds

_SCRIPT: Final = Path(__file__).with_name("load.lua")
_NUMBERS: Final = count(1_000_000_000, 10_000_000)
"""Where the telegram_ids of each shot begin: nobody is created twice."""
_NOT_THERE: Final = (
    "wrk, which makes the load, is not there. Debian and Ubuntu have it as a package: apt install wrk"
)


@dataclass(frozen=True, slots=True)
class Case:
    """A request as it is sent again and again: a path that is read, or a user who is created."""

    name: str
    path: str
    creates: bool = False


@dataclass(frozen=True, slots=True)
class Shot:
    """What a shot found: seconds of processor time and of latency of a request, requests a second."""

    processor: float
    p99: float
    rate: float


def wrk() -> str:
    """Where wrk is. Raises `BenchError` if it is not."""
    found = shutil.which("wrk")
    if found is None:
        raise BenchError(_NOT_THERE)
    return found


def shoot(pid: int, url: str, case: Case, connections: int, seconds: int = 1) -> Shot:
    """Load the server of the process `pid` at `url`, and say what a request cost it.

    Raises `BenchError` if it answered anything but what it was asked for.
    """
    command = [wrk(), "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(_SCRIPT), url + case.path]
    if case.creates:
        command += ["--", "create", str(next(_NUMBERS))]
    before = processor_seconds(pid)
    with loads_core():
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    worked = processor_seconds(pid) - before
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        raise BenchError(f"wrk failed on {case.name}:\n{done.stdout}{done.stderr}")
    return _shot(json.loads(lines[-1]), worked, f"{url}{case.path}")


def _shot(found: dict[str, float], worked: float, what: str) -> Shot:
    requests = found["requests"]
    if found["failed"] or not requests:
        raise BenchError(f"{what}: {found['failed']:g} of {requests:g} requests failed")
    return Shot(worked / requests, found["p99"], requests / found["seconds"])
