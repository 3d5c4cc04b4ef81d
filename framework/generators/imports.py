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
        self._statements = set(statements)
        self._schemas: set[str] = set()
        self._errors: set[Error] = set()

    def add(self, *statements: str) -> None:
        """Take statements such as `import datetime as dt` and `from uuid import UUID, uuid4`."""
        self._statements.update(statements)

    def add_schemas(self, names: Iterable[str]) -> None:
        """Take names of the generated schemas and enums."""
        self._schemas.update(names)

    def add_errors(self, errors: Iterable[Error]) -> None:
        """Take errors that operations name."""
        self._errors.update(errors)

    def include(self, others: Imports) -> None:
        """Take what others took; they are of no module themselves."""
        self._statements |= others._statements
        self._schemas |= others._schemas
        self._errors |= others._errors

    def __str__(self) -> str:
        modules: list[str] = []
        names: dict[str, frozenset[str]] = {}
        for statement in self._statements:
            module, given = _parts(statement)
            if given:
                names[module] = names[module] | given if module in names else given
            else:
                modules.append(module)
        if self._schemas:
            names[SCHEMAS] = names.get(SCHEMAS, frozenset()) | self._schemas
        if self._errors:
            names[ERRORS] = names.get(ERRORS, frozenset()).union([error.name for error in self._errors])
        names.pop(self._module, None)
        sections: defaultdict[int, list[str]] = defaultdict(list)
        for module in sorted(modules, key=_natural):
            sections[_section(module)].append(f"import {module}")
        for module in sorted(names, key=_natural):
            sections[_section(module)].append(_statement(module, names[module]))
        return "\n\n".join(["\n".join(sections[section]) for section in sorted(sections)])


@lru_cache(maxsize=16_384)  # module after module imports the same of a library
def _parts(statement: str) -> tuple[str, frozenset[str]]:
    """The module that a statement names, and what is imported from it, if it is not the module itself."""
    if statement.startswith("import "):
        return statement.removeprefix("import "), frozenset()
    module, _, names = statement.removeprefix("from ").partition(" import ")
    return module, frozenset(names.split(", "))


def exported(names: Iterable[str]) -> list[str]:
    """Names in the order of an `__all__`: constants, classes, and the rest; capitals before small letters."""
    return sorted(names, key=lambda name: (_kind(name), _natural(name)))


@lru_cache(maxsize=16_384)
def _statement(module: str, names: frozenset[str]) -> str:
    """One statement for the plain names, in its place among those of the renamed ones."""
    # The keys take more time than all else here, and most modules import one name of another.
    ordered = sorted(names, key=_by_kind) if len(names) > 1 else list(names)
    together = ", ".join(ordered)
    if " as " not in together:
        statement = f"from {module} import {together}"
        return statement if len(statement) <= WIDTH else _exploded(module, ordered)
    plain = [name for name in ordered if " as " not in name]
    together = ", ".join(plain)
    shown = (name for name in ordered if " as " in name or name == plain[0])
    return "\n".join(f"from {module} import {name if ' as ' in name else together}" for name in shown)


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
    natural = _DIGITS.sub(_by_length, name)
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
