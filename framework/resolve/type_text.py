"""The parser of type expressions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from framework.types import (
    SCALAR_TYPES,
    DictType,
    ListType,
    NullableType,
    SetType,
    Type,
)

MAX_NESTING = 16
"""How deep containers may stand in each other."""


Lookup = Callable[[str], Type | None]
"""Gives the type of a name that is no scalar and no container, or None if there is none."""


class TypeMistake(NamedTuple):
    """What is wrong with a type expression, and which of its characters say it."""

    message: str
    start: int
    end: int
    unknown_name: str | None = None


class _Refused(Exception):
    def __init__(self, message: str, token: _Token, unknown_name: str | None = None) -> None:
        self.mistake = TypeMistake(message, token.start, token.end, unknown_name)


_TOKEN = re.compile(r"\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<mark>[\[\],|])|(?P<junk>\S))")


class _Token(NamedTuple):
    text: str
    start: int
    is_name: bool

    @property
    def end(self) -> int:
        return self.start + max(1, len(self.text))


_SIMPLE = re.compile(r"(list\[|set\[|dict\[string, )([A-Za-z_][A-Za-z0-9_]*)\]")
"""What most types are that are no single word: a container of what has a name."""

_CONTAINERS = frozenset({"list", "set", "dict"})


def parse(text: str, lookup: Lookup) -> Type | TypeMistake:
    """Read a type expression such as `list[UserRead] | null`."""
    if (simple := _SIMPLE.fullmatch(text)) and simple[2] not in _CONTAINERS:
        inner = SCALAR_TYPES.get(simple[2]) or lookup(simple[2])
        if inner is not None:
            return _contained(simple[1][:4].rstrip("["), inner)
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

    def __init__(self, text: str, lookup: Lookup) -> None:
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
        if token.text in _CONTAINERS:
            return self._container(token)
        found_type = SCALAR_TYPES.get(token.text) or self._lookup(token.text)
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
        return _contained(token.text, inner)


def _contained(container: str, inner: Type) -> Type:
    if container == "set":
        return SetType(inner)
    return ListType(inner) if container == "list" else DictType(inner)
