"""Enumerations: named after the field or parameter that gives their values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from framework.diagnostics import Diagnostics
from framework.naming import constant_case
from framework.resolve.scope import Scope
from framework.source import Spot, short
from framework.system import Enum
from framework.types import EnumType

if TYPE_CHECKING:
    from framework.spec.models import FieldSpec
    from framework.spec.operations import ParamSpec

_LONGEST = 64
"""Characters of a value: columns of enumerations hold no more, and members are named after it."""

_WORD = re.compile(r"\benum\b")


def declare_enum(name: str, spec: FieldSpec | ParamSpec, spot: Spot, scope: Scope) -> None:
    """Take `name` for the enumeration of a field or parameter, if it has one."""
    is_enum = _WORD.search(spec.type) is not None
    if spec.values is None:
        if is_enum and not spot.may_have("values"):
            message = "an enum needs its values"
            scope.diagnostics.add("bad-enum", spot.key, message, hint="write values: [first, second]")
        return
    if not is_enum:
        scope.diagnostics.add("bad-enum", (spot / "values").key, "only an enum has values")
        return
    members = scope.members.get(spec.values)
    if members is None:
        members = _members(spec.values, spot / "values", scope.diagnostics)
        if members and len(members) == len(spec.values):  # mistakes are told wherever they stand
            scope.members[spec.values] = members
    enum = Enum(name, members)
    if scope.enums.get(name) != enum and scope.declare(name, EnumType(name), spot):
        scope.enums[name] = enum


def _members(values: tuple[str, ...], spot: Spot, diagnostics: Diagnostics) -> tuple[tuple[str, str], ...]:
    members: dict[str, str] = {}
    first: dict[str, int] = {}
    if not values and spot.is_whole:
        diagnostics.add("bad-enum", spot.key, "an enum needs at least one value")
    for index, value in enumerate(values):
        member = constant_case(value)
        if not member or not value.isprintable():
            message = f"{short(value)} cannot be named: a value has letters of the English alphabet or digits"
            diagnostics.add("bad-enum", (spot / index).place, message)
        elif len(value) > _LONGEST:
            message = f"a value has at most {_LONGEST} characters, and this one has {len(value)}"
            diagnostics.add("bad-enum", (spot / index).place, message)
        elif member in members:
            same = "is here twice" if members[member] == value else f"is named {member} like another value"
            related = (spot / first[member]).place
            message = f"{short(value)} {same}"
            diagnostics.add("bad-enum", (spot / index).place, message, related=related, note="the first")
        else:
            members[member] = value
            first[member] = index
    return tuple(members.items())
