"""Whether the containers of a project do well after their start, which Compose does not say."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from framework.shipping.engine import Way, asked, asked_compose
from framework.shipping.errors import ShippingError

_PATIENCE: Final = 120.0
"""Seconds. A container that does not answer is called unhealthy 90 seconds after its start."""
_INTERVAL: Final = 1.0
_RESTARTS: Final = 3
"""So often a container may end and be started again before that is how it stays."""
_LINES: Final = 10
"""How much of a log is shown."""
_LABEL: Final = "com.docker.compose.service"


class _Container(NamedTuple):
    """A container, as Docker describes it."""

    id: str
    service: str
    status: str
    """created | running | restarting | exited…"""
    health: str
    """starting | healthy | unhealthy; empty without a health check."""
    exit_code: int
    restarts: int

    @property
    def is_well(self) -> bool:
        """Whether it does what it is there for, or has done so."""
        if self.status == "exited":
            return self.exit_code == 0
        return self.status == "running" and self.health in {"", "healthy"}

    @property
    def state(self) -> str:
        """What it is instead of healthy."""
        if self.restarts:
            return f"started {self.restarts + 1} times"
        if self.status == "exited":
            return f"ended with status {self.exit_code}"
        return self.health or self.status


def ailing(root: Path, way: Way) -> Iterator[str]:
    """Wait until all containers are well; what is told of the others, with the end of their log.

    Raises `ShippingError` if the engine goes away meanwhile.
    """
    deadline = time.monotonic() + _PATIENCE
    started = asked_compose(root, way, "config", "--services").stdout.split()
    before = {each.id: each.restarts for each in _containers(root, way, started)}
    while unwell := [each for each in _containers(root, way, started) if not each.is_well]:
        lost = [each for each in unwell if _is_lost(each, before.get(each.id, 0))]
        if lost or time.monotonic() > deadline:
            yield from (_told(each, way) for each in lost or unwell)
            return
        time.sleep(_INTERVAL)


def _is_lost(container: _Container, restarts: int) -> bool:
    is_at_its_end = container.status in {"exited", "dead"} or container.health == "unhealthy"
    return is_at_its_end or container.restarts - restarts >= _RESTARTS


def _containers(root: Path, way: Way, services: Sequence[str]) -> Sequence[_Container]:
    """Those of these services, which an earlier start with other profiles may have brought others to."""
    listed = asked_compose(root, way, "ps", "--all", "--quiet")
    if listed.returncode:
        raise ShippingError(f"Docker does not say how the containers do: {listed.stderr.strip()}")
    ids = listed.stdout.split()
    described = asked("docker", "inspect", *ids).stdout if ids else ""
    found = (_container(each) for each in json.loads(described or "[]"))
    return [each for each in found if each.service in services]


def _container(described: dict[str, Any]) -> _Container:
    state = described["State"]
    return _Container(
        id=described["Id"],
        service=described["Config"]["Labels"][_LABEL],
        status=state["Status"],
        health=(state.get("Health") or {}).get("Status", ""),
        exit_code=state["ExitCode"],
        restarts=described["RestartCount"],
    )


def _told(container: _Container, way: Way) -> str:
    said = asked("docker", "logs", f"--tail={_LINES}", container.id)
    log = (said.stdout + said.stderr).splitlines() or ["nothing"]
    head = f"{container.service} is not healthy, but {container.state}. What it said last:"
    return "\n".join(
        [head, *(f"  {line}" for line in log), f"All of it: make {way}-logs service={container.service}"]
    )
