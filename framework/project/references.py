"""Who refers to a service that goes: its address, what only it describes, what only it publishes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from framework.files import has_banner

_READ = frozenset({".py", ".ts", ".tsx", ".yaml", ".yml"})
_PUBLISHED = re.compile(r"publish_on_(?:success|error): *([\w.]+)")
_DESCRIBED = "shared/spec/*/{}.yaml"


def services(root: Path) -> frozenset[str]:
    """The names in `services.yml`."""
    listed = _read(root / "services.yml").get("services")
    return frozenset(str(entry.get("name")) for entry in listed or () if isinstance(entry, dict))


def references(after: Path, before: Path, name: str) -> Iterator[str]:
    """Lines of the user's files, as `path:line: text`, that need a service of `before` that `after` lacks."""
    everywhere = re.compile("|".join((rf"\b(?:services|clients)[./]{name}\b", *_described(before, name))))
    in_services = re.compile(rf"\b{name}\.\w+|\b{name}:")
    unheard = _only_published_by(before, name)
    subscribes = re.compile(rf"\bsubscribe: *(?:{'|'.join(unheard)})(?![\w.])" if unheard else r"(?!)")
    for path in sorted(after.rglob("*")):
        place = path.relative_to(after).as_posix()
        if not _is_users(path, place, name):
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            is_reference = everywhere.search(line) or (place == "services.yml" and in_services.search(line))
            if is_reference:
                yield f"{place}:{number}: {line.strip()}"
            elif subscribes.search(line):
                yield f"{place}:{number}: {line.strip()}  (nobody publishes that any more)"


def _is_users(path: Path, place: str, name: str) -> bool:
    """Whether a file is the user's, is read by machines, and has nothing to do with the service itself."""
    if place.startswith((".framework/", ".git/", f"services/{name}/")) or path.suffix not in _READ:
        return False
    return path.is_file() and not has_banner(path.read_text("utf-8", errors="replace"))


def _described(root: Path, name: str) -> Iterator[str]:
    """Patterns of what the service's own models and events are called, in specs and in code."""
    for path in root.glob(_DESCRIBED.format(name)):
        described = _read(path)
        for model in described.get("models") or ():
            yield rf"\b{model}\b"
        for event in described.get("events") or ():
            yield rf"\b{re.escape(event)}(?![\w.])"
            yield rf"\b{re.sub('[^A-Z0-9]', '_', event.upper())}\b"


def _only_published_by(root: Path, name: str) -> list[str]:
    """Patterns of the events that this service publishes and no other does."""
    publishers: dict[str, set[str]] = {}
    for path in root.glob("services/*/spec/**/*.yaml"):
        for event in _PUBLISHED.findall(path.read_text("utf-8", errors="replace")):
            publishers.setdefault(event, set()).add(path.relative_to(root).parts[1])
    for entry in _read(root / "services.yml").get("services") or ():
        for event in entry.get("publishes") or () if isinstance(entry, dict) else ():
            publishers.setdefault(str(event), set()).add(str(entry.get("name")))
    return [re.escape(event) for event, who in sorted(publishers.items()) if who == {name}]


def _read(path: Path) -> dict[str, Any]:
    """What a spec says; nothing if it says nothing that can be understood, which `make lint` tells."""
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    return found if isinstance(found, dict) else {}
