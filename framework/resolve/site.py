"""An operation together with where it stands: what the checks of operations are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framework.load import Loaded
from framework.resolve.entries import ServiceEntry
from framework.resolve.paths import joined_problem, placeholders
from framework.source import Spot

if TYPE_CHECKING:
    from framework.spec.operations import DomainFile, OperationSpec


class Site:
    """One operation of one service's domain; `entry` is None if services.yml has no such service."""

    def __init__(
        self, name: str, spec: OperationSpec, file: Loaded[DomainFile], entry: ServiceEntry | None
    ) -> None:
        self.name = name
        self.spec = spec
        self.file = file
        self.entry = entry
        self.spot = Spot(file.source, ("operations", name))
        """Where the operation stands."""
        self.rest = rest = spec.rest
        self.subscribes = spec.events.subscribe if spec.events else None
        """The event that calls the operation."""
        prefix, path = file.spec.config.rest.prefix, rest.path if rest else ""
        self.whole_path = prefix + path or "/"
        """The path with the prefix of the domain, as the files have them."""
        is_sound = self.whole_path == "/" or joined_problem(prefix, path) is None
        self.path = self.whole_path if rest and is_sound and not self.is_path_lost else None
        """The whole path, if there is one that routes can be made of."""
        self.placeholders = placeholders(self.path) if self.path else ()
        """The names of that path in braces, in their order."""

    def param_spot(self, name: str) -> Spot:
        """Where the first parameter of a name is called so. Raises StopIteration if there is none."""
        names = enumerate(param.name for param in self.spec.params)
        return self.spot / "params" / next(index for index, each in names if each == name) / "name"

    @property
    def service(self) -> str:
        """The service that the operation belongs to."""
        return self.file.service

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
