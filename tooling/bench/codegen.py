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
from collections.abc import Mapping
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
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            report = _run(Path(folder), args.rounds, args.peers)
    except (BenchError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 2
    print(report.json() if args.json else report.markdown())
    return 0 if report.holds else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tooling.bench.codegen", description=__doc__)
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--rounds", type=int, default=7, help="how often each command is measured")
    parser.add_argument(
        "--peers", action="store_true", help="compare with other generators, installed into build/bench-peers"
    )
    return parser.parse_args()


def _run(folder: Path, rounds: int, with_peers: bool) -> Report:
    environment = _environment()
    found = {size: _measure(folder / str(size), size, environment, rounds) for size in SIZES}
    rows = [_row(size, measured) for size, measured in found.items()]
    bars = [*_bars(found)]
    notes = ["Seconds of processor time, medians; ratios are medians of the rounds."]
    if with_peers:
        against = _compare(folder, environment, max(3, rounds // 2))
        bars.append(_peer_bar(against))
        notes.append(_peer_table(against))
    return Report(HEADINGS, rows, bars, notes)


def _environment() -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_PASSED_ON)}
    return {**kept, "PYTHONPATH": str(ROOT)}


def _measure(root: Path, size: int, environment: Mapping[str, str], rounds: int) -> Rounds:
    """Everything about one size. The project is left generated, so that nothing changes any more."""
    make_project(root, size)
    generate = (sys.executable, "-m", "framework", "generate")
    unchanged, formatted = (root.with_name(f"{size}-{name}") for name in ("unchanged", "formatted"))
    shutil.copytree(root, unchanged)
    subprocess.run(generate, cwd=unchanged, env=environment, check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(unchanged, formatted)
    ruff = Path(sysconfig.get_path("scripts"), "ruff")
    settings = ("--isolated", "--no-cache", "--line-length=100", "--target-version=py311")
    return Rounds(
        {
            "full": Subject(generate, root, environment, lambda: _begin_anew(root, size)),
            "imports": Subject((sys.executable, "-c", IMPORTS), root, environment),
            "ruff": Subject((str(ruff), "format", *settings, str(formatted)), root, environment),
            "unchanged": Subject(generate, unchanged, environment),
            "bare": Subject((sys.executable, "-c", "pass"), root, environment),
        },
        rounds,
    )


def _begin_anew(root: Path, size: int) -> None:
    """Leave the specs alone in the project; what was generated from them is set aside."""
    set_aside(root)
    make_project(root, size)


def _row(size: int, measured: Rounds) -> tuple[str, ...]:
    return (
        str(size),
        f"{measured.seconds('full'):.3f}",
        f"{measured.seconds('imports', 'ruff'):.3f}",
        f"{measured.ratio('full', 'imports', 'ruff'):.2f}",
        f"{measured.mebibytes('full'):.0f}",
        f"{measured.seconds('unchanged'):.3f}",
        f"{measured.seconds('bare'):.3f}",
        f"{measured.ratio('unchanged', 'bare'):.2f}",
    )


def _bars(found: Mapping[int, Rounds]) -> list[Bar]:
    full = {size: measured.seconds("full") for size, measured in found.items()}
    marginal = (full[4000] - full[1000]) / 3000
    return [
        *(
            Bar(
                f"{size} operations: full generation, floors",
                found[size].ratio("full", "imports", "ruff"),
                bar,
            )
            for size, bar in FULL_BARS.items()
        ),
        Bar(f"{COMPARED} operations: peak memory, MiB", found[COMPARED].mebibytes("full"), MEMORY_BAR),
        *(
            Bar(
                f"{size} operations: nothing changed, bare starts",
                measured.ratio("unchanged", "bare"),
                UNCHANGED_BAR,
            )
            for size, measured in found.items()
        ),
        Bar(
            "one operation more, between 1000 and 4000 against between 100 and 1000",
            marginal / ((full[1000] - full[100]) / 900),
            LINEAR_BAR,
        ),
    ]


def _compare(folder: Path, environment: Mapping[str, str], rounds: int) -> Rounds:
    root, output, document = folder / str(COMPARED), folder / "peers", folder / "openapi.json"
    output.mkdir()
    make_document = (sys.executable, "-m", "tooling.bench.openapi", str(root), str(document))
    subprocess.run(make_document, cwd=ROOT, env=environment, check=True)
    tools = peers.make_environment(ROOT / "build" / "bench-peers")
    generate = (sys.executable, "-m", "framework", "generate")
    ours = Subject(generate, root, environment, lambda: _begin_anew(root, COMPARED))
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
