"""An operation together with where it stands: what the checks of operations are given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from framework.load import Loaded
from framework.resolve.entries import ServiceEntry
from framework.resolve.paths import path_problem
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

    def param_spot(self, name: str) -> Spot:
        """Where the first parameter of a name is called so. Raises StopIteration if there is none."""
        names = enumerate(param.name for param in self.spec.params)
        return self.spot / "params" / next(index for index, each in names if each == name) / "name"

    @property
    def service(self) -> str:
        """The service that the operation belongs to."""
        return self.file.service

    @property
    def subscribes(self) -> str | None:
        """The event that calls the operation."""
        return self.spec.events.subscribe if self.spec.events else None

    @cached_property
    def whole_path(self) -> str:
        """The path with the prefix of the domain, as the files have them."""
        path = self.spec.rest.path if self.spec.rest else ""
        return self.file.spec.config.rest.prefix + path or "/"

    def may_have(self, *keys: str) -> bool:
        """Whether one of these keys stands there, or was meant to, and could not be read as a whole."""
        return self.is_holed and any(self.spot.may_have(key) for key in keys)

    @property
    def is_holed(self) -> bool:
        """Whether anything of the file could not be read."""
        return bool(self.file.source.gaps.lost)

    @property
    def is_path_lost(self) -> bool:
        """Whether a part of the path could not be read."""
        if not self.is_holed:
            return False
        return (self.spot / "rest").may_have("path") or self.file.spot.may_have("config")

    @cached_property
    def path(self) -> str | None:
        """The whole path, if there is one that routes can be made of."""
        if self.is_path_lost:
            return None
        is_sound = self.whole_path == "/" or path_problem(self.whole_path) is None
        return self.whole_path if self.spec.rest and is_sound else None
