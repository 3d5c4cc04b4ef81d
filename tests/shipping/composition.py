"""Files of Compose as the engine sees them: one laid over the other."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

Composition = dict[str, Any]

_LISTS = {"volumes", "ports", "secrets", "env_file"}
"""What a later file adds to; other lists it replaces."""


def read(infra: Path, *names: str) -> Composition:
    """Read `compose.<name>.yml` of the folder, each over those before it, networks as dictionaries."""
    merged: Composition = {}
    for name in names:
        read = yaml.safe_load((infra / f"compose.{name}.yml").read_text())
        for service in read["services"].values():
            if isinstance(service.get("networks"), list):
                service["networks"] = {network: {} for network in service["networks"]}
        merged = _merged(merged, read)
    return {key: value for key, value in merged.items() if not key.startswith("x-")}


def _merged(below: Any, above: Any, key: str = "") -> Any:
    if isinstance(below, dict) and isinstance(above, dict):
        keys = [*below, *(each for each in above if each not in below)]
        return {each: _merged(below.get(each), above.get(each, below.get(each)), each) for each in keys}
    if isinstance(below, list) and isinstance(above, list) and key in _LISTS and below != above:
        return [*below, *(each for each in above if each not in below)]
    return deepcopy(above)
