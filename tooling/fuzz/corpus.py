"""The projects that are broken, and one of them as it is broken round by round."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tooling.fuzz.mutation import mutated

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"

PROJECTS = (
    *[TESTS / "compiler" / "fuzzed_project"] * 3,  # small, and so quick to generate and import
    TESTS / "cases" / "language" / "specs",
    TESTS / "cases" / "users_example" / "specs",
)
"""Sound projects, which have every construct of the language between them."""


@dataclass(frozen=True, slots=True)
class Project:
    """A copy of a sound project: the texts of its specs by their paths."""

    root: Path
    originals: dict[Path, str]

    @contextmanager
    def broken(self, chance: random.Random) -> Iterator[tuple[Path, bytes]]:
        """Break one spec for as long as the block lasts; gives its path and what stands there."""
        path = chance.choice(list(self.originals))
        original = self.originals[path]
        data = mutated(original, chance)
        path.write_bytes(data)
        try:
            yield path.relative_to(self.root), data
        finally:
            path.write_text(original, encoding="utf-8", newline="")


def copy_of(project: Path, root: Path) -> Project:
    """Copy the specs of a project to `root`, which must not exist."""
    shutil.copytree(project, root)
    paths = sorted([root / "services.yml", *root.rglob("spec/**/*.yaml")])
    return Project(root, {path: path.read_bytes().decode() for path in paths})
