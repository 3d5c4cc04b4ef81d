"""The types of the specs that Python has no exact word for."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema


def _storable(text: str) -> str:
    # What a database cannot store it would refuse only at the flush, as an internal error.
    if "\0" in text:
        raise ValueError("must not contain the NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must not contain half a surrogate pair") from None
    return text


Int64 = Annotated[int, Field(ge=-(2**63), le=2**63 - 1)]
"""The spec's `int`: what a 64-bit column holds."""

Text = Annotated[str, AfterValidator(_storable)]
"""The spec's `string`: any text that can be stored: no NUL character, no half of a surrogate pair."""


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
