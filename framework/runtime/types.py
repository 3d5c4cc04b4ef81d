"""The types of the specs that Python has no exact word for."""

from __future__ import annotations

from typing import Annotated, Any, cast

from pydantic import AfterValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema


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

    The JSON schema is that of `T`; a JSON null is refused as `T` refuses it.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        if schema["type"] != "nullable":
            raise TypeError(f"NotNull() marks a type with `| None`, not {source!r}")
        # The default None of an absent field is still written out by a dump of the whole model.
        serialization = core_schema.wrap_serializer_function_ser_schema(
            _serialize_absent, schema=schema["schema"]
        )
        return cast("CoreSchema", {**schema["schema"], "serialization": serialization})


def _serialize_absent(value: Any, serialize: core_schema.SerializerFunctionWrapHandler) -> Any:
    return None if value is None else serialize(value)
