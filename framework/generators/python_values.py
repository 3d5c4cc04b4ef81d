"""Values of the specs, which are JSON, as Python expressions of the types that the specs say they have."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from framework.generators.imports import Imports
from framework.generators.python_types import plain
from framework.generators.text import literal
from framework.types import (
    Algebra,
    DictType,
    ListType,
    NullableType,
    Scalar,
    ScalarType,
    SetType,
    Type,
    fold,
    scalars_of,
)

if TYPE_CHECKING:
    from uuid import UUID

    from pydantic import TypeAdapter

Members = Mapping[str, Mapping[str, str]]
"""The names of the members of every enum by their values."""

_Render = Callable[["PythonValues", Any], str]

_DATES = "import datetime as dt"

_OPEN = (NullableType, ListType, SetType, DictType)
"""Types of items of which a type checker does not see from the items alone what they are."""


class PythonValues:
    """Renders the values of one module; what they use is imported by the way."""

    def __init__(self, imports: Imports, members: Members) -> None:
        self._imports = imports
        self._members = members

    def __call__(self, type_: Type, value: Any) -> str:
        """The expression for one value."""
        if isinstance(value, (list, dict)) and Scalar.JSON in scalars_of(type_):
            # A literal would have a narrower type than any JSON.
            self._imports.add("import json")
            return f"json.loads({literal(json.dumps(value))})"
        return "None" if value is None else _renderer(type_)(self, value)

    def factory(self, type_: Type, value: Any) -> str:
        """A function without arguments that makes one value, new each time."""
        if value or type_ == ScalarType(Scalar.JSON):
            return f"lambda: {self._typed(type_, self(type_, value))}"
        return "set" if isinstance(type_, SetType) else type(value).__name__

    def _typed(self, type_: Type, text: str) -> str:
        """A display of items that may be null or empty is one of narrower items, unless its type is said."""
        match type_:
            case ListType(item) | SetType(item) | DictType(item) if isinstance(
                item, _OPEN
            ) and Scalar.JSON not in scalars_of(item):
                said = plain(type_)
                self._imports.add(*said.imports)
                self._imports.add_schemas(said.references)
                return f"{said.text}({text})"
            case _:
                return text

    def member(self, enum: str, value: str) -> str:
        """A member of an enum, by its value."""
        self._imports.add_schemas([enum])
        return f"{enum}.{self._members[enum][value]}"

    def scalar(self, scalar: Scalar, value: Any) -> str:
        """The expression for a value of a scalar."""
        written = _WRITTEN.get(scalar)
        if written is None:
            return literal(value)
        if written.import_statement:
            self._imports.add(written.import_statement)
        return written.render(written.read(value))


@lru_cache(maxsize=16_384)  # parameters of the same types have defaults in domain after domain
def _renderer(type_: Type) -> _Render:
    return fold(type_, _VALUES)


_VALUES: Algebra[_Render] = Algebra(
    scalar=lambda scalar: lambda values, value: values.scalar(scalar, value),
    list=lambda item: lambda values, value: f"[{', '.join([item(values, each) for each in value])}]",
    set=lambda item: lambda values, value: _set([item(values, each) for each in value]),
    dict=lambda item: lambda values, value: _dict({key: item(values, each) for key, each in value.items()}),
    nullable=lambda inner: lambda values, value: "None" if value is None else inner(values, value),
    schema=lambda _: lambda _, value: literal(value),
    enum=lambda name: lambda values, value: values.member(name, value),
    page=lambda _: lambda _, value: literal(value),
)


def timedelta_expression(value: timedelta) -> str:
    """A length of time; the module that it is written into has `import datetime as dt`."""
    if value < timedelta():
        return f"-{timedelta_expression(-value)}"
    parts = {"days": value.days, **_split_seconds(value.seconds), "microseconds": value.microseconds}
    if value.microseconds % 1_000 == 0:
        parts["milliseconds"] = parts.pop("microseconds") // 1_000
    given = (f"{unit}={number}" for unit, number in parts.items() if number)
    return f"dt.timedelta({', '.join(given)})"


def _split_seconds(seconds: int) -> dict[str, int]:
    hours, rest = divmod(seconds, 3_600)
    return {"hours": hours, "minutes": rest // 60, "seconds": rest % 60}


def _date(value: date) -> str:
    return f"dt.date({value.year}, {value.month}, {value.day})"


def _time(value: time) -> str:
    return f"dt.time({_clock(value)}{_zone(value.tzinfo)})"


def _datetime(value: datetime) -> str:
    return f"dt.datetime({value.year}, {value.month}, {value.day}, {_clock(value)}{_zone(value.tzinfo)})"


def _clock(value: time | datetime) -> str:
    parts = [value.hour, value.minute, value.second, value.microsecond]
    while len(parts) > 2 and parts[-1] == 0:
        parts.pop()
    return ", ".join(map(str, parts))


def _zone(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    offset = zone.utcoffset(None) or timedelta()
    return f", tzinfo=dt.timezone({timedelta_expression(offset)})" if offset else ", tzinfo=dt.UTC"


def _set(items: list[str]) -> str:
    return f"{{{', '.join(dict.fromkeys(items))}}}" if items else "set()"


def _dict(items: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{literal(key)}: {item}" for key, item in items.items()) + "}"


class _Written(NamedTuple):
    """How values of a type, which were checked, are read from JSON and written in Python."""

    read: Callable[[Any], Any]
    render: Callable[[Any], str]
    import_statement: str = ""


def _uuid(value: str) -> UUID:
    from uuid import UUID  # takes long, and few specs have any

    return UUID(value)


def _by_pydantic(type_: Any) -> Callable[[Any], Any]:
    return lambda value: _adapter(type_).validate_json(json.dumps(value))


@cache
def _adapter(type_: Any) -> TypeAdapter[Any]:
    from pydantic import ConfigDict, TypeAdapter  # takes long, and few values need it

    return TypeAdapter(type_, config=ConfigDict(val_json_bytes="base64"))


_WRITTEN: Mapping[Scalar, _Written] = {
    Scalar.FLOAT: _Written(float, literal),
    Scalar.DECIMAL: _Written(
        lambda value: Decimal(str(value)), lambda value: f'Decimal("{value}")', "from decimal import Decimal"
    ),
    Scalar.BYTES: _Written(_by_pydantic(bytes), literal),
    Scalar.DATE: _Written(_by_pydantic(date), _date, _DATES),
    Scalar.TIME: _Written(_by_pydantic(time), _time, _DATES),
    Scalar.DATETIME: _Written(_by_pydantic(datetime), _datetime, _DATES),
    Scalar.DURATION: _Written(_by_pydantic(timedelta), timedelta_expression, _DATES),
    Scalar.UUID: _Written(_uuid, lambda value: f'UUID("{value}")', "from uuid import UUID"),
    Scalar.URL: _Written(str, lambda value: f"AnyUrl({literal(value)})", "from pydantic import AnyUrl"),
}
"""The scalars whose values are not written in Python as they are in JSON."""
