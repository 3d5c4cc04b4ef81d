"""The folders of services beside the entries of services.yml: what is missing, left behind, or in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from framework.diagnostics import Diagnostics, Place, did_you_mean, nearest
from framework.load import Specs
from framework.output import is_generated
from framework.scaffold.stubs import landmark
from framework.system import Service, ServiceType, System

_LANDMARKS = {landmark(kind): "Python" if kind.is_python else "Node.js" for kind in ServiceType}

_PARTS = frozenset({"spec", "src", "tests", "migrations", "AGENTS.md", "README.md", "pyproject.toml"})
_GENERATED = frozenset({"Dockerfile", "requirements.lock"})
"""What may stand in the folder of a service before it is made; names that begin with a dot may, too."""

_MOST_NAMES = 3


def unmade(root: Path, system: System) -> list[Service]:
    """The services that are listed, and have no code yet."""
    return [
        service
        for service in system.services
        if not (root / "services" / service.name / landmark(service.type)).exists()
    ]


def check_made(root: Path, specs: Specs, system: System, diagnostics: Diagnostics) -> None:
    """Tell of services that are listed, and have no code yet."""
    for service in unmade(root, system):
        message = (
            f"{service.name!r} is not made yet: there is no services/{service.name}/{landmark(service.type)}"
        )
        hint = "run `make sync-services`"
        diagnostics.add("unmade-service", _entry(service, specs), message, hint=hint)


def check_folders(root: Path, specs: Specs, system: System, diagnostics: Diagnostics) -> bool:
    """Tell of folders that services.yml does not list, and of what is in the place of a service.

    Whether what is not made yet could be made.
    """
    is_free = True
    new = {service.name: service for service in unmade(root, system)}
    for service in new.values():
        if found := _in_the_way(root / "services" / service.name, service):
            message = f"services/{service.name} {found}"
            hint = "move it away, or give the service another name or type"
            diagnostics.add("bad-folder", _entry(service, specs), message, hint=hint)
            is_free = False
    for folder in _left(root, system):
        place = Place(f"services/{folder.name}")
        if new:
            _tell_renamed(folder.name, nearest(folder.name, new) or min(new), place, diagnostics)
            is_free = False
        else:
            message = f"services.yml names no service {folder.name!r}, and there is code of one"
            names = [service.name for service in system.services]
            hint = did_you_mean(folder.name, names) or "delete the folder, or write an entry in services.yml"
            diagnostics.add("unlisted-service", place, message, hint=hint)
    return is_free


def _tell_renamed(old: str, new: str, place: Place, diagnostics: Diagnostics) -> None:
    message = f"services.yml names no service {old!r} any more, and {new!r} has no code yet"
    hint = (
        f"if it was renamed: git mv services/{old} services/{new}, and write services.{new} in its code; "
        f"if it was removed: git rm -r services/{old}"
    )
    diagnostics.add("renamed-service", place, message, hint=hint)


def _entry(service: Service, specs: Specs) -> Place:
    """Where services.yml names the service."""
    assert specs.services is not None  # noqa: S101 - or there would be no service
    entries = specs.services.spec.services
    index = next(index for index, entry in enumerate(entries) if entry.name == service.name)
    return (specs.services.spot / "services" / index / "name").place


def _in_the_way(folder: Path, service: Service) -> str:
    """What stands in the place of a new service and does not belong there, as the rest of a sentence."""
    if not folder.is_dir():
        return "is a file" if folder.exists() else ""
    for path, language in _LANDMARKS.items():
        if path != landmark(service.type) and (folder / path).exists():
            return f"has a {path}, as services in {language} do, and services.yml says {service.type.value}"
    names = sorted(path.name for path in folder.iterdir() if path.name not in _PARTS | _GENERATED)
    foreign = [name for name in names if not name.startswith((".", "__"))]
    if not foreign:
        return ""
    rest = f" and {len(foreign) - _MOST_NAMES} more" if len(foreign) > _MOST_NAMES else ""
    return f"holds something else already: {', '.join(foreign[:_MOST_NAMES])}{rest}"


def _left(root: Path, system: System) -> Iterator[Path]:
    """The folders with code of services that are not listed; those with specs are told as such."""
    listed = {service.name for service in system.services}
    for folder in sorted(path for path in root.glob("services/*") if path.is_dir()):
        if folder.name not in listed and not any(folder.glob("spec/*.yaml")) and _has_code(folder):
            yield folder


def _has_code(folder: Path) -> bool:
    if (folder / landmark(ServiceType.NODE)).exists():
        return True
    return any(not is_generated(path.read_bytes()) for path in folder.glob("src/**/*.py"))
