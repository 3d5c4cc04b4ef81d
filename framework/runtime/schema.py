"""The base of all generated models, and how messages are read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter
from typing_extensions import TypeForm

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


_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)


def decode(type_: TypeForm[T], data: bytes | str) -> T:
    """Read JSON that another service wrote: fields unknown here are ignored, so that it may be newer.

    Raises:
        pydantic.ValidationError: the data is no JSON or does not fit the type.
    """
    adapter: TypeAdapter[T] = _adapter(type_)
    return adapter.validate_json(data, extra="ignore")
