"""The reference of the spec language: rendered from the models that parse the specs, and so always true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args, get_origin

from pydantic import BaseModel

from framework.spec.events import EventSpec
from framework.spec.models import FieldSpec, ModelSpec, VariantSpec
from framework.spec.operations import (
    DomainFile,
    EventsConfig,
    OperationSpec,
    PaginateConfig,
    ParamSpec,
    RestConfig,
    RestDefaults,
    RetryConfig,
    ScheduleConfig,
)
from framework.spec.services import EventSettings, ResourcesSpec, ServiceSpec
from framework.types import Scalar

TYPES = f"""Types, the same everywhere:
  {" ".join(scalar.value for scalar in Scalar)}
  list[T]  set[T]  dict[string, T]  T | null
  enum, with `values: [a, b]`; the field `status` of `Order` gives the class and type OrderStatus
  a model or one of its variants by name: Address, UserRead; `OperationFailed` comes with the runtime
In braces a type with brackets is quoted: {{type: "list[int]"}}.
An int has 64 bits, a decimal at most 15 digits, a string no NUL character. Defaults and examples are
written as in JSON: a duration as P1DT2H, bytes in Base64, a time as 08:30:00. A field or parameter may
be called `from`: in Python it is `from_`."""

SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("shared/spec/models.yaml, models/*.yaml: models: <Name>:", ModelSpec),
    ("models: <Name>: fields: <name>:", FieldSpec),
    ("models: <Name>: variants: <Name>:", VariantSpec),
    ("shared/spec/events.yaml, events/*.yaml: events: <name>:", EventSpec),
    ("services/<service>/spec/<domain>.yaml:", DomainFile),
    ("config: rest:", RestDefaults),
    ("operations: <name>:", OperationSpec),
    ("operations: <name>: params: - (and the limits and `values` of a field)", ParamSpec),
    ("operations: <name>: rest:", RestConfig),
    ("operations: <name>: events:", EventsConfig),
    ("operations: <name>: events: retry:", RetryConfig),
    ("operations: <name>: schedule:", ScheduleConfig),
    ("operations: <name>: paginate:", PaginateConfig),
    ("services.yml: services: -", ServiceSpec),
    ("services.yml: services: - resources:", ResourcesSpec),
    ("services.yml: events:", EventSettings),
)


def reference() -> str:
    """Every key of every file, with what it means."""
    parts = [TYPES, *(f"{title}\n" + "\n".join(_keys(model)) for title, model in SECTIONS)]
    return "\n\n".join(parts) + "\n"


def _keys(model: type[BaseModel]) -> Iterator[str]:
    limits = () if model is FieldSpec else FieldSpec.model_fields
    fields = {
        name: field
        for name, field in model.model_fields.items()
        if name not in limits or name in model.__annotations__
    }
    width = max(map(len, fields)) + 2
    for name, field in fields.items():
        required = " Required." if field.is_required() else ""
        yield f"  {name:<{width}}{field.description}{required}{_choices(field.annotation)}"


def _choices(annotation: object) -> str:
    """The words that may be written, where there is a choice."""
    parts = [annotation] if get_origin(annotation) is Literal else get_args(annotation)
    words = [str(word) for part in parts if get_origin(part) is Literal for word in get_args(part)]
    return f" One of: {', '.join(words)}." if len(words) > 1 else ""
