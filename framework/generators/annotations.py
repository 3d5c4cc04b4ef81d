"""Types of the specs as annotations of Python; what they use is imported by the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Generic, TypeVar

from framework.generators.imports import Imports
from framework.generators.python_types import PythonTypes, plain
from framework.generators.text import literal
from framework.system import NO_LIMITS, Constraints, Param
from framework.types import Scalar, ScalarType, Type

R = TypeVar("R")

_RENAMED = {"min_items": "min_length", "max_items": "max_length"}
_KEYWORDS = tuple(_RENAMED.get(name, name) for name in Constraints._fields)
"""The arguments of Pydantic's `Field` that the constraints of the specs become."""

_DECIMAL = ScalarType(Scalar.DECIMAL)
_STRING = ScalarType(Scalar.STRING)


class Annotations:
    """Renders the annotations of one module; `types` is `plain`, `validated` or `requested`."""

    def __init__(self, imports: Imports, types: PythonTypes = plain) -> None:
        self._imports = imports
        self._types = types

    def __call__(self, type_: Type, *, nullable: bool = False) -> str:
        """The annotation of a type, with `| None` if the value may be null."""
        found = self._types(type_)
        if found.imports:
            self._imports.add(*found.imports)
        if found.references:
            self._imports.add_schemas(found.references)
        return f"{found.text} | None" if nullable else found.text

    def with_metadata(self, text: str, metadata: Sequence[str]) -> str:
        """An annotation with metadata, if there is any."""
        if not metadata:
            return text
        self._imports.add("from typing import Annotated")
        return f"Annotated[{text}, {', '.join(metadata)}]"

    def limited(
        self, type_: Type, limits: Constraints, metadata: Sequence[str], *, nullable: bool = False
    ) -> str:
        """An annotation with metadata, which tell of limits if there are any."""
        if limits == NO_LIMITS or type_ != _STRING:
            return self.with_metadata(self(type_, nullable=nullable), metadata)
        self._imports.add("from framework.runtime.types import Storable")
        text = "str | None" if nullable else "str"
        return self.with_metadata(text, [*metadata, "Storable()"])

    def constraints(self, type_: Type, limits: Constraints) -> dict[str, Any]:
        """The arguments of `Field`, `Path` or `Query` that express the constraints of a value."""
        if limits == NO_LIMITS:
            return {}
        given = {
            keyword: limit for keyword, limit in zip(_KEYWORDS, limits, strict=True) if limit is not None
        }
        if type_ == _DECIMAL:
            return {keyword: self._exact(limit) for keyword, limit in given.items()}
        return given

    def _exact(self, limit: float | str) -> Decimal | float | str:
        """The limit of a decimal; a float is not exactly what its digits say."""
        if not isinstance(limit, float):
            return limit
        self._imports.add("from decimal import Decimal")
        return Decimal(str(limit))


class OfParams(Generic[R]):
    """What each parameter becomes; operations that say the same of one have the same object."""

    def __init__(self, render: Callable[[Param, Imports], R]) -> None:
        self._render = render
        self._known: dict[int, tuple[R, Imports]] = {}

    def __call__(self, param: Param, imports: Imports) -> R:
        """What a parameter becomes in a module; what that uses is imported by the way."""
        known = self._known.get(id(param))
        if known is None:
            used = Imports()
            known = self._known[id(param)] = self._render(param, used), used
        imports.include(known[1])
        return known[0]


def call(function: str, arguments: Mapping[str, Any], *rendered: str) -> str:
    """A call with literal keyword arguments, and after them some that are Python already."""
    given = [f"{name}={literal(value)}" for name, value in arguments.items()]
    return f"{function}({', '.join([*given, *rendered])})"
