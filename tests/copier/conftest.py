"""A repository of the template as it stands in this checkout, and projects made from it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path

import pytest
from copier._jinja_ext import SandboxedEnvironment
from copier._main import Worker
from plumbum import local

from tests.copier.support import commit_all, copy_checkout, git, render

_jinja_env = Worker.__dict__["jinja_env"].func


def _jinja_env_that_compiles_once(worker: Worker) -> SandboxedEnvironment:
    environment: SandboxedEnvironment = _jinja_env(worker)
    environment.from_string = cache(environment.from_string)  # type: ignore[assignment, method-assign]
    return environment


@pytest.fixture(scope="session", autouse=True)
def _no_settings_of_this_machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's git settings and Copier's cache out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COPIER_CACHE_DIR", str(tmp_path_factory.mktemp("copier-cache")))
        patch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        # Runs git for every file, to no effect where git minds file modes: two fifths of a copy.
        patch.setattr(Worker, "_sync_git_index_executable_bit", lambda *_: None)
        # Compiles the same parts of paths for every file: half of what is left then.
        compiling_once = cached_property(_jinja_env_that_compiles_once)
        compiling_once.__set_name__(Worker, "jinja_env")
        patch.setattr(Worker, "jinja_env", compiling_once)
        with local.env(GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_NOSYSTEM="1"):  # Copier's git sees this one
            yield


@pytest.fixture(scope="session")
def whole_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with this checkout as its version v1.0.0; not to be changed."""
    repository = tmp_path_factory.mktemp("whole-template")
    copy_checkout(repository)
    commit_all(repository, "The template")
    git(repository, "tag", "v1.0.0")
    return repository


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with hardly any framework, for tests that never run it: copies take half the time."""
    repository = tmp_path_factory.mktemp("template")
    copy_checkout(repository)
    for path in (repository / "framework").iterdir():
        if path.is_dir():
            shutil.rmtree(path)
    commit_all(repository, "The template")
    git(repository, "tag", "v1.0.0")
    return repository


@pytest.fixture(scope="session")
def rendered(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Sequence[str]], Path]:
    """Make the project of a module set, once for all tests; not to be changed."""
    made: dict[tuple[str, ...], Path] = {}

    def make(modules: Sequence[str]) -> Path:
        key = tuple(modules)
        if key not in made:
            made[key] = render(template, tmp_path_factory.mktemp("rendered") / "project", modules)
        return made[key]

    return make


@pytest.fixture
def committed(rendered: Callable[[Sequence[str]], Path], tmp_path: Path) -> Callable[[Sequence[str]], Path]:
    """Make a project of a module set in a git repository of its own, to be changed at will."""

    def make(modules: Sequence[str]) -> Path:
        project = tmp_path / "project"
        shutil.copytree(rendered(modules), project)
        commit_all(project, "A new project")
        return project

    return make


@pytest.fixture(scope="session")
def _folder_of_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("environment")


@pytest.fixture
def one_environment(_folder_of_environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let projects use one environment after the other: `make setup` changes in it only what differs."""
    monkeypatch.setenv("VENV", str(_folder_of_environment / "venv"))
    monkeypatch.setenv("MYPY_CACHE_DIR", str(_folder_of_environment / "mypy"))
