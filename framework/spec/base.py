"""What all parts of a spec have in common."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from framework.spec.forms import DURATION, LONGEST, duration, has_controls


class Spec(BaseModel):
    """A mapping of a spec: only known keys, no conversions between kinds of values, immutable.

    What the language has and the runtime has not yet is named in `unsupported_values`, by the key: it is
    refused in other words than a misspelling.
    """

    model_config = ConfigDict(defer_build=True, extra="forbid", frozen=True, strict=True)

    unsupported_values: ClassVar[Mapping[str, frozenset[str]]] = {}


Known = dict[tuple[type[Spec], int], tuple[object, Any]]
"""What values became that were validated, by the identity of each; they are kept, so that it stays theirs."""


class Repeated(Spec):
    """A mapping that says the same in many places. One object, wherever it stands, is validated once.

    What is known is handed to the validation as its context.
    """

    @model_validator(mode="wrap")
    @classmethod
    def _validated_once(
        cls, value: object, validate: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        known: Known | None = info.context
        if known is None:
            return validate(value)
        key = cls, id(value)
        if key not in known:
            known[key] = value, validate(value)
        spec: Self = known[key][1]
        return spec


def _is_number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticCustomError("number_type", "Input should be a number")
    return value


def _without_controls(text: str) -> str:
    if has_controls(text):
        raise PydanticCustomError("control_character", "a text has no control characters")
    return text


def _duration(value: object) -> timedelta:
    length = duration(value) if isinstance(value, str) else None
    if length is None:
        raise PydanticCustomError("duration", "a duration is written like 500ms, 1s, 5m, 2h or 3d")
    if length > LONGEST:
        raise PydanticCustomError("duration", "a duration is at most 3650d")
    return length


Duration = Annotated[
    timedelta, PlainValidator(_duration), WithJsonSchema({"type": "string", "pattern": f"^{DURATION}$"})
]
"""A length of time such as `500ms`, `1s`, `5m`, `2h` or `3d`; from a millisecond to ten years."""

Number = Annotated[int | float, PlainValidator(_is_number), WithJsonSchema({"type": "number"})]
"""A whole or a fractional number, told apart as the file has it."""

Prose = Annotated[str, Field(max_length=10_000), AfterValidator(_without_controls)]
"""Text for people; it is carried into docstrings and OpenAPI."""

NAMES = "x-names"
"""The keyword of JSON Schema for what editors offer here: one of the kinds of names that the project has."""

TypeText = Annotated[
    str, Field(max_length=300, json_schema_extra={NAMES: "type"}), AfterValidator(_without_controls)
]
"""A type expression such as `list[UserRead] | null`."""

Name = Annotated[str, Field(max_length=200)]
"""A name; the rules for its kind are in `framework.naming`."""

SchemaName = Annotated[Name, Field(json_schema_extra={NAMES: "schema"})]
"""The name of a model or of one of its variants."""

VariantName = Annotated[Name, Field(json_schema_extra={NAMES: "variant"})]
"""The name of a variant of a model."""

EventName = Annotated[Name, Field(json_schema_extra={NAMES: "event"})]
"""The name of an event."""

ErrorName = Annotated[Name, Field(json_schema_extra={NAMES: "error"})]
"""The name of an exception that refuses an operation: `EmailTaken`."""

OperationName = Annotated[Name, Field(json_schema_extra={NAMES: "operation"})]
"""The name of an operation behind that of its service: `billing.get_invoice`."""

ServiceName = Annotated[Name, Field(json_schema_extra={NAMES: "service"})]
"""The name of a service, or of a server that is no service of the project."""


def _without_repetition(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        name, _ = Counter(names).most_common(1)[0]
        raise PydanticCustomError("repetition", "{name} stands more than once here", {"name": repr(name)})
    return names


Once = AfterValidator(_without_repetition)
"""Marks a list of which every item says something, since none stands there twice."""

Names = Annotated[tuple[Name, ...], Field(strict=False), Once]
"""A list of names."""

OperationNames = Annotated[tuple[OperationName, ...], Field(strict=False), Once]
"""A list of names of operations."""

EventNames = Annotated[tuple[EventName, ...], Field(strict=False), Once]
"""A list of names of events."""


class Constrained(Repeated):
    """The constraints that a value may have."""

    ge: Number | None = Field(None, description="The least value.")
    gt: Number | None = Field(None, description="All values are greater than this.")
    le: Number | None = Field(None, description="The greatest value.")
    lt: Number | None = Field(None, description="All values are less than this.")
    multiple_of: Number | None = Field(None, description="All values are multiples of this.")
    min_length: int | None = Field(None, ge=0, description="The least number of characters.")
    max_length: int | None = Field(None, ge=0, description="The greatest number of characters.")
    pattern: str | None = Field(
        None, max_length=1_000, description="A regular expression found in the text (Rust's syntax)."
    )
    min_items: int | None = Field(None, ge=0, description="The least number of items.")
    max_items: int | None = Field(None, ge=0, description="The greatest number of items.")
    values: Annotated[tuple[str, ...], Field(strict=False)] | None = Field(
        None, description="The values of an `enum`."
    )
