"""Where in the files of a project a subject stands."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from framework.breaking.finding import Section, Subject
from framework.diagnostics import Place
from framework.gaps import Loc
from framework.load import Specs
from framework.naming import pascal_case
from framework.source import Source, Spot
from framework.spec.base import Constrained
from framework.spec.operations import DomainFile


class Index:
    """Finds the places of subjects in the files of one version of a project."""

    def __init__(self, specs: Specs) -> None:
        self._specs = specs

    def place(self, subject: Subject) -> Place | None:
        """The place of a subject, or of the nearest part around it that there is; None if there is none."""
        spot = self._spots.get((subject.section, subject.name))
        if spot is None:
            return None
        loc: Loc = spot.loc
        for key in self._keys(subject, spot):
            if spot.source.find((*loc, key)) != (*loc, key):
                break
            loc = (*loc, key)
        return spot.source.place(*loc) if loc else spot.source.file

    def file(self, path: str) -> Place | None:
        """A file as a whole, if there is one of this path."""
        return next((source.file for source in self._sources() if source.path == path), None)

    def _keys(self, subject: Subject, spot: Spot) -> Loc:
        """The way from the spot of a subject's thing to the subject; parameters stand in a list."""
        if subject.section is not Section.OPERATION or subject.keys[:1] != ("params",):
            return subject.keys
        _, node, _ = spot.source.tree.find((*spot.loc, "params"))
        names = [_named(item) for item in node.value] if node is not None else []
        name, *rest = subject.keys[1:] or ("",)
        return ("params", names.index(name), *rest) if name in names else ("params",)

    @cached_property
    def _spots(self) -> dict[tuple[Section, str], Spot]:
        return dict(self._things())

    def _things(self) -> Iterator[tuple[tuple[Section, str], Spot]]:
        """Everything that has a name of its own, and its spot."""
        if services := self._specs.services:
            yield (Section.PROJECT, "project"), services.spot
            for index, service in enumerate(services.spec.services):
                yield (Section.SERVICE, service.name), services.spot / "services" / index
        for events in self._specs.events:
            for name in events.spec.events:
                yield (Section.EVENT, name), events.spot / "events" / name
        yield from self._models()
        for domain in self._specs.domains:
            yield (Section.DOMAIN, f"{domain.service}.{domain.spec.domain}"), domain.spot
            yield from _operations(domain.spec, domain.service, domain.spot)

    def _models(self) -> Iterator[tuple[tuple[Section, str], Spot]]:
        for models in self._specs.models:
            for name, model in models.spec.models.items():
                spot = models.spot / "models" / name
                yield (Section.MODEL, name), spot
                for field, spec in model.fields.items():
                    yield from _enum(name + pascal_case(field), spec, spot / "fields" / field)

    def _sources(self) -> Iterator[Source]:
        for files in (self._specs.models, self._specs.events, self._specs.domains):
            yield from (loaded.source for loaded in files)
        if self._specs.services:
            yield self._specs.services.source


def _operations(spec: DomainFile, service: str, file: Spot) -> Iterator[tuple[tuple[Section, str], Spot]]:
    for name, operation in spec.operations.items():
        spot = file / "operations" / name
        yield (Section.OPERATION, f"{service}.{name}"), spot
        for error in operation.errors:
            yield (Section.ERROR, error), spot / "errors" / error
        for index, param in enumerate(operation.params):
            yield from _enum(pascal_case(name) + pascal_case(param.name), param, spot / "params" / index)


def _enum(name: str, spec: Constrained, spot: Spot) -> Iterator[tuple[tuple[Section, str], Spot]]:
    if spec.values is not None:
        yield (Section.ENUM, name), spot


def _named(item: object) -> str:
    """The name in an entry of a list of parameters."""
    pairs = getattr(item, "value", [])
    return next((value.value for key, value in pairs if key.value == "name"), "")
