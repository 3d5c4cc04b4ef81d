"""Leave early: whether anything has changed since the last generation, told before the heavy imports."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


def is_current(root: Path) -> bool:
    """Tell whether specs, generated files and the generator itself are as they were at the last `record`."""
    raise NotImplementedError


def record(root: Path, paths: Iterable[str]) -> None:
    """Note that the project at `root` is as the plan wants it; `paths` are all planned files."""
    raise NotImplementedError
