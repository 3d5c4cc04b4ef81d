"""What generation costs: `python -m tooling.bench.codegen`, or `make bench name=codegen`.

Measured are whole processes, in seconds of processor time (user and system, children included), since others
may use the machine; what is compared was run in turn. The floor is what no such generator can do without: the
imports of its libraries, and ruff over the same output.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from tooling.bench import peers
from tooling.bench.measurement import BenchError, Rounds, Subject, set_aside
from tooling.bench.projects import make_project
from tooling.bench.report import Bar, Report

ROOT = Path(__file__).resolve().parents[2]
SIZES = (10, 100, 1000, 4000)
"""Numbers of operations, and of models."""

COMPARED = 1000
FULL_BARS = {10: 2.0, 100: 2.0, 1000: 3.0}
MEMORY_BAR = 80.0
UNCHANGED_BAR = 3.5
PEER_BAR = 5.0
LINEAR_BAR = 1.15

MEMORY = Path("/dev/shm")  # noqa: S108 - what is made there is a folder of a name that nobody knows
ROOM = 2 * 1024**3
"""Bytes that many rounds of all projects take."""
SHORT_ROUNDS = 3
"""How many times more often runs of hundredths of seconds are measured."""

GENERATE = (sys.executable, "-m", "framework", "generate")
IMPORTS = "import yaml; from pydantic import BaseModel; from jinja2 import Environment"
HEADINGS = (
    "operations",
    "full",
    "floor",
    "full / floor",
    "MiB",
    "unchanged",
    "bare Python",
    "unchanged / bare",
)

NOT_PASSED_ON = ("PYTHON", "PYDANTIC_")
"""How the variables begin that would change what is measured."""


def main() -> int:
    """Measure, and print what was found; 1 if a bar does not hold, 2 if something could not be measured."""
    args = _arguments()
    try:
        with tempfile.TemporaryDirectory(prefix="bench-", dir=_memory()) as folder:
            report = _run(Path(folder), args.rounds, args.peers)
    except (BenchError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 2
    print(report.json() if args.json else report.markdown())
    return 0 if report.holds else 1


def _memory() -> str | None:
    """A folder without a disk behind it, where what others have written or deleted costs us nothing.

    None, the usual place of what is temporary, if there is no such folder, or no room in it.
    """
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM
    return str(MEMORY) if has_room else None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tooling.bench.codegen", description=__doc__)
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--rounds", type=int, default=15, help="how often each command is measured")
    parser.add_argument(
        "--peers", action="store_true", help="compare with other generators, installed into build/bench-peers"
    )
    return parser.parse_args()


def _run(folder: Path, rounds: int, with_peers: bool) -> Report:
    environment = _environment()
    found = _measure(folder, environment, rounds)
    rows = [_row(size, *found) for size in SIZES]
    bars = [*_bars(*found)]
    notes = ["Seconds of processor time, medians; ratios are medians of the rounds, growth one of medians."]
    if with_peers:
        against = _compare(folder, environment, max(3, rounds // 2))
        bars.append(_peer_bar(against))
        notes.append(_peer_table(against))
    return Report(HEADINGS, rows, bars, notes)


def _environment() -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_PASSED_ON)}
    return {**kept, "PYTHONPATH": str(ROOT)}


def _measure(folder: Path, environment: Mapping[str, str], rounds: int) -> tuple[Rounds, Rounds]:
    """The long runs and the short ones; a round has those of every size, because sizes are compared too.

    The projects are left generated, so that nothing changes any more.
    """
    long: dict[str, Subject] = {}
    short: dict[str, Subject] = {}
    for size in SIZES:
        root = folder / str(size)
        unchanged, formatted = _generated(root, size, environment)
        long[f"{size} full"] = Subject(GENERATE, root, environment, partial(_begin_anew, root, size))
        long[f"{size} imports"] = Subject((sys.executable, "-c", IMPORTS), root, environment)
        long[f"{size} ruff"] = Subject((*_ruff(), str(formatted)), root, environment)
        short[f"{size} unchanged"] = Subject(GENERATE, unchanged, environment)
        short[f"{size} bare"] = Subject((sys.executable, "-c", "pass"), root, environment)
    return Rounds(long, rounds), Rounds(short, SHORT_ROUNDS * rounds)


def _generated(root: Path, size: int, environment: Mapping[str, str]) -> tuple[Path, Path]:
    """Make a project, and beside it two that are generated."""
    make_project(root, size)
    unchanged, formatted = (root.with_name(f"{size}-{name}") for name in ("unchanged", "formatted"))
    shutil.copytree(root, unchanged)
    subprocess.run(GENERATE, cwd=unchanged, env=environment, check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(unchanged, formatted)
    return unchanged, formatted


def _ruff() -> tuple[str, ...]:
    ruff = Path(sysconfig.get_path("scripts"), "ruff")
    return (str(ruff), "format", "--isolated", "--no-cache", "--line-length=100", "--target-version=py311")


def _begin_anew(root: Path, size: int) -> None:
    """Leave the specs alone in the project; what was generated from them is set aside."""
    set_aside(root)
    make_project(root, size)


def _row(size: int, long: Rounds, short: Rounds) -> tuple[str, ...]:
    floor = _floor(size)
    return (
        str(size),
        f"{long.seconds(f'{size} full'):.3f}",
        f"{long.seconds(*floor):.3f}",
        f"{long.ratio(f'{size} full', *floor):.2f}",
        f"{long.mebibytes(f'{size} full'):.0f}",
        f"{short.seconds(f'{size} unchanged'):.3f}",
        f"{short.seconds(f'{size} bare'):.3f}",
        f"{short.ratio(f'{size} unchanged', f'{size} bare'):.2f}",
    )


def _floor(size: int) -> tuple[str, str]:
    return f"{size} imports", f"{size} ruff"


def _bars(long: Rounds, short: Rounds) -> Iterator[Bar]:
    for size, bar in FULL_BARS.items():
        ratio = long.ratio(f"{size} full", *_floor(size))
        yield Bar(f"{size} operations: full generation, floors", ratio, bar)
    memory = long.mebibytes(f"{COMPARED} full")
    yield Bar(f"{COMPARED} operations: peak memory, MiB", memory, MEMORY_BAR)
    for size in SIZES:
        ratio = short.ratio(f"{size} unchanged", f"{size} bare")
        yield Bar(f"{size} operations: nothing changed, bare starts", ratio, UNCHANGED_BAR)
    promise = "one operation more, between 1000 and 4000 against between 100 and 1000"
    yield Bar(promise, _growth(long), LINEAR_BAR)


def _growth(long: Rounds) -> float:
    """How many times an operation more costs in a large project what it costs in a small one."""
    # Of medians: a difference within one round, by which another is divided, is mostly noise.
    small, middle, large = (long.seconds(f"{size} full") for size in (100, COMPARED, 4000))
    return ((large - middle) / 3000) / ((middle - small) / 900)


def _compare(folder: Path, environment: Mapping[str, str], rounds: int) -> Rounds:
    root, output, document = folder / str(COMPARED), folder / "peers", folder / "openapi.json"
    output.mkdir()
    make_document = (sys.executable, "-m", "tooling.bench.openapi", str(root), str(document))
    subprocess.run(make_document, cwd=ROOT, env=environment, check=True)
    tools = peers.make_environment(ROOT / "build" / "bench-peers")
    ours = Subject(GENERATE, root, environment, lambda: _begin_anew(root, COMPARED))
    others = dict(peers.subjects(tools, document, output, environment))
    return Rounds({"ours": ours, **others}, rounds)


PEERS = (peers.MODELS, peers.SERVER, peers.CLIENT)


def _peer_bar(against: Rounds) -> Bar:
    fastest = min(PEERS, key=against.seconds)
    promise = f"{COMPARED} operations: times the processor time of ours that {fastest} takes"
    return Bar(promise, against.ratio(fastest, "ours"), PEER_BAR, at_least=True)


def _peer_table(against: Rounds) -> str:
    lines = [
        f"At {COMPARED} operations:",
        "",
        "| generator | seconds | MiB | times ours |",
        "| --- | --- | --- | --- |",
    ]
    for name in ("ours", *PEERS):
        figures = (
            f"{against.seconds(name):.2f} | {against.mebibytes(name):.0f} | {against.ratio(name, 'ours'):.1f}"
        )
        lines.append(f"| {name} | {figures} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
