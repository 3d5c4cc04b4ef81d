"""What follows a change: the project's own commands, those of the new version."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from framework.project.interruption import noted

CHECKS = ("lint", "typecheck", "tests")
"""The targets that say whether the project is sound; the first of them soon."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The target that was not made, and whether that is because somebody interrupted it."""

    target: str
    is_interrupted: bool = False


def generation(root: Path) -> tuple[str, ...]:
    """The targets that bring the environment and everything generated up to date."""
    locks = ["lock"] if any(root.glob("services/*/requirements.lock")) else []
    return "setup", "docs" if any(root.glob("docs/api/*.json")) else "generate-from-spec", *locks


def first_failure(root: Path, targets: Sequence[str]) -> Failure | None:
    """Make the targets, one after the other, until one fails or is interrupted; returns that one."""
    with noted() as interruptions:
        for target in targets:
            print(f"\n── make {target}", flush=True)
            is_made = not interruptions and _make(root, target)
            if interruptions or not is_made:
                return Failure(target, is_interrupted=bool(interruptions))
    return None


def _make(root: Path, target: str) -> bool:
    try:
        making = subprocess.Popen(["make", "--no-print-directory", target], cwd=root)
    except OSError as error:
        print(f"make cannot be run: {error.strerror}")
        return False
    return making.wait() == 0
