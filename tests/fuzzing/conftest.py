"""A project that says everything the spec language can say, running."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.fuzzing.language import make_language_project

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def language(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project; its services are run from its folder, with `surroundings`."""
    return make_language_project(tmp_path_factory.mktemp("language") / "project")


def surroundings(project: Path) -> Mapping[str, str]:
    """The environment in which Python finds what belongs to a project, and the tests."""
    path = os.pathsep.join(map(str, (project, project / "shared", ROOT)))
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
