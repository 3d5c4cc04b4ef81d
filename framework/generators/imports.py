"""The imports of a generated module: collected while its body is made, in the order that ruff wants."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from framework.generators.text import WIDTH
from framework.system import Error

FIRST_PARTY = frozenset({"framework", "services", "shared"})
"""The import roots of a project; its `pyproject.toml` names the same ones."""

SCHEMAS = "shared.generated.schemas"
"""The module that every message is imported from."""

ERRORS = "shared.generated.errors"
"""The module that every error is imported from."""

_DIGITS = re.compile("[0-9]+")


class Imports:
    """What one module imports. A name is imported when something that is written uses it, and only then.

    `module` is the module itself, from which nothing is imported.
    """

    def __init__(self, *statements: str, module: str = "") -> None:
        self._module = module
        self._taken: set[str] = set()
        self._modules: set[str] = set()
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        self.add(*statements)

    def add(self, *statements: str) -> None:
        """Take statements such as `import datetime as dt` and `from uuid import UUID, uuid4`."""
        for statement in statements:
            if statement in self._taken:
                continue
            self._taken.add(statement)
            if statement.startswith("import "):
                self._modules.add(statement.removeprefix("import "))
            else:
                module, _, names = statement.removeprefix("from ").partition(" import ")
                self._names[module].update(names.split(", "))

    def add_schemas(self, names: Iterable[str]) -> None:
        """Take names of the generated schemas and enums."""
        self._names[SCHEMAS].update(names)

    def add_errors(self, errors: Iterable[Error]) -> None:
        """Take errors that operations name."""
        self._names[ERRORS].update(error.name for error in errors)

    def include(self, others: Imports) -> None:
        """Take what others took; they are of no module themselves."""
        self._taken |= others._taken
        self._modules |= others._modules
        for module, names in others._names.items():
            self._names[module] |= names

    def __str__(self) -> str:
        sections: defaultdict[int, list[str]] = defaultdict(list)
        for module in sorted(self._modules, key=_natural):
            sections[_section(module)].append(f"import {module}")
        wanted = {module for module, names in self._names.items() if names and module != self._module}
        for module in sorted(wanted, key=_natural):
            sections[_section(module)].append(_statements(module, frozenset(self._names[module])))
        return "\n\n".join("\n".join(sections[section]) for section in sorted(sections))


def exported(names: Iterable[str]) -> list[str]:
    """Names in the order of an `__all__`: constants, classes, and the rest; capitals before small letters."""
    return sorted(names, key=lambda name: (_kind(name), _natural(name)))


@lru_cache(maxsize=16_384)  # module after module imports the same of a library
def _statements(module: str, names: frozenset[str]) -> str:
    """One statement for the plain names, in its place among those of the renamed ones."""
    ordered = sorted(names, key=_by_kind)
    plain = [name for name in ordered if " as " not in name]
    together = f"from {module} import {', '.join(plain)}"
    if len(plain) == len(ordered):
        return together if len(together) <= WIDTH else _exploded(module, plain)
    shown = (name for name in ordered if " as " in name or name == plain[0])
    return "\n".join(f"from {module} import {name}" if " as " in name else together for name in shown)


def _exploded(module: str, names: Iterable[str]) -> str:
    # Formatting would come to the same, but it would have to take the line apart again.
    lines = ",\n    ".join(names)
    return f"from {module} import (\n    {lines},\n)"


@lru_cache(maxsize=16_384)
def _section(module: str) -> int:
    root = module.partition(" ")[0].partition(".")[0]
    if root == "__future__":
        return 0
    if root in sys.stdlib_module_names:
        return 1
    return 3 if root in FIRST_PARTY else 2


@lru_cache(maxsize=16_384)  # the same names are sorted in module after module
def _by_kind(name: str) -> tuple[int, str, str]:
    natural = _natural(name)
    return _kind(name), natural.lower(), natural


def _kind(name: str) -> int:
    return 0 if len(name) > 1 and name.isupper() else 1 if name[0].isupper() else 2


@lru_cache(maxsize=16_384)
def _natural(name: str) -> str:
    """A key by which `Model2` stands before `Model10`; digits after a leading zero count one by one."""
    return _DIGITS.sub(_by_length, name)


def _by_length(number: re.Match[str]) -> str:
    digits = number[0]
    length = 0 if digits[0] == "0" else len(digits)
    return f"0{chr(length)}{digits}\0"
