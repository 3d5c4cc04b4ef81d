"""The image of a service, laid out in a folder as its Dockerfile says, to be run without a container.

The folder has what is copied from the project, the packages that the service needs, and nothing else: Python
is started so that it sees neither this checkout nor the environment of the tests.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution, distribution
from importlib.util import cache_from_source
from pathlib import Path

from packaging.requirements import Requirement

from framework.deployment import extras
from framework.system import Service
from tests.shipping.projects import TEMPLATE

_COPIED = re.compile(r"^COPY (?!--from=)(\S+) (\S+)$", re.MULTILINE)


class Image:
    """What a service is in production, at `folder`."""

    def __init__(self, project: Path, service: Service, folder: Path) -> None:
        """Make it from a generated project."""
        text = (project / "services" / service.name / "Dockerfile").read_text().replace("\\\n", " ")
        self._stages = {
            stage.split()[2]: stage for stage in re.split(r"^FROM ", text, flags=re.MULTILINE)[1:]
        }
        self.app = folder / "app"
        self._packages = folder / "packages"
        for source, target in _COPIED.findall(self._stages["application"]):
            _copy(project, source, self.app / target)
        _link(_needed(service), self._packages)

    def run(self, command: Sequence[str], **settings: str) -> subprocess.Popen[str]:
        """Start a command in the image, with settings besides those of the image itself."""
        program, *arguments = command
        module = arguments[1:] if program == "python" else [program, *arguments]
        return subprocess.Popen(
            [sys.executable, "-S", "-m", *module],
            cwd=self.app,
            env={**self._settings(), **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @property
    def command(self) -> list[str]:
        """What the image starts."""
        return self._command(r"^CMD (.*)$")

    @property
    def probe(self) -> list[str]:
        """What asks whether it is healthy."""
        return self._command(r"^HEALTHCHECK .*CMD (.*)$")

    def _command(self, pattern: str) -> list[str]:
        (found,) = re.findall(pattern, self._stages["production"], re.MULTILINE)
        words: list[str] = json.loads(found)
        return words

    def _settings(self) -> dict[str, str]:
        lines = re.findall(r"^ENV (.*)$", self._stages["base"], re.MULTILINE)
        settings = dict(pair.split("=", 1) for line in lines for pair in line.split())
        roots = settings["PYTHONPATH"].replace("/app", str(self.app))
        return {
            **settings,
            "PYTHONPATH": f"{roots}:{self._packages}",
            "PYTHONDONTWRITEBYTECODE": "",
            "PATH": os.environ["PATH"],
        }


def _copy(project: Path, source: str, target: Path) -> None:
    origin = TEMPLATE / source if source.startswith(".framework") else project / source
    if origin.is_dir():
        shutil.copytree(origin, target, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    else:
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(origin, target)


def _needed(service: Service) -> Iterator[Distribution]:
    """The packages that `make lock` would pin for a service that asks for none of its own."""
    project = tomllib.loads((TEMPLATE / ".framework" / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *(project["optional-dependencies"][each] for each in extras(service))]
    waiting = [Requirement(line) for group in groups for line in group]
    seen: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        chosen = ["", *requirement.extras]
        key = f"{requirement.name}{sorted(chosen)}".lower()
        if key in seen or not (requirement.marker is None or requirement.marker.evaluate()):
            continue
        seen.add(key)
        found = distribution(requirement.name)
        yield found
        for line in found.requires or ():
            asked = Requirement(line)
            if asked.marker is None or any(asked.marker.evaluate({"extra": extra}) for extra in chosen):
                asked.marker = None
                waiting.append(asked)


def _link(distributions: Iterator[Distribution], folder: Path) -> None:
    for each in distributions:
        for file in each.files or ():
            if ".." not in file.parts and "__pycache__" not in file.parts:
                _link_file(Path(str(each.locate_file(file))), folder / file)


def _link_file(source: Path, target: Path) -> None:
    """Link a file, and with it what Python has made of it, which would take seconds to make again."""
    compiled = [(source, target)]
    if source.suffix == ".py":
        compiled.append((Path(cache_from_source(str(source))), Path(cache_from_source(str(target)))))
    for origin, link in compiled:
        if origin.exists() and not link.is_symlink():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(origin)
