"""Every module set makes a project that passes its own checks, and whose README does what it says."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

from framework.servers.ports import free_port
from tests.copier.readme import command, mistakes, requests, section, steps
from tests.copier.support import (
    MODULE_SETS,
    MODULES,
    ROOT,
    commit_all,
    gated,
    git,
    make_environment,
    named,
    render,
    run_make,
)

START_SECONDS = 180.0
TOOLS = str(ROOT / os.environ.get("TOOLS", ".tools"))
PYTHON = f"{sys.base_prefix}/bin/python3"


def make(project: Path, *targets: str) -> str:
    """Run make in the project, with the uv and the Python of this checkout; returns what it prints."""
    return run_make(project, *targets, TOOLS=TOOLS, PYTHON=PYTHON).stdout


def fail_to_make(project: Path, *targets: str) -> str:
    """Run make in the project, which must refuse; returns what it complains."""
    done = run_make(project, *targets, check=False, TOOLS=TOOLS, PYTHON=PYTHON)
    assert done.returncode != 0, done.stdout
    return done.stderr


@pytest.mark.timeout(900)
@pytest.mark.usefixtures("one_environment")
@pytest.mark.parametrize("modules", [gated(modules) for modules in MODULE_SETS], ids=named)
def test_a_new_project(whole_template: Path, tmp_path: Path, modules: Sequence[str]) -> None:
    project = render(f"git+file://{whole_template}", tmp_path / "project", modules)
    commit_all(project, "A new project")

    make(project, "setup", "lint", "typecheck")
    if modules == MODULES:  # their own tests are those of each alone; here it matters that they go together
        make(project, "tests", "PYTEST_ADDOPTS=--collect-only")
        make(project, "tests", "suite=integration")
    else:
        make(project, "tests")

    assert git(project, "diff", "--name-only") == ""
    assert "Nothing has changed" in make(project, "generate-from-spec")
    assert_documents_are_true(project)
    # In the same project, because making another would cost more than all the rest.
    if len(modules) == 1:
        answers = follow(project / "README.md", project)
        assert [(answer.status_code, answer.json()) for answer in answers] in ([], [(200, [])])
    if len(modules) == len(MODULES):
        *_, answer = follow(ROOT / "README.md", project)
        assert answer.json()["is_admin"] is True
        assert_mistakes_are_told(ROOT / "README.md", project)
        assert_a_dead_letter_is_sent_again(project / "README.md", project)


def assert_documents_are_true(project: Path) -> None:
    """Check that the files that the documents name are there, and those they show."""
    link = re.compile(r"\]\((?!https?:)([^)#]+)\)")
    path = re.compile(r"`((?:[\w.-]+/)*[\w.-]+(?:/|\.(?:py|ya?ml|md|toml)))`")
    for document in git(project, "ls-files", "*.md", ":!.framework").split():
        folder = (project / document).parent
        lines = (project / document).read_text().splitlines()
        named_files = {name for line in lines if not CONDITIONAL.search(line) for name in path.findall(line)}
        sought = {
            name: [project / name, folder / name, *folder.glob(f"src/*/{name}")] for name in named_files
        }
        assert [name for name, places in sought.items() if not any(map(Path.exists, places))] == [], document
        linked = [target for line in lines for target in link.findall(line)]
        assert [target for target in linked if not (folder / target).exists()] == [], document


CONDITIONAL = re.compile(
    r"only in a project with|`generated/`|`\.dev/|`docs/api/|services/billing/|handlers/ping\.py"
)
"""Lines about what is not in every project, or not from the beginning."""


def follow(readme: Path, project: Path) -> list[httpx.Response]:
    """Write the code that a README shows into a project, check it, run it, and send what the README sends."""
    text = readme.read_text()
    for step in steps(text):
        step.do(project)
    make(project, "sync-services", "generate-from-spec", "format", "lint", "typecheck")
    if not requests(text):
        return []
    with running(project) as port, httpx.Client(timeout=60, trust_env=False) as client:
        sent = requests(text)
        for request in sent:
            request.url = request.url.copy_with(port=port)
        return [client.send(request) for request in sent]


def assert_mistakes_are_told(readme: Path, project: Path) -> None:
    """Make the mistakes that a README shows; what is told must be what it shows, and the cure must help."""
    commit_all(project, "What the README adds")
    (mistake,) = mistakes(readme.read_text())

    mistake.make(project)
    assert mistake.told in fail_to_make(project, "generate-from-spec")
    assert git(project, "diff", "--name-only").split() == [mistake.path.as_posix()]

    mistake.cure(project)
    assert "Nothing has changed" in make(project, "generate-from-spec")


def assert_a_dead_letter_is_sent_again(readme: Path, project: Path) -> None:
    """Break a handler as a README says, see the dead letter, mend the handler, send the event again."""
    text = section(readme.read_text(), "When a handler fails")
    (mistake,) = mistakes(text)
    (request,) = requests(text)
    mistake.make(project)
    with running(project) as port, httpx.Client(timeout=60, trust_env=False) as client:
        request.url = request.url.copy_with(port=port)
        assert client.send(request).status_code == 201
        # What the steps before have published may have been left to the handler that is broken now.
        letters = wait_for_dead_letters(project, json.loads(request.content)["name"], text)
        (id_,) = (id_ for id_, shown in letters.items() if mistake.told in shown)
        mistake.cure(project)
        assert "1 dead letter sent again" in make(project, *command(text, "dlq", "reprocess", id_))
        (effect,) = re.findall(r"the log of `make dev` says `(.*)`", text)
        wait_for(lambda: effect in (project / "dev.log").read_text())


def wait_for_dead_letters(project: Path, name: str, readme: str) -> dict[str, str]:
    """Wait until there are dead letters that speak of `name`; returns what is shown of them, by their ids."""
    wait_for(lambda: "is kept among the dead letters" in (project / "dev.log").read_text())
    found: dict[str, str] = {}

    def are_there() -> bool:
        for id_ in re.findall(r"^(\d+-\d+) ", make(project, "dlq"), re.MULTILINE):
            shown = make(project, *command(readme, "dlq", "show", id_))
            if name in shown:
                found[id_] = shown
        return bool(found)

    wait_for(are_there)
    return found


def wait_for(condition: Callable[[], object]) -> None:
    """Ask until it is so."""
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(1)


@contextmanager
def running(project: Path) -> Iterator[int]:
    """Run `make dev` until its backend answers; yields the port of the backend."""
    ports = {name: free_port() for name in ("billing", *MODULES)}
    settings = {f"{name.upper()}_PORT": str(port) for name, port in ports.items()}
    with (project / "dev.log").open("w") as log:
        dev = subprocess.Popen(
            ["make", "dev"],
            cwd=project,
            env=make_environment() | settings | {"TOOLS": TOOLS, "PYTHON": PYTHON},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_until_ready(f"http://localhost:{ports['backend']}/health/ready", dev, project / "dev.log")
        yield ports["backend"]
    finally:
        os.killpg(dev.pid, signal.SIGINT)
        dev.wait(60)


def wait_until_ready(url: str, dev: subprocess.Popen[bytes], log: Path) -> None:
    """Ask until the answer is 200."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and dev.poll() is None:
        with suppress(httpx.TransportError):
            if httpx.get(url, trust_env=False).is_success:
                return
        time.sleep(0.1)
    pytest.fail(f"{url} did not answer:\n{log.read_text()}")
