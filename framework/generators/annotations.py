"""Types of the specs as annotations of Python; what they use is imported by the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from framework.generators.imports import Imports
from framework.generators.python_types import PLAIN, PythonName, python, python_imports
from framework.generators.text import literal
from framework.system import Constraints
from framework.types import Scalar, ScalarType, Type, references

_KEYWORDS = {
    "ge": "ge",
    "gt": "gt",
    "le": "le",
    "lt": "lt",
    "multiple_of": "multiple_of",
    "min_length": "min_length",
    "max_length": "max_length",
    "pattern": "pattern",
    "min_items": "min_length",
    "max_items": "max_length",
}
"""Constraints of the specs and the arguments of Pydantic's `Field` that they become."""

_NO_LIMITS = Constraints()


class Annotations:
    """Renders the annotations of one module; `scalars` is `framework.types.PLAIN` or `VALIDATED`."""

    def __init__(self, imports: Imports, scalars: Mapping[Scalar, PythonName] = PLAIN) -> None:
        self._imports = imports
        self._scalars = scalars
        self._rendered: dict[Type, str] = {}

    def __call__(self, type_: Type, *, nullable: bool = False) -> str:
        """The annotation of a type, with `| None` if the value may be null."""
        text = self._rendered.get(type_) or self._render(type_)
        return f"{text} | None" if nullable else text

    def _render(self, type_: Type) -> str:
        self._imports.add(*python_imports(type_, self._scalars))
        self._imports.add_schemas(references(type_))
        text = self._rendered[type_] = python(type_, self._scalars)
        return text

    def with_metadata(self, text: str, metadata: Iterable[str]) -> str:
        """An annotation with metadata, if there is any."""
        parts = [text, *metadata]
        if len(parts) == 1:
            return text
        self._imports.add("from typing import Annotated")
        return f"Annotated[{', '.join(parts)}]"

    def limited(
        self, type_: Type, limits: Constraints, metadata: Iterable[str], *, nullable: bool = False
    ) -> str:
        """An annotation with metadata, which tell of limits if there are any."""
        if type_ != ScalarType(Scalar.STRING) or limits == _NO_LIMITS:
            return self.with_metadata(self(type_, nullable=nullable), metadata)
        self._imports.add("from framework.runtime.types import Storable")
        text = "str | None" if nullable else "str"
        return self.with_metadata(text, [*metadata, "Storable()"])


def constraints(type_: Type, limits: Constraints) -> dict[str, Any]:
    """The arguments of `Field`, `Path` or `Query` that express the constraints of a value."""
    if limits == _NO_LIMITS:
        return {}
    given = {
        keyword: value for name, keyword in _KEYWORDS.items() if (value := getattr(limits, name)) is not None
    }
    if type_ != ScalarType(Scalar.DECIMAL):
        return given
    # A float is not exactly what its digits say.
    return {
        keyword: Decimal(str(value)) if isinstance(value, float) else value
        for keyword, value in given.items()
    }


def call(function: str, arguments: Mapping[str, Any], *rendered: str) -> str:
    """A call with literal keyword arguments, and after them some that are Python already."""
    given = [f"{name}={literal(value)}" for name, value in arguments.items()]
    return f"{function}({', '.join([*given, *rendered])})"
