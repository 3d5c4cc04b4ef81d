"""The generated services of the benchmark: the template's backend, or its like with other business logic."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tooling.bench.measurement import BenchError

ROOT: Final = Path(__file__).resolve().parents[3]
_TEMPLATE: Final = ROOT / "template"
_OVERLAYS: Final = Path(__file__).parent / "ours"
_SHIPPED: Final = (
    "services/backend/spec",
    "services/backend/src",
    "shared/shared/__init__.py",
    "shared/spec/events.yaml",
    "shared/spec/models.yaml",
)
_SERVICES: Final = """\
version: 2
services:
  - {name: backend, type: python-fastapi, description: Users., database: true}
"""


def make_backend(folder: Path, overlay: str | None = None) -> Path:
    """Make a project of the template's backend alone, with the files of an overlay in place of its own.

    Raises `BenchError` if it cannot be generated.
    """
    for name in _SHIPPED:
        source, target = _TEMPLATE / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    (folder / "services.yml").write_text(_SERVICES)
    if overlay is not None:
        shutil.copytree(_OVERLAYS / overlay, folder, dirs_exist_ok=True)
    generate(folder)
    return folder


def generate(folder: Path) -> None:
    """Run the compiler in a project. Raises `BenchError` with what it says if it refuses."""
    command = [sys.executable, "-m", "framework", "generate"]
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise BenchError(f"generation fails in {folder}:\n{done.stdout}")


def environment(folder: Path, **settings: str) -> Mapping[str, str]:
    """What a process finds that runs in a project: its import roots, these settings and no others."""
    roots = f"{folder}:{folder / 'shared'}:{ROOT}"
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": roots, **settings}
