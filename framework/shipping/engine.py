"""Docker and its Compose, as the make targets use them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

from framework.shipping.errors import ShippingError

_WITHOUT: Final = "`make dev` runs everything without Docker."
_ALL_PROFILES: Final = "*"


class Way(StrEnum):
    """A way of running the project in containers."""

    DEVELOPMENT = "dev"
    PRODUCTION = "prod"
    TESTS = "tests"

    @property
    def files(self) -> tuple[str, ...]:
        """The files of Compose that describe it."""
        return ("tests",) if self is Way.TESTS else ("base", self.value)

    @property
    def settings(self) -> str:
        """The file of settings that it reads, if it is there."""
        return ".env.production" if self is Way.PRODUCTION else ".env"

    def project(self, root: Path) -> str:
        """What the containers, networks and volumes are called after."""
        return f"{project_name(root)}-{self.value}"


def require_docker() -> None:
    """Raise `ShippingError`, which says what is missing, where containers cannot be run."""
    if shutil.which("docker") is None:
        raise ShippingError(f"Docker is needed for this, and there is no `docker` on the path. {_WITHOUT}")
    if not _succeeds("docker", "compose", "version"):
        raise ShippingError(f"This `docker` has no Compose: install its compose plugin. {_WITHOUT}")
    if not _succeeds("docker", "info"):
        raise ShippingError(
            f"No Docker engine answers: start it, or see `docker info` for what is wrong. {_WITHOUT}"
        )


def compose(root: Path, way: Way, *arguments: str, all_profiles: bool = False) -> int:
    """Run `docker compose` on the project at `root`, and return its exit status.

    `all_profiles` is for what concerns every container, whatever COMPOSE_PROFILES chose at the start.
    """
    command = compose_command(root, way, arguments)
    environment = compose_environment(root, way, os.environ, all_profiles=all_profiles)
    return subprocess.run(command, cwd=root, env=environment, check=False).returncode


def asked_compose(root: Path, way: Way, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `docker compose` as `compose` does, and return what it said."""
    command = compose_command(root, way, arguments)
    environment = compose_environment(root, way, os.environ)
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def asked(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of Docker, and return what it said."""
    return subprocess.run(command, capture_output=True, text=True, check=False)


def remove_unused_networks(root: Path, way: Way) -> None:
    """Remove the networks of earlier versions of the files, which Compose itself leaves behind."""
    project = compose_environment(root, way, os.environ)["COMPOSE_PROJECT_NAME"]
    asked("docker", "network", "prune", "--force", f"--filter=label=com.docker.compose.project={project}")


def compose_command(root: Path, way: Way, arguments: Sequence[str]) -> list[str]:
    """The command; its paths are seen from the project's folder."""
    files = [f"--file=infra/compose.{name}.yml" for name in way.files]
    settings = [f"--env-file={way.settings}"] if (root / way.settings).is_file() else []
    return ["docker", "compose", *settings, *files, *arguments]


def compose_environment(
    root: Path, way: Way, environment: Mapping[str, str], *, all_profiles: bool = False
) -> dict[str, str]:
    """The environment of the command: whose the files are, and what the containers are called after."""
    own = {
        "COMPOSE_PROJECT_NAME": way.project(root),
        "HOST_UID": str(os.getuid()),
        "HOST_GID": str(os.getgid()),
    }
    if all_profiles:
        return {**own, **environment, "COMPOSE_PROFILES": _ALL_PROFILES}
    return {**own, **environment}


def project_name(root: Path) -> str:
    """The name of the project's folder, as Compose allows it."""
    return re.sub(r"[^a-z0-9_-]+", "-", root.resolve().name.lower()).strip("-_") or "project"


def _succeeds(*command: str) -> bool:
    return asked(*command).returncode == 0
