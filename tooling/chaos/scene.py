"""The project that is hurt: the template's own, with orders and reports added."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import copier
from copier.errors import DirtyLocalWarning

ROOT: Final = Path(__file__).resolve().parents[2]
OVERLAY: Final = Path(__file__).parent / "project"
FRAMEWORK: Final = Path(".framework/framework")


def make_project(path: Path) -> None:
    """Render the template into `path`, which is emptied before, add what is ours, generate the code."""
    shutil.rmtree(path, ignore_errors=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DirtyLocalWarning)
        copier.run_copy(
            str(ROOT),
            path,
            data={"project_name": "chaos", "modules": ["backend", "notifications"]},
            defaults=True,
            quiet=True,
            vcs_ref="HEAD" if (ROOT / ".git").exists() else None,
        )
    shutil.copytree(OVERLAY, path, dirs_exist_ok=True)
    command = [sys.executable, "-m", "framework", "generate"]
    subprocess.run(
        command, cwd=path, env={**os.environ, **environment(path)}, check=True, stdout=subprocess.DEVNULL
    )


def environment(path: Path) -> Mapping[str, str]:
    """Lets this checkout's Python import the project in `path`, its own copy of the framework included."""
    return {"PYTHONPATH": ":".join(str(path / folder) for folder in ("", "shared", ".framework"))}
