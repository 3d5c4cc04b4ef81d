"""Other frameworks, in an environment of their own, with the same service without a database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tooling.bench.peers import make_environment
from tooling.bench.rest.project import ROOT
from tooling.bench.rest.servers import Subject, uvicorn

LITESTAR: Final = "Litestar"
BLACKSHEEP: Final = "BlackSheep, JSON by hand"
ROBYN: Final = "Robyn, JSON by hand"
NINJA: Final = "Django Ninja"

_REQUIREMENTS: Final = ROOT / "tooling" / "bench" / "rest-peers.txt"
_FOLDER: Final = ROOT / "build" / "bench-rest-peers"
_APPS: Final = "tooling.bench.rest.peers"


def subjects(folder: Path) -> Iterator[Subject]:
    """Each framework. Raises `CalledProcessError` if they cannot be installed."""
    python = str(make_environment(_FOLDER, _REQUIREMENTS) / "python")
    inherited = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}

    def robyn(port: int) -> Sequence[str]:
        return (python, "-m", f"{_APPS}.robyn_app", str(port))

    commands = {
        LITESTAR: uvicorn(f"{_APPS}.litestar_app:app", python=python),
        BLACKSHEEP: uvicorn(f"{_APPS}.blacksheep_app:app", python=python),
        ROBYN: robyn,
        NINJA: uvicorn(f"{_APPS}.ninja_app:app", python=python),
    }
    for name, command in commands.items():
        yield Subject(name, command, folder, inherited)
