"""The types of the specs that Python has no exact word for."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema


def _refuse_nul(text: str) -> str:
    # PostgreSQL cannot store it, and would say so only at the flush, as an internal error.
    if "\0" in text:
        raise ValueError("must not contain the NUL character")
    return text


Int64 = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
"""The spec's `int`: what a 64-bit column holds."""

Text = Annotated[str, AfterValidator(_refuse_nul)]
"""The spec's `string`: any text without the NUL character."""


class NotNull:
    """Marks a field that may be absent but not null: `Annotated[T | None, NotNull()] = None`.

    The JSON schema is that of `T`; a JSON null is refused as `T` refuses it. In a `Schema`, a field that is
    None is absent from what is written, too.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        if schema["type"] != "nullable":
            raise TypeError(f"NotNull() marks a type with `| None`, not {source!r}")
        inner: CoreSchema = schema["schema"]
        return inner
