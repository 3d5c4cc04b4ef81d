"""Types as requests and answers hold them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Generic, TypeVar

from fastapi.exceptions import ResponseValidationError
from pydantic import BaseModel, TypeAdapter, ValidationError
from typing_extensions import TypeForm

T = TypeVar("T")


class WireType(Generic[T]):
    """Reads and writes values of one type.

    What Pydantic needs for it is made when it is first used: a service with a thousand operations starts
    without any of it.
    """

    def __init__(self, annotation: TypeForm[T]) -> None:
        """`annotation` may hold limits, as those of FastAPI's parameters do."""
        self._annotation: Any = annotation
        is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
        self._model = annotation if is_model else None

    @cached_property
    def _adapter(self) -> TypeAdapter[T]:
        return TypeAdapter(self._annotation)

    @cached_property
    def read(self) -> Callable[[object], T]:
        """Make a value from a text of the request, as FastAPI does.

        Raises:
            pydantic.ValidationError: it is none of this type.
        """
        return self._adapter.validator.validate_python

    @cached_property
    def read_json(self) -> Callable[[bytes], Any]:
        """Make a value from a body.

        Raises:
            ValueError: it is no JSON, or none of this type.
        """
        validator: Any = self._adapter.validator
        if not _has_decimals(self._adapter.core_schema):
            return validator.validate_json  # type: ignore[no-any-return]
        # FastAPI has Python parse: there `1.0` has two digits, while Pydantic takes it for `1`.
        return lambda body: validator.validate_python(json.loads(body))

    @cached_property
    def _write_json(self) -> Callable[..., bytes]:
        return self._adapter.serializer.to_json

    def encode(self, value: T) -> bytes:
        """Write what a controller returned as JSON; a model is taken as it is, anything else is checked.

        Raises:
            ResponseValidationError: the controller returned something else than it said.
        """
        if type(value) is not self._model:
            value = self._checked(value)
        return self._write_json(value, by_alias=True)

    def _checked(self, value: T) -> T:
        try:
            return self._adapter.validator.validate_python(value, from_attributes=True)  # type: ignore[no-any-return]
        except ValidationError as error:
            errors = [{**each, "loc": ("response", *each["loc"])} for each in error.errors(include_url=False)]
            raise ResponseValidationError(errors, body=value) from None


def _has_decimals(schema: object) -> bool:
    """Whether a value of Pydantic's core schema holds decimals somewhere."""
    if isinstance(schema, Mapping):
        return schema.get("type") == "decimal" or any(map(_has_decimals, schema.values()))
    return isinstance(schema, list | tuple) and any(map(_has_decimals, schema))
