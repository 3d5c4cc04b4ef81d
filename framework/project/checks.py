"""What follows a change: the project's own commands, those of the new version."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

CHECKS = ("lint", "typecheck", "tests")
"""The targets that say whether the project is sound; the first of them soon."""


def generation(root: Path) -> tuple[str, ...]:
    """The targets that bring the environment and everything generated up to date."""
    locks = ["lock"] if any(root.glob("services/*/requirements.lock")) else []
    return "setup", "docs" if any(root.glob("docs/api/*.json")) else "generate-from-spec", *locks


def first_failure(root: Path, targets: Sequence[str]) -> str | None:
    """Make the targets, one after the other, until one fails or is interrupted; returns that one."""
    for target in targets:
        print(f"\n── make {target}", flush=True)
        try:
            if subprocess.run(["make", "--no-print-directory", target], cwd=root, check=False).returncode:
                return target
        except OSError as error:
            print(f"make cannot be run: {error.strerror}")
            return target
        except KeyboardInterrupt:  # what has changed is to be told all the same
            return target
    return None
