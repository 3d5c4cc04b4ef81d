"""As much of TypeScript as `types.ts` uses, read and held against values."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_COMMENT = re.compile(r"/\*\*.*?\*/", re.DOTALL)
_INTERFACE = re.compile(r"^export interface (\w+) \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_PROPERTY = re.compile(r'^  (\w+|"(?:[^"\\]|\\.)*")(\??): (.*);$', re.MULTILINE)
_ALIAS = re.compile(r"^export type (\w+) = (.*);$", re.MULTILINE)
_ENUM = re.compile(r"^export const (\w+) = \{\n(.*?)^\} as const;", re.MULTILINE | re.DOTALL)
_MEMBER = re.compile(r"^  \w+: (.*),$", re.MULTILINE)
_PRIMITIVES: dict[str, type | tuple[type, ...]] = {"string": str, "number": (int, float), "boolean": bool}


@dataclass(frozen=True)
class Property:
    """A property of an interface."""

    is_optional: bool
    type: str


class Module:
    """A module of types."""

    def __init__(self, text: str) -> None:
        code = _COMMENT.sub("", text)
        self.aliases = dict(_ALIAS.findall(code))
        self.enums = {
            name: {json.loads(value) for value in _MEMBER.findall(body)} for name, body in _ENUM.findall(code)
        }
        self.interfaces = {name: _properties(body) for name, body in _INTERFACE.findall(code)}

    def misfits(self, type_: str, value: Any, place: str = "") -> list[str]:
        """Where a value does not have a type."""
        if type_.endswith(" | null"):
            return [] if value is None else self.misfits(type_.removesuffix(" | null"), value, place)
        if type_.endswith("[]"):
            item = type_.removesuffix("[]").removeprefix("(").removesuffix(")")
            if not isinstance(value, list):
                return [f"{place}: {value!r} is no {type_}"]
            return [
                each for i, part in enumerate(value) for each in self.misfits(item, part, f"{place}[{i}]")
            ]
        if type_.startswith("{ [key: string]: "):
            item = type_.removeprefix("{ [key: string]: ").removesuffix(" }")
            return [each for k, part in value.items() for each in self.misfits(item, part, f"{place}.{k}")]
        if type_ in self.interfaces:
            return self._misfits(type_, value, place)
        if type_ in self.enums:
            return [] if value in self.enums[type_] else [f"{place}: {value!r} is no {type_}"]
        if type_ == "JsonValue":
            return []
        primitive = _PRIMITIVES[self.aliases.get(type_, type_)]
        fits = isinstance(value, primitive) and (primitive is bool or not isinstance(value, bool))
        return [] if fits else [f"{place}: {value!r} is no {type_}"]

    def _misfits(self, name: str, value: dict[str, Any], place: str) -> list[str]:
        properties = self.interfaces[name]
        found = [f"{place}.{key}: not in {name}" for key in value if key not in properties]
        for key, declared in properties.items():
            if key in value:
                found += self.misfits(declared.type, value[key], f"{place}.{key}")
            elif not declared.is_optional:
                found.append(f"{place}.{key}: missing in {name}")
        return found


def _properties(body: str) -> dict[str, Property]:
    return {
        json.loads(name) if name.startswith('"') else name: Property(mark == "?", type_)
        for name, mark, type_ in _PROPERTY.findall(body)
    }
