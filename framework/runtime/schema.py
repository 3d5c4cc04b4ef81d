"""The base of all generated models, and how messages are read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any, Final, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, TypeAdapter
from pydantic.config import JsonDict
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, to_jsonable_python
from typing_extensions import TypeForm

from framework.runtime.types import NotNull

T = TypeVar("T")


class Schema(BaseModel):
    """A generated model: refuses fields it does not know, and can be built from an object's attributes."""

    model_config = ConfigDict(
        extra="forbid",
        from_attributes=True,
        validate_by_name=True,  # a field that JSON calls `from` is `from_` in Python
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
            elif field.default_factory is not None:
                field.json_schema_extra = partial(_with_default, field)
        return handler(source)


class _Absent:
    """Stands where Pydantic keeps a deprecated method.

    JSON may have a field `copy` or `json`. Reading it from an object's attributes would find that method.
    """

    def __get__(self, instance: object, owner: type) -> NoReturn:
        raise AttributeError("Schema has none of the methods that Pydantic deprecated")


for _name in vars(BaseModel):
    if not _name.startswith(("_", "model_")):
        setattr(Schema, _name, _Absent())


def _is_none(value: object) -> bool:
    return value is None


def _without_default(schema: JsonDict) -> None:
    # Absent is not the same as null, which the field refuses.
    schema.pop("default", None)


def _with_default(field: FieldInfo, schema: JsonDict) -> None:
    # Pydantic shows no default that a function makes. The items of a set have no order of their own.
    value = field.get_default(call_default_factory=True)
    items = to_jsonable_python(value, bytes_mode="base64")
    schema["default"] = sorted(items, key=repr) if isinstance(value, set) else items


_BYTES: Final = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


def _new_adapter(type_: Any) -> TypeAdapter[Any]:
    is_model = isinstance(type_, type) and issubclass(type_, BaseModel)  # which has settings of its own
    return TypeAdapter(type_, config=None if is_model else _BYTES)


_adapter: Callable[[Any], TypeAdapter[Any]] = cache(_new_adapter)


def decode(type_: TypeForm[T], data: bytes | str) -> T:
    """Read JSON that another service wrote: fields unknown here are ignored, so that it may be newer.

    Raises:
        pydantic.ValidationError: the data is no JSON or does not fit the type.
    """
    return decoder(type_)(data)


def decoder(type_: TypeForm[T]) -> Callable[[bytes | str], T]:
    """`decode` for one type, made once for many messages."""
    validator: Any = _adapter(type_).validator
    return partial(validator.validate_json, extra="ignore")


def encode(type_: TypeForm[Any], value: object) -> bytes:
    """Write what a controller returned as JSON: what FastAPI answers with.

    Raises:
        pydantic.ValidationError: it is not of the type that the operation promises.
    """
    adapter = _adapter(type_)
    return adapter.dump_json(adapter.validate_python(value, from_attributes=True), by_alias=True)
