"""What a README says of a life with the template is done, and the project passes its own checks after it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.copier.readme import section
from tests.copier.support import MODULE_SETS, commit_all, git, named, render, run_make
from tests.copier.test_life import files_of
from tests.copier.test_projects import PYTHON, TOOLS, make
from tests.copier.versions import NEW, OLD, make_versions, replace

OWN_TEST = '''"""A test of my own."""


def test_something() -> None:
    assert 1 + 1 == 2
'''


@pytest.fixture(scope="session")
def whole_versions(whole_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of the whole template with two releases; not to be changed."""
    return make_versions(whole_template, tmp_path_factory.mktemp("whole-versions") / "template")


def edit(project: Path, module: str) -> dict[str, bytes]:
    """Change a project as a user would, and commit it; returns what is the user's alone."""
    service = project / "services" / module
    (service / "tests/test_mine.py").write_text(OWN_TEST)
    replace(service / "src/main.py", '"""', '"""Mine. ')
    (project / "shared/spec/models/mine.yaml").parent.mkdir(exist_ok=True)
    (project / "shared/spec/models/mine.yaml").write_text(
        "models:\n  Mine:\n    fields:\n      name: {type: string}\n"
    )
    (project / "README.md").write_text((project / "README.md").read_text() + "\n## Mine\n\nMy chapter.\n")
    (project / "Makefile").write_text((project / "Makefile").read_text() + "\nmine: ## mine\n\t@echo mine\n")
    (project / "NOTES.md").write_text("# Notes\n\nAll mine.\n")
    own = [service / "tests/test_mine.py", service / "src/main.py", project / "shared/spec/models/mine.yaml"]
    commit_all(project, "Mine")
    return {str(path.relative_to(project)): path.read_bytes() for path in own}


@pytest.mark.matrix
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("modules", MODULE_SETS, ids=named)
def test_an_updated_project(whole_versions: Path, tmp_path: Path, modules: Sequence[str]) -> None:
    project = render(f"git+file://{whole_versions}", tmp_path / "project", modules, version=OLD)
    make(project, "setup")
    own = edit(project, modules[0])
    commands = re.findall(
        r"^make (\S+)", section((project / "README.md").read_text(), "Keep up with the template"), re.M
    )
    assert commands == ["check-update", "update"]

    looked = run_make(project, "check-update", check=False, TOOLS=TOOLS, PYTHON=PYTHON)
    assert looked.returncode == 2
    assert f"from {OLD} to {NEW}" in looked.stdout
    assert git(project, "status", "--porcelain") == ""
    told = make(project, "update")

    assert f"with version {NEW} of the template" in told
    assert "Gone with your edits" in told
    assert {path: (project / path).read_bytes() for path in own} == own
    assert make(project, "mine") == "mine\n"
    assert git(project, "diff", "--name-only", "--diff-filter=U") == ""
    commit_all(project, "Updated")
    before = files_of(project)
    assert "newest version" in make(project, "update")
    assert git(project, "status", "--porcelain") == ""
    assert {path: text for path, text in files_of(project).items() if path in before} == before


@pytest.mark.matrix
@pytest.mark.timeout(1800)
def test_a_module_comes_and_goes(whole_versions: Path, tmp_path: Path) -> None:
    project = render(f"git+file://{whole_versions}", tmp_path / "project", ["tg_bot"], version=NEW)
    make(project, "setup")
    edit(project, "tg_bot")
    make(project, "generate-from-spec")
    commit_all(project, "Generated")
    before = tracked(project)
    readme = section((project / "README.md").read_text(), "Services of the template, later")
    added, removed = re.findall(r"^make ((?:add|remove)-module name=\w+)", readme, re.M)

    make(project, *added.split())
    make(project, "typecheck", "tests")
    commit_all(project, "More")
    whole = render(
        f"git+file://{whole_versions}", tmp_path / "whole", ["tg_bot", "notifications"], version=NEW
    )
    edit(whole, "tg_bot")
    make(whole, "setup")
    commit_all(whole, "Generated")
    assert tracked(project) == tracked(whole)

    make(project, *removed.split(), "yes=1")
    make(project, "typecheck", "tests")
    commit_all(project, "Less")
    assert tracked(project) == before
    assert not (project / "services/notifications").exists()


def tracked(project: Path) -> dict[str, bytes]:
    """The files that git knows, with their contents."""
    return {path: (project / path).read_bytes() for path in git(project, "ls-files").splitlines()}
