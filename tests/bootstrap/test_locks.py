"""The locks: whole, hashed, in step with each other and with what asks for them, and without a host."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
FRAMEWORK = ROOT / "template" / ".framework"
LOCKS = (ROOT / "requirements.lock", FRAMEWORK / "requirements.lock", ROOT / "framework" / "bootstrap.lock")


def pins(lock: Path) -> dict[str, str]:
    """Return the version of every package in a lock."""
    return dict(re.findall(r"^([a-z0-9.-]+)==([^\s;]+)", lock.read_text(), re.MULTILINE))


def requirements(project: Path) -> list[Requirement]:
    """Return what a pyproject.toml asks for, with all its extras."""
    table = tomllib.loads(project.read_text())["project"]
    groups = [table["dependencies"], *table.get("optional-dependencies", {}).values()]
    return [Requirement(line) for group in groups for line in group]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_every_package_has_a_hash_and_none_a_host(lock: Path) -> None:
    entries = [entry for entry in re.split(r"\n(?=[a-z])", lock.read_text()) if entry.strip()]
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"://|file:|--index|--find-links|(^|\s)/", lock.read_text())


def test_projects_use_what_is_tested_here() -> None:
    own, projects = pins(LOCKS[0]), pins(LOCKS[1])
    assert {name: own.get(name) for name in projects} == projects


@pytest.mark.parametrize(
    ("project", "lock"),
    [(ROOT, LOCKS[0]), (FRAMEWORK, LOCKS[0]), (FRAMEWORK, LOCKS[1])],
    ids=["own", "framework-here", "framework-in-projects"],
)
def test_a_lock_is_no_older_than_what_asks_for_it(project: Path, lock: Path) -> None:
    pinned = pins(lock)
    asked = requirements(project / "pyproject.toml")
    assert [str(one) for one in asked if not one.specifier.contains(pinned.get(one.name, "0"))] == []
