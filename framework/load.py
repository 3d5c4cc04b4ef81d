"""The files of a project read and validated one by one; a mistake in one does not hide those in others."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from framework import reader
from framework.diagnostics import Diagnostics, Place, did_you_mean
from framework.gaps import Loc
from framework.naming import pascal_case
from framework.plain_spec import PlainSpecs
from framework.source import Source, Spot

if TYPE_CHECKING:
    from framework.spec.base import Known, Spec
    from framework.spec.events import EventsFile
    from framework.spec.models import ModelsFile
    from framework.spec.operations import DomainFile
    from framework.spec.services import ServicesFile

S = TypeVar("S", bound="Spec")

_SHARED = ("models.yaml", "events.yaml")


class _Kind(NamedTuple, Generic[S]):
    """A kind of file: the model that says what is in it, and where that stands."""

    module: str
    name: str

    @property
    def model(self) -> type[S]:
        """The model, which only files that are not plain need, and which takes long to import."""
        model: type[S] = getattr(import_module(f"framework.spec.{self.module}"), self.name)
        return model


_SERVICES: _Kind[ServicesFile] = _Kind("services", "ServicesFile")
_MODELS: _Kind[ModelsFile] = _Kind("models", "ModelsFile")
_EVENTS: _Kind[EventsFile] = _Kind("events", "EventsFile")
_DOMAINS: _Kind[DomainFile] = _Kind("operations", "DomainFile")


class Loaded(NamedTuple, Generic[S]):
    """A file as it was read. `service` is the service that the file belongs to, if it belongs to one."""

    source: Source
    spec: S
    service: str = ""

    @property
    def spot(self) -> Spot:
        """The file as the start of places in it."""
        return Spot(self.source)


class Gap(NamedTuple):
    """A part of the specs that is there and could not be read; `name` is empty for a whole file.

    What refers into a gap is not told as an unknown name: the mistake was told already.
    """

    section: str
    name: str = ""


class Specs(NamedTuple):
    """All files of a project that could be read, in the order of their paths, and the gaps between them."""

    services: Loaded[ServicesFile] | None
    models: tuple[Loaded[ModelsFile], ...]
    events: tuple[Loaded[EventsFile], ...]
    domains: tuple[Loaded[DomainFile], ...]
    gaps: frozenset[Gap]

    def may_have(self, section: str, name: str) -> bool:
        """Whether `name` may be something of `section` that could not be read."""
        return Gap(section) in self.gaps or Gap(section, name) in self.gaps


def load(root: Path) -> tuple[Specs, Diagnostics]:
    """Read every spec of the project at `root`. Mistakes are in the diagnostics; nothing is raised."""
    project = _Project(root)
    project.check_shared()
    specs = Specs(
        services=project.services(),
        models=tuple(project.shared(_MODELS, "models")),
        events=tuple(project.shared(_EVENTS, "events")),
        domains=tuple(project.domains()),
        gaps=frozenset(project.gaps),
    )
    return specs, project.diagnostics


class _Project:
    """Reads the files of one project and remembers what went wrong."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._depth = len(root.parts)
        self._plain = PlainSpecs()
        self._known: Known = {}
        self.diagnostics = Diagnostics()
        self.gaps: set[Gap] = set()

    def services(self) -> Loaded[ServicesFile] | None:
        path = self._root / "services.yml"
        if os.path.lexists(path):
            return self._file(path, _SERVICES, "services")
        self.gaps.add(Gap("services"))
        self.diagnostics.add(
            "missing-file",
            Place("services.yml"),
            "the project has no services.yml",
            hint=self._hint_for_services(),
        )
        return None

    def _hint_for_services(self) -> str:
        if os.path.lexists(self._root / "services.yaml"):
            return "rename services.yaml to services.yml"
        return "run this in the folder of a project, or name it with --root"

    def shared(self, kind: _Kind[S], section: str) -> Iterator[Loaded[S]]:
        folder = self._root / "shared" / "spec"
        found = folder / f"{section}.yaml"
        for path in [*([found] if os.path.lexists(found) else []), *self._specs(folder / section, section)]:
            if loaded := self._file(path, kind, section):
                yield loaded

    def check_shared(self) -> None:
        """Tell of files beside the shared specs that nothing would read."""
        for path in _listed(self._root / "shared" / "spec"):
            if path.suffix in {".yaml", ".yml"} and path.name not in _SHARED:
                message = f"shared specs are {' and '.join(_SHARED)}, and files in folders models and events"
                self._pass_over(path, message, did_you_mean(path.name, _SHARED), "models", "events")

    def domains(self) -> Iterator[Loaded[DomainFile]]:
        for folder in _listed(self._root / "services"):
            for path in self._specs(folder / "spec", "operations"):
                if loaded := self._file(path, _DOMAINS, "operations", folder.name):
                    yield loaded

    def _specs(self, folder: Path, section: str) -> Iterator[Path]:
        """The specs in a folder; what else may be meant as one is told, and what it has is not missed."""
        for path in _listed(folder):
            if path.suffix == ".yaml":
                yield path
            elif path.suffix == ".yml":
                hint = f"rename it to {path.with_suffix('.yaml').name!r}"
                self._pass_over(path, "the names of specs end in .yaml", hint, section)
            elif _listed(path):
                message = f"specs stand in {folder.name!r} itself, not in folders below it"
                self._pass_over(path, message, "", section)

    def _pass_over(self, path: Path, message: str, hint: str, *sections: str) -> None:
        self.gaps.update(map(Gap, sections))
        self.diagnostics.add("file-name", self._place(path), message, hint=hint)

    def _place(self, path: Path) -> Place:
        return Place(self._name(path))

    def _name(self, path: Path) -> str:
        """The path in the project; `relative_to` would look again whether it is there."""
        return "/".join(path.parts[self._depth :])

    def _file(self, path: Path, kind: _Kind[S], section: str, service: str = "") -> Loaded[S] | None:
        read = reader.read(path, self._name(path), self.diagnostics)
        spec = self._read(kind, *read, path) if read else None
        if read is None or spec is None:
            self.gaps.add(Gap(section))
            return None
        source, _ = read
        self.gaps.update(_gaps(source.gaps.lost, section))
        if not source.gaps.lost:
            source.forget()
        return Loaded(source, spec, service)

    def _read(self, kind: _Kind[S], source: Source, data: Any, path: Path) -> S | None:
        plain: S | None = self._plain.read(kind.name, data)
        return self._salvaged(kind.model, source, data, path) if plain is None else plain

    def _salvaged(self, model: type[S], source: Source, data: Any, path: Path) -> S | None:
        if data is None and source.tree.root is None:
            keys = ", ".join(name for name, field in model.model_fields.items() if field.is_required())
            self.diagnostics.add("bad-shape", source.file, "the file is empty", hint=f"it needs {keys}")
            return None
        if data is None and source.gaps.touch(()):
            return None
        from framework.salvage import salvage

        stand_ins = {"version": 2, "domain": path.stem, "services": []}
        return salvage(model, source, data, defaultdict(dict, stand_ins), self._known, self.diagnostics)


def _gaps(lost: Iterable[Loc], section: str) -> Iterator[Gap]:
    """What other files may refer to and was left out of a file."""
    for loc in lost:
        match loc:
            case (top,) if top == section:
                yield Gap(section)
            case (top, str(name)) if top == section:
                yield Gap(section, name)
            case ("models", str(name), "fields" | "variants"):
                yield Gap("models", name)
            case ("models", str(name), "variants", str(variant)):
                yield Gap("types", name + variant)
            case ("models", str(name), "fields", str(field), *_):
                yield Gap("types", name + pascal_case(field))


def _listed(folder: Path) -> list[Path]:
    """What a folder holds, in the order of the names; nothing for what is no folder that can be read."""
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError:
        return []
