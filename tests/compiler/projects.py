"""Projects written in a test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from framework.diagnostics import Diagnostics
from framework.load import load
from framework.resolve import resolve
from framework.system import System

SERVICES = """
    version: 2
    services:
      - {name: shop, type: python-fastapi, database: true}
"""

DEFAULTS = {"services.yml": SERVICES}


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Write a project; it has one service `shop` if the files do not say otherwise."""
    for name, text in {**DEFAULTS, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return root


def compiled(root: Path, files: Mapping[str, str]) -> tuple[System, Diagnostics]:
    """The system of a project, and what was found in it."""
    specs, diagnostics = load(write(root, files))
    return resolve(specs, diagnostics), diagnostics


def sound(root: Path, files: Mapping[str, str]) -> System:
    """The system of a project in which nothing is wrong."""
    system, diagnostics = compiled(root, files)
    assert [f"{found.place}: {found.code}: {found.message}" for found in diagnostics] == []
    return system
