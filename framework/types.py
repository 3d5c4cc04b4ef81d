"""The type language of the specs: its algebra, its parser, the one fold over it and the Python renderer.

A renderer for a target language is an `Algebra` that `fold` is given; nothing else takes a type apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

R = TypeVar("R")

MAX_NESTING = 16
"""How deep containers may stand in each other."""


class Scalar(StrEnum):
    """The scalars of the type language."""

    INT = "int"
    FLOAT = "float"
    DECIMAL = "decimal"
    BOOL = "bool"
    STRING = "string"
    BYTES = "bytes"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    DURATION = "duration"
    UUID = "uuid"
    EMAIL = "email"
    URL = "url"
    JSON = "json"


SCALARS: Mapping[str, Scalar] = {
    **{scalar.value: scalar for scalar in Scalar},
    "str": Scalar.STRING,
    "integer": Scalar.INT,
    "number": Scalar.FLOAT,
    "boolean": Scalar.BOOL,
}
"""The words for scalars, synonyms among them."""


@dataclass(frozen=True, slots=True)
class ScalarType:
    """One of the scalars."""

    scalar: Scalar


@dataclass(frozen=True, slots=True)
class ListType:
    """Values in an order."""

    item: Type


@dataclass(frozen=True, slots=True)
class SetType:
    """Values that differ from each other, in no order."""

    item: Type


@dataclass(frozen=True, slots=True)
class DictType:
    """A mapping; its keys are always strings, as in JSON."""

    value: Type


@dataclass(frozen=True, slots=True)
class NullableType:
    """`T | null` inside a container; at the top of a field it is the field that is nullable."""

    inner: Type


@dataclass(frozen=True, slots=True)
class SchemaType:
    """A model or one of its variants."""

    name: str


@dataclass(frozen=True, slots=True)
class EnumType:
    """A named enumeration."""

    name: str


Type = ScalarType | ListType | SetType | DictType | NullableType | SchemaType | EnumType


@dataclass(frozen=True, slots=True)
class Algebra(Generic[R]):
    """What each construct of the type language becomes; the parts of a construct are given already folded."""

    scalar: Callable[[Scalar], R]
    list: Callable[[R], R]
    set: Callable[[R], R]
    dict: Callable[[R], R]
    nullable: Callable[[R], R]
    schema: Callable[[str], R]
    enum: Callable[[str], R]


def fold(type_: Type, algebra: Algebra[R]) -> R:
    """Take a type apart from the inside out."""
    match type_:
        case ScalarType(scalar):
            return algebra.scalar(scalar)
        case ListType(item):
            return algebra.list(fold(item, algebra))
        case SetType(item):
            return algebra.set(fold(item, algebra))
        case DictType(value):
            return algebra.dict(fold(value, algebra))
        case NullableType(inner):
            return algebra.nullable(fold(inner, algebra))
        case SchemaType(name):
            return algebra.schema(name)
        case EnumType(name):
            return algebra.enum(name)


# --- Python ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class PythonName:
    """A name in generated Python: as it is written in an annotation, and the import it needs, if any."""

    text: str
    import_statement: str = ""


# `import datetime as dt`, so that a field may be called `date`, `time` or `datetime`: in a class body a
# field with a default hides the type of that name from the fields after it.
_DATES: Mapping[Scalar, PythonName] = {
    scalar: PythonName(f"dt.{name}", "import datetime as dt")
    for scalar, name in (
        (Scalar.DATE, "date"),
        (Scalar.TIME, "time"),
        (Scalar.DATETIME, "datetime"),
        (Scalar.DURATION, "timedelta"),
    )
}

PLAIN: Mapping[Scalar, PythonName] = {
    **_DATES,
    Scalar.INT: PythonName("int"),
    Scalar.FLOAT: PythonName("float"),
    Scalar.DECIMAL: PythonName("Decimal", "from decimal import Decimal"),
    Scalar.BOOL: PythonName("bool"),
    Scalar.STRING: PythonName("str"),
    Scalar.BYTES: PythonName("bytes"),
    Scalar.UUID: PythonName("UUID", "from uuid import UUID"),
    Scalar.EMAIL: PythonName("str"),
    Scalar.URL: PythonName("AnyUrl", "from pydantic import AnyUrl"),
    Scalar.JSON: PythonName("JsonValue", "from pydantic import JsonValue"),
}
"""Types that a person writes: protocols, operations, clients."""

VALIDATED: Mapping[Scalar, PythonName] = {
    **PLAIN,
    Scalar.INT: PythonName("Int64", "from framework.runtime.types import Int64"),
    # JSON has no NaN and no infinity, so that a float that is one could be read but never answered.
    Scalar.FLOAT: PythonName("FiniteFloat", "from pydantic import FiniteFloat"),
    Scalar.STRING: PythonName("Text", "from framework.runtime.types import Text"),
    Scalar.EMAIL: PythonName("EmailStr", "from pydantic import EmailStr"),
}
"""Types with the checks that belong to them: fields of schemas, parameters of routes."""


def python(type_: Type, scalars: Mapping[Scalar, PythonName]) -> str:
    """Render an annotation; `scalars` is `PLAIN` or `VALIDATED`."""
    return fold(
        type_,
        Algebra(
            scalar=lambda scalar: scalars[scalar].text,
            list=lambda item: f"list[{item}]",
            set=lambda item: f"set[{item}]",
            dict=lambda value: f"dict[str, {value}]",
            nullable=lambda inner: f"{inner} | None",
            schema=lambda name: name,
            enum=lambda name: name,
        ),
    )


def python_imports(type_: Type, scalars: Mapping[Scalar, PythonName]) -> frozenset[str]:
    """The import statements that the annotation of `type_` needs, those of schemas and enums excepted."""
    found = (scalars[scalar].import_statement for scalar in scalars_of(type_))
    return frozenset(statement for statement in found if statement)


def scalars_of(type_: Type) -> frozenset[Scalar]:
    """Every scalar that occurs in a type."""
    return fold(type_, _collector(scalar=lambda scalar: frozenset({scalar})))


def references(type_: Type) -> frozenset[str]:
    """The names of the schemas and enums that a type refers to."""
    return fold(type_, _collector(name=lambda name: frozenset({name})))


def _collector(
    scalar: Callable[[Scalar], frozenset[R]] = lambda _: frozenset(),
    name: Callable[[str], frozenset[R]] = lambda _: frozenset(),
) -> Algebra[frozenset[R]]:
    def same(inner: frozenset[R]) -> frozenset[R]:
        return inner

    return Algebra(scalar=scalar, list=same, set=same, dict=same, nullable=same, schema=name, enum=name)


# --- the parser -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TypeMistake:
    """What is wrong with a type expression, and which of its characters say it."""

    message: str
    start: int
    end: int
    unknown_name: str | None = None


class _Refused(Exception):
    def __init__(self, message: str, token: _Token, unknown_name: str | None = None) -> None:
        self.mistake = TypeMistake(message, token.start, token.end, unknown_name)


_TOKEN = re.compile(r"\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<mark>[\[\],|])|(?P<junk>\S))")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    is_name: bool

    @property
    def end(self) -> int:
        return self.start + max(1, len(self.text))


def parse(text: str, lookup: Callable[[str], Type | None]) -> Type | TypeMistake:
    """Read a type expression such as `list[UserRead] | null`.

    `lookup` gives the type of a name that is no scalar and no container, or None if there is none.
    """
    try:
        return _Parser(text, lookup).whole()
    except _Refused as refused:
        return refused.mistake


def _tokens(text: str) -> list[_Token]:
    tokens = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        token = _Token(match[kind], match.start(kind), is_name=kind == "name")
        if kind == "junk":
            raise _Refused(f"a type has no character {token.text!r}", token)
        tokens.append(token)
    return tokens


class _Parser:
    """Recursive descent over the tokens of one type expression."""

    def __init__(self, text: str, lookup: Callable[[str], Type | None]) -> None:
        self._tokens = _tokens(text)
        self._end = _Token("", len(text.rstrip()), is_name=False)
        self._lookup = lookup
        self._depth = 0

    def whole(self) -> Type:
        type_ = self._union()
        if (token := self._peek()) is not self._end:
            raise _Refused(f"nothing may follow the type, but {token.text!r} does", token)
        return type_

    def _peek(self) -> _Token:
        return self._tokens[0] if self._tokens else self._end

    def _take(self) -> _Token:
        return self._tokens.pop(0) if self._tokens else self._end

    def _expect(self, mark: str) -> None:
        token = self._take()
        if token.text != mark:
            found = repr(token.text) if token.text else "the end"
            raise _Refused(f"expected {mark!r} and found {found}", token)

    def _union(self) -> Type:
        type_ = self._single()
        while self._peek().text == "|":
            self._take()
            other = self._take()
            if other.text != "null":
                raise _Refused("only null may follow '|'", other)
            type_ = type_ if isinstance(type_, NullableType) else NullableType(type_)
        return type_

    def _single(self) -> Type:
        token = self._take()
        if not token.is_name:
            found = repr(token.text) if token.text else "the end"
            raise _Refused(f"expected a type and found {found}", token)
        if token.text in {"list", "set", "dict"}:
            return self._container(token)
        if token.text in SCALARS:
            return ScalarType(SCALARS[token.text])
        found_type = self._lookup(token.text)
        if found_type is None:
            raise _Refused(f"no type {token.text!r}", token, unknown_name=token.text)
        return found_type

    def _container(self, token: _Token) -> Type:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise _Refused(f"containers nest deeper than {MAX_NESTING}", token)
        self._expect("[")
        if token.text == "dict":
            key = self._take()
            if key.text not in {"string", "str"}:
                raise _Refused("the keys of a dict are strings: dict[string, T]", key)
            self._expect(",")
        inner = self._union()
        self._expect("]")
        self._depth -= 1
        if token.text == "set":
            return SetType(inner)
        return ListType(inner) if token.text == "list" else DictType(inner)
