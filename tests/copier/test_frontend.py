"""Projects with a page: what is in them for each module set, and that they pass their own checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import yaml

from tests.copier.support import WITH_FRONTEND, commit_all, git, named, render
from tests.copier.test_projects import fail_to_make, make

every_set = pytest.mark.parametrize("modules", WITH_FRONTEND, ids=named)

NEEDS = {
    "services/frontend/src/parts/users.ts": "backend",
    "services/frontend/src/parts/users.test.ts": "backend",
    "tests/integration/test_page_and_users.py": "backend",
    "services/frontend/src/parts/notifications.ts": "notifications",
    "services/frontend/src/live.ts": "notifications",
}


@every_set
def test_a_page_has_the_parts_of_its_project(
    rendered: Callable[[Sequence[str]], Path], modules: Sequence[str]
) -> None:
    project = rendered(modules)

    there = {path for path in NEEDS if (project / path).exists()}
    assert there == {path for path, module in NEEDS.items() if module in modules}


@every_set
def test_a_page_calls_what_there_is(
    rendered: Callable[[Sequence[str]], Path], modules: Sequence[str]
) -> None:
    services = yaml.safe_load((rendered(modules) / "services.yml").read_text())["services"]

    frontend = services[-1]
    called = {call.partition(".")[0] for call in frontend.get("calls", [])}
    assert (frontend["name"], frontend["type"], frontend["port"]) == ("frontend", "node", 8003)
    assert called == {"backend", "notifications"} & set(modules)
    assert set(frontend.get("depends_on", {})) == called


def test_the_lock_of_npm_names_no_host_and_hashes_everything() -> None:
    root = Path(__file__).parents[2] / "template/services/frontend"
    lock = yaml.safe_load((root / "package-lock.json").read_text())

    packages = [package for name, package in lock["packages"].items() if name]
    assert [package for package in packages if "resolved" in package or "integrity" not in package] == []


@pytest.mark.matrix
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("one_environment")
@every_set
def test_a_new_project_with_a_page(whole_template: Path, tmp_path: Path, modules: Sequence[str]) -> None:
    project = render(f"git+file://{whole_template}", tmp_path / "project", modules)
    commit_all(project, "A new project")

    make(project, "setup", "lint", "typecheck", "tests")

    assert git(project, "diff", "--name-only") == ""
    assert "Nothing has changed" in make(project, "generate-from-spec")
    if modules == WITH_FRONTEND[0]:  # one is enough
        assert_mistakes_are_told(project)


def assert_mistakes_are_told(project: Path) -> None:
    """Make a mistake of each kind in the page; the command that looks for it must fail."""
    source = project / "services/frontend/src/dom.ts"
    text = source.read_text()
    for target, mistake in {
        "lint": "debugger;\n",
        "typecheck": 'export const count: number = "one";\n',
    }.items():
        source.write_text(text + "\n" + mistake)
        fail_to_make(project, target)
    source.write_text(text)
    test = project / "services/frontend/src/page.test.ts"
    test.write_text(test.read_text().replace("make add-module name=notifications", "something else"))
    fail_to_make(project, "tests", "suite=frontend")
