"""What ships is generated for every module set, and everything in it that is named is there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import yaml

from framework.generators.kubernetes import FOLDER
from framework.generators.workflows import PATH
from framework.plan import plan
from tests.copier.support import MODULE_SETS, MODULES, ROOT, WHOLE_SETS, gated, named
from tests.kubernetes.kustomize import build
from tests.kubernetes.references import allowed
from tests.kubernetes.references import problems as problems_of_manifests
from tests.workflows.checks import problems as problems_of_workflows

Rendered = Callable[[Sequence[str]], Path]
SETS = [(*MODULES, "frontend"), *(gated(modules) for modules in (*MODULE_SETS, ("frontend",)))]
every_module_set = pytest.mark.parametrize("modules", SETS, ids=named)


@pytest.fixture
def project(rendered: Rendered, modules: Sequence[str], tmp_path: Path) -> Path:
    """A project of a module set, with what is generated outside its services."""
    root = tmp_path / "project"
    made = rendered(modules)
    shutil.copytree(made / ".github", root / ".github")
    shutil.copy(made / "Makefile", root)
    for file in plan(made).files:
        path = root / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text)
    return root


@every_module_set
def test_the_manifests_are_whole(project: Path, modules: Sequence[str]) -> None:
    objects = build(project / FOLDER / "overlays/local")
    assert problems_of_manifests(objects) == []
    services = {name.replace("_", "-") for name in modules}
    assert {each["metadata"]["name"] for each in objects if each["kind"] == "Deployment"} == services
    calls = ("Deployment/tg-bot", "Deployment/backend") in allowed(objects)
    assert calls == ({"tg_bot", "backend"} <= set(modules))


@every_module_set
def test_the_workflows_are_whole(project: Path, modules: Sequence[str]) -> None:
    assert problems_of_workflows(project, project / "Makefile") == []
    jobs = yaml.safe_load((project / PATH).read_text())["jobs"]
    assert jobs["tests"]["strategy"]["matrix"]["service"] == sorted(modules)


def test_ours_makes_a_project_of_every_module_set() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    assert workflow["jobs"]["e2e"]["strategy"]["matrix"]["modules"] == [named(each) for each in WHOLE_SETS]


def test_the_production_overlay_is_the_same_for_all(rendered: Rendered) -> None:
    made = [
        [file for file in plan(rendered(modules)).files if "overlays/production" in file.path]
        for modules in (MODULE_SETS[0], MODULE_SETS[-1])
    ]
    assert made[0] == made[1]
    assert all(file.once for file in made[0])
