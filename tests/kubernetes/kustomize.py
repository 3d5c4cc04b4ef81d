"""What `kubectl kustomize` makes of a folder, as far as the manifests of projects need it.

Resources, components, generated ConfigMaps and Secrets (without the hash in their names), and a namespace.
Patches and images are the user's, and no project begins with any.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

Object = dict[str, Any]

KNOWN = {
    "apiVersion",
    "kind",
    "namespace",
    "resources",
    "components",
    "configMapGenerator",
    "secretGenerator",
}


def build(folder: Path) -> list[Object]:
    """The objects of a kustomization. Raises ValueError for what kustomize refuses, or is not known here."""
    objects = _build(folder, [])
    names = [(each["kind"], each["metadata"]["name"]) for each in objects]
    if repeated := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"{folder}: there are several of {sorted(repeated)}")
    return objects


def _build(folder: Path, objects: list[Object]) -> list[Object]:
    file = folder / "kustomization.yaml"
    if not file.is_file():
        raise ValueError(f"{file} is missing")
    spec = yaml.safe_load(file.read_text())
    if unknown := spec.keys() - KNOWN:
        raise ValueError(f"{file}: {sorted(unknown)} is not known here")
    objects = [*objects]
    for name in spec.get("resources", []):
        objects += _build(folder / name, []) if (folder / name).is_dir() else _read(folder / name)
    _generate(objects, "ConfigMap", spec.get("configMapGenerator", []))
    _generate(objects, "Secret", spec.get("secretGenerator", []))
    for name in spec.get("components", []):
        objects = _build(folder / name, objects)
    if namespace := spec.get("namespace"):
        for each in objects:
            each["metadata"]["namespace"] = namespace
    return objects


def _read(file: Path) -> list[Object]:
    if not file.is_file():
        raise ValueError(f"{file} is missing")
    return [document for document in yaml.safe_load_all(file.read_text()) if document]


def _generate(objects: list[Object], kind: str, generators: list[Object]) -> None:
    for generator in generators:
        pairs = (each.partition("=")[::2] for key in ("literals", "files") for each in generator.get(key, []))
        data = dict(pairs)
        if generator.get("behavior", "create") == "create":
            metadata = {"name": generator["name"]}
            objects.append({"apiVersion": "v1", "kind": kind, "metadata": metadata, "data": data})
            continue
        merged = [
            each for each in objects if (each["kind"], each["metadata"]["name"]) == (kind, generator["name"])
        ]
        if not merged:
            raise ValueError(f"there is no {kind} {generator['name']} to merge with")
        merged[0]["data"].update(data)
