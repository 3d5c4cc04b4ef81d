"""An entry of services.yml, and what follows from it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from framework.source import Spot
from framework.system import Dependency, Resources, ServiceType

if TYPE_CHECKING:
    from framework.spec.services import ServiceSpec

_RESOURCES = {
    ServiceType.FASTAPI: Resources(1_000, 512),
    ServiceType.FASTSTREAM: Resources(1_000, 512),
    ServiceType.TELEGRAM: Resources(500, 256),
    ServiceType.PYTHON: Resources(500, 256),
    ServiceType.NODE: Resources(500, 256),
}
"""What a process may use if its entry does not say."""

_MEBIBYTES = {"Mi": 1, "Gi": 1_024}


class ServiceEntry(NamedTuple):
    """A service as services.yml has it; `type` is what it is built on, and its port is worked out."""

    name: str
    type: ServiceType
    spec: ServiceSpec
    spot: Spot
    port: int

    @property
    def resources(self) -> Resources:
        """What one process may use: what the entry says, else what is usual for the type."""
        usual, (cpu, memory) = _RESOURCES[self.type], (self.spec.resources.cpu, self.spec.resources.memory)
        return Resources(
            usual.millicores if cpu is None else round(cpu * 1_000),
            usual.mebibytes if memory is None else int(memory[:-2]) * _MEBIBYTES[memory[-2:]],
        )

    def may_have(self, key: str) -> bool:
        """Whether the entry has `key`, or was meant to, and it or a part of it could not be read."""
        # What was taken out is known by the name of the entry, what was meant by another key by its position.
        return self.spot.may_have(key) or self.spot.source.gaps.touch(("services", self.name, key))

    @property
    def dependencies(self) -> tuple[Dependency, ...]:
        """What must run before the service, in the order of the names."""
        return tuple(
            Dependency(name, condition == "service_healthy")
            for name, condition in sorted(self.spec.depends_on.items())
        )
