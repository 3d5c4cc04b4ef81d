"""An operation together with where it stands: what the checks of operations are given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from framework.load import Loaded
from framework.resolve.services import ServiceEntry
from framework.source import Spot
from framework.spec.operations import DomainFile, OperationSpec


@dataclass(frozen=True)
class Site:
    """One operation of one service's domain; `entry` is None if services.yml has no such service."""

    name: str
    spec: OperationSpec
    file: Loaded[DomainFile]
    entry: ServiceEntry | None

    @cached_property
    def spot(self) -> Spot:
        """Where the operation stands."""
        return self.file.spot / "operations" / self.name

    @property
    def service(self) -> str:
        """The service that the operation belongs to."""
        return self.file.service

    @property
    def subscribes(self) -> str | None:
        """The event that calls the operation."""
        return self.spec.events.subscribe if self.spec.events else None

    @cached_property
    def prefix(self) -> str:
        """What the domain's paths begin with."""
        return self.file.spec.config.rest.prefix
