"""The base of all generated models, and how messages are read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, TypeAdapter
from pydantic.config import JsonDict
from pydantic_core import CoreSchema
from typing_extensions import TypeForm

from framework.runtime.types import NotNull

T = TypeVar("T")


class Schema(BaseModel):
    """A generated model: refuses fields it does not know, and can be built from an object's attributes."""

    model_config = ConfigDict(
        extra="forbid",
        from_attributes=True,
        allow_inf_nan=False,  # JSON has no word for them
        ser_json_bytes="base64",
        val_json_bytes="base64",
    )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        for field in cls.__pydantic_fields__.values():
            if any(isinstance(mark, NotNull) for mark in field.metadata):
                field.exclude_if = _is_none
                field.json_schema_extra = _without_default
        return handler(source)


def _is_none(value: object) -> bool:
    return value is None


def _without_default(schema: JsonDict) -> None:
    # Absent is not the same as null, which the field refuses.
    schema.pop("default", None)


_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)


def decode(type_: TypeForm[T], data: bytes | str) -> T:
    """Read JSON that another service wrote: fields unknown here are ignored, so that it may be newer.

    Raises:
        pydantic.ValidationError: the data is no JSON or does not fit the type.
    """
    adapter: TypeAdapter[T] = _adapter(type_)
    return adapter.validate_json(data, extra="ignore")
