"""Dockerfiles: hadolint finds nothing, and what it does not look for holds: little in them, and no rights."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from framework.deployment import STOP_SECONDS, USER
from tests.copier.support import MODULE_SETS
from tests.shipping.projects import TEMPLATE, module_set, own_services

HADOLINT = shutil.which("hadolint", path=str(Path(sys.executable).parent)) or "hadolint"
SECRET_MOUNT = "--mount=type=secret,id=pip.conf"


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the template's modules; not to be changed."""
    return module_set(tmp_path_factory.mktemp("modules") / "project", MODULE_SETS[-1])


@pytest.fixture(scope="session")
def dockerfiles(project: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Those of the modules, and of services with texts that try to break one."""
    own = own_services(tmp_path_factory.mktemp("own"))
    found = [*project.glob("services/*/Dockerfile"), *own.glob("services/*/Dockerfile")]
    assert len(found) == 8
    return found


def findings(*paths: Path) -> str:
    """What hadolint says."""
    return subprocess.run(
        [HADOLINT, "--no-color", *map(str, paths)], capture_output=True, text=True, check=False
    ).stdout


def problems(text: str) -> Iterator[str]:
    """What is wrong with a Dockerfile of a service, beyond what hadolint knows."""
    yield from _wrong_in_the_end(text.split("\nFROM ")[-1].replace("\\\n", " "))
    yield from _wrong_on_the_way(text.replace("\\\n", " "))


def _wrong_in_the_end(stage: str) -> Iterator[str]:
    if not re.search(r"^USER [1-9]\d*:[1-9]\d*$", stage, re.MULTILINE):
        yield "it runs as no user of its own, given as a number"
    for command in (r"^CMD \[", r"^HEALTHCHECK .*CMD \["):
        if not re.search(command, stage, re.MULTILINE):
            yield "a command goes through a shell, which passes no signal on"
    if re.search(r"^COPY (?!--from=)", stage, re.MULTILINE):
        yield "the last stage takes from the project itself"


def _wrong_on_the_way(text: str) -> Iterator[str]:
    if re.search(r"^COPY (?:\.framework/framework|\.framework|services|\.) ", text, re.MULTILINE):
        yield "it holds more than the service and the runtime"
    for command in re.findall(r"^RUN .* install .*", text, re.MULTILINE):
        if SECRET_MOUNT not in command:
            yield "an index of one's own cannot be used"
        if "--require-hashes" not in command:
            yield "packages are not checked"
    for image in re.findall(r"^ARG PYTHON_IMAGE=(.*)$", text, re.MULTILINE):
        if not re.fullmatch(r"python:\d+\.\d+-slim-[a-z]+", image):
            yield f"{image} is not pinned"


def test_hadolint_finds_nothing(dockerfiles: list[Path]) -> None:
    assert findings(*dockerfiles, TEMPLATE / "services/frontend/Dockerfile") == ""


def test_nothing_else_is_wrong(dockerfiles: list[Path]) -> None:
    for dockerfile in dockerfiles:
        assert list(problems(dockerfile.read_text())) == [], dockerfile


def test_what_is_copied_is_there(project: Path) -> None:
    (project / ".framework").symlink_to(TEMPLATE / ".framework")
    made_by_make_lock = re.compile(r"services/\w+/requirements\.lock")
    for dockerfile in project.glob("services/*/Dockerfile"):
        for line in re.findall(r"^COPY (?!--from=)(.*)$", dockerfile.read_text(), re.MULTILINE):
            *sources, _ = line.split()
            missing = [each for each in sources if not (project / each).exists()]
            assert [each for each in missing if not made_by_make_lock.fullmatch(each)] == []


def test_a_description_is_a_label_as_it_is(dockerfiles: list[Path]) -> None:
    (text,) = (path.read_text() for path in dockerfiles if path.parent.name == "shop")
    (label,) = re.findall(r"image\.description=(.*) \\$", text, re.MULTILINE)
    assert label == r'"Sells \$HOME, \"quotes\" and C:\\temp. In two lines."'


def test_the_service_gets_the_time_to_stop_that_it_takes(project: Path) -> None:
    (command,) = re.findall(
        r"^CMD (.*)$", (project / "services/backend/Dockerfile").read_text(), re.MULTILINE
    )[-1:]
    arguments = json.loads(command)
    requests = int(arguments[arguments.index("--timeout-graceful-shutdown") + 1])
    assert requests + 15 + 5 < STOP_SECONDS


def test_the_user_is_no_user_of_a_machine() -> None:
    assert 10_000 < USER < 60_000


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("ARG PYTHON_IMAGE=python:3.13-slim-trixie", "ARG PYTHON_IMAGE=python:latest", "is not pinned"),
        (f"USER {USER}:{USER}", "USER nobody", "it runs as no user of its own"),
        (f"USER {USER}:{USER}", "", "it runs as no user of its own"),
        ("CMD [", "CMD exec [", "a command goes through a shell"),
        ("COPY --from=application /app /app", "COPY . /app", "the last stage takes from the project"),
        (
            "framework/runtime .framework/framework/runtime",
            "framework .framework/framework",
            "more than the service",
        ),
        (SECRET_MOUNT, "--mount=type=bind,source=pip.conf", "an index of one's own cannot be used"),
        ("--require-hashes ", "", "packages are not checked"),
    ],
)
def test_a_wrong_file_is_found_out(project: Path, right: str, wrong: str, words: str) -> None:
    text = (project / "services/backend/Dockerfile").read_text()
    assert right in text
    assert any(words in problem for problem in problems(text.replace(right, wrong)))


def test_hadolint_finds_what_is_wrong(tmp_path: Path) -> None:
    dockerfile = tmp_path / "Dockerfile"
    dockerfile.write_text("FROM python\nRUN cd /tmp && pip install httpx\nCMD uvicorn main:app\n")
    found = findings(dockerfile)
    assert {code for code in ("DL3006", "DL3003", "DL3013", "DL3025") if code in found} == {
        "DL3006",
        "DL3003",
        "DL3013",
        "DL3025",
    }
