"""Requests for an operation, most of them nearly right, as Hypothesis draws them."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Callable, Iterator
from random import Random
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeVar

from hypothesis import strategies as st
from starlette.types import Message

from framework.chaos.samples import Samples
from framework.runtime.pages import PageOrder
from framework.system import Operation, Pagination, Param, ParamRole, ParamSource, System
from framework.types import Algebra, ListType, Scalar, SetType, Type, fold

T = TypeVar("T")

JUNK_TEXTS = (
    *("", " ", "0", "-1", "1.0", "1e400", "NaN", "Infinity", "true", "no", "null", "None", "é", "\U0001f600"),
    *("9223372036854775808", "1" * 5_000, "a\x00b", "0x10", "1_000", "+1", "٣", "2024-02-30", "[1]", '"a"'),
    *("a,b", "%", "&", "\n", "2024-02-29", "12:00", "P1D", "1" * 400 + ".5", "a@b", "\ud800", "low", "red"),
)
EDGES = (0, -1, 1, 5, 10, 100, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 10**400)
ENTITY_TAGS = st.one_of(
    st.integers(-2, 3).map('"{}"'.format),
    st.sampled_from(
        ("*", 'W/"1"', '"1", "2"', ', "1",,W/"x" ', '"a,b"', '""', '"1" "2"', "W/1", '"1', " * ")
    ),
)
FLOATS = (0.0, -0.0, 0.1, 1.5, 1e-7, 1e22, 123456789.123456789, 1e308, 5e-324, float("inf"), float("nan"))

junk = st.one_of(st.sampled_from(JUNK_TEXTS), st.text(max_size=8))

_TEXTS: dict[Scalar, st.SearchStrategy[Any]] = {
    Scalar.INT: st.one_of(st.integers(-20, 120), st.sampled_from(EDGES)),
    Scalar.FLOAT: st.one_of(st.floats(width=32), st.sampled_from(FLOATS), st.integers(-5, 5)),
    Scalar.DECIMAL: st.one_of(
        st.decimals(0, 100, places=2).map(str),
        st.sampled_from(("1.10", "1e2", "1E-2", "0.1", "-0", "12345678901234567890", "NaN", "00.10", "1.")),
        st.integers(0, 100).map(str),
    ),
    Scalar.BOOL: st.sampled_from((True, False)),
    Scalar.STRING: st.one_of(st.text("abcü ", max_size=6), st.text(max_size=4)),
    Scalar.BYTES: st.sampled_from(("AP/+", "AP_-", "YQ==", "YQ", "Y Q=", "é")),
    Scalar.DATE: st.one_of(st.dates().map(str), st.sampled_from(("2024-02-29T00:00:00Z", "1709164800", "0"))),
    Scalar.TIME: st.sampled_from(
        ("08:30", "08:30:00.25", "23:59:59Z", "24:00", "0830", "30000", "12:00+01:00")
    ),
    Scalar.DATETIME: st.one_of(
        st.datetimes().map(lambda moment: f"{moment.isoformat()}Z"),
        st.sampled_from(
            (
                "2024-01-01T00:00:00",
                "2024-01-01 00:00+01:30",
                "1704067200",
                "1704067200.5",
                "0001-01-01T00:00+12:00",
            )
        ),
    ),
    Scalar.DURATION: st.sampled_from(
        ("PT1H", "P1DT2H", "-PT0.5S", "3600", "1 day, 2:00", "PT1H30", "P9999999D", "P1Y")
    ),
    Scalar.UUID: st.one_of(st.uuids().map(str), st.uuids().map(lambda code: "{" + code.hex + "}")),
    Scalar.EMAIL: st.sampled_from(
        ("a@example.org", "A@EXAMPLE.ORG", "Name <a@example.org>", "a@b", "ä@example.org")
    ),
    Scalar.URL: st.sampled_from(
        ("https://example.org", "HTTP://Example.org:80/a b", "ftp://x", "//x", "http://[::1]/")
    ),
    Scalar.JSON: st.recursive(
        st.one_of(
            st.none(), st.booleans(), st.sampled_from(EDGES), st.sampled_from(FLOATS), st.text(max_size=3)
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=2), inner, max_size=3)
        ),
        max_leaves=4,
    ),
}
"""Values of scalars as JSON holds them, valid ones mostly; as text they are parameters."""


class Values:
    """Values of the types of a system, as JSON has them."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._schemas = {schema.name: schema for schema in system.schemas}
        self._enums = {enum.name: [value for _, value in enum.members] for enum in system.enums}
        self._json: dict[Type, st.SearchStrategy[Any]] = {}

    def json(self, type_: Type) -> st.SearchStrategy[Any]:
        """A value of a type, nearly always a valid one."""
        known = self._json.get(type_)
        if known is None:
            known = self._json[type_] = fold(type_, self._algebra)
        return known

    def valid(self, type_: Type) -> st.SearchStrategy[Any]:
        """A value of a type that keeps to all of its limits."""
        return self._sampled(lambda samples: samples.of(type_))

    def text(self, param: Param) -> st.SearchStrategy[str]:
        """A parameter's value, or an item's, as it is written in a request."""
        return self.json(_inner(param.type)).map(_written)

    def valid_text(self, param: Param) -> st.SearchStrategy[str]:
        """The same, within all limits of the parameter."""
        if param.constraints.pattern is not None:
            return st.from_regex(param.constraints.pattern, fullmatch=True)
        if (inner := _inner(param.type)) != param.type:
            return self.valid(inner).map(_written)
        return self._sampled(lambda samples: samples.of_param(param)).map(_written)

    def _sampled(self, sample: Callable[[Samples], Any]) -> st.SearchStrategy[Any]:
        return st.integers(0, 2**32).map(lambda seed: sample(Samples(self._system, Random(seed))))  # noqa: S311

    @property
    def _algebra(self) -> Algebra[st.SearchStrategy[Any]]:
        return Algebra(
            scalar=_TEXTS.__getitem__,
            list=lambda item: st.lists(item, max_size=3),
            set=lambda item: st.lists(item, max_size=3),
            dict=lambda value: st.dictionaries(st.text("ab\x00", max_size=2), value, max_size=2),
            nullable=lambda inner: st.one_of(inner, st.none()),
            schema=lambda name: st.deferred(lambda: self._schema(name)),
            enum=lambda name: st.sampled_from(self._enums[name]),
            page=lambda item: st.fixed_dictionaries(
                {"items": st.lists(item, max_size=3), "next_cursor": st.sampled_from((None, "", "abc"))}
            ),
        )

    def _schema(self, name: str) -> st.SearchStrategy[Any]:
        schema = self._schemas.get(name)
        if schema is None:
            return st.just({})
        required: dict[str, st.SearchStrategy[Any]] = {}
        optional: dict[str, st.SearchStrategy[Any]] = {}
        for field in schema.fields:
            value = st.one_of(self.json(field.type), st.none()) if field.nullable else self.json(field.type)
            (required if field.required else optional)[field.name] = _fitting(field.name, value)
        return st.fixed_dictionaries(required, optional=optional)


def _inner(type_: Type) -> Type:
    return type_.item if isinstance(type_, ListType | SetType) else type_


def _fitting(name: str, value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Limits are met more often than at random."""
    if name == "sizes":
        return st.lists(st.integers(0, 9), min_size=1, max_size=3)
    return st.one_of(value, st.just("abc")) if name == "name" else value


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    try:
        return str(value)
    except ValueError:  # so many digits
        return "1" * 5_000


Texts = Callable[[Param], st.SearchStrategy[str]]
"""How the value of a parameter, or an item of it, is written."""


class Asked(NamedTuple):
    """A request: its scope, and its body as the server hands it over."""

    scope: dict[str, Any]
    messages: tuple[Message, ...]


CONTENT_TYPES = (
    *(b"application/json", b"application/json", b"application/json", b"application/json; charset=utf-8"),
    *(b"Application/JSON", b" application/json ;x", b"application/problem+json", b"text/plain", b"", b"json"),
    *(
        b"application/json, text/html",
        b"application/json/x",
        b"application/x-www-form-urlencoded",
        b"\xff/json",
    ),
)
BODIES = (
    *(b"", b" ", b"null", b"{", b"[]", b"{}", b"1", b'"a"', b"NaN", b"[NaN]", b"[1e400]", b"[-Infinity]"),
    *(b"\xff", b'["\xed\xa0\x80"]', b'["\\ud800"]', b"\xef\xbb\xbf{}", b"[" * 300 + b"]" * 300, b"[1,]"),
    *(
        b"[" * 100_000,
        b'{"a":1}x',
        b"[" + b"1" * 5_000 + b"]",
        b'["\x01"]',
        b"[01]",
        b"[1.0]",
        b"[-0]",
        b"\x00",
    ),
    *('["é"]'.encode("utf-16"), '["é"]'.encode("latin-1"), b"[true]", b'["1"]', b'[" 1 "]', b"[1.5, null]"),
    *(b'{"name": "a", "name": "b"}', b'{"number": 1, "number": 5}', b'{"a": [1], "a": ["x"]}', b"[0.10]"),
)


KEYS = (b"k", b"k-1", b"!~", b"x" * 255, b"", b"x" * 256, b"a b", b"\t", b"\x7f", b"\xfc", b"k\n")

GOOD_PARAMETERS: dict[str, dict[str, str]] = {
    "read_path": {
        "number": "5",
        "share": "1.5",
        "flag": "yes",
        "day": "2024-02-29",
        "moment": "2024-01-01T00:00:00Z",
    },
    "read_more_path": {
        "clock": "08:30",
        "length": "PT1H",
        "code": "6fa459ea-ee8a-3ca4-894e-db77e160355e",
        "contact": "a@example.org",
        "amount": "1.25",
        "level": "low",
        "text": "abc",
    },
    "read_query": {},
    "read_head": {"x-number": "1", "day": "2024-02-29"},
}
"""What the operations of `specs/everything.yaml` must be given."""


def systematic(operation: Operation) -> Iterator[Asked]:
    """A slash too many, another method; each odd text for each parameter, once and twice; each odd body."""
    assert operation.rest is not None
    for method, path in ((operation.rest.method, f"{operation.rest.path}/"), ("HEAD", operation.rest.path)):
        yield Asked({"method": method, "path": path}, ({"type": "http.request"},))
    good = GOOD_PARAMETERS.get(operation.name)
    if good is not None:
        for param in operation.params:
            for text in JUNK_TEXTS:
                yield _with_parameters(operation, [*good.items()], param, [text])
                yield _with_parameters(operation, [*good.items()], param, [text, *good.values(), "1"][:2])
    if operation.input is not None and "{" not in operation.rest.path:
        scope = {"method": operation.rest.method, "path": operation.rest.path}
        for body in BODIES:
            for content_type in dict.fromkeys(CONTENT_TYPES if body == b"[]" else CONTENT_TYPES[:1]):
                headers = [(b"content-type", content_type)]
                yield Asked({**scope, "headers": headers}, ({"type": "http.request", "body": body},))
        yield Asked(scope, ({"type": "http.request", "body": b"[]"},))


def _with_parameters(
    operation: Operation, good: list[tuple[str, str]], odd: Param, texts: list[str]
) -> Asked:
    assert operation.rest is not None
    sources = {param.wire_name: param.source for param in operation.params}
    pairs = [pair for pair in good if pair[0] != odd.wire_name]
    pairs += [(odd.wire_name, text) for text in (texts[:1] if odd.source is ParamSource.PATH else texts)]
    path, query, headers = operation.rest.path, [], []
    for name, text in pairs:
        match sources[name]:
            case ParamSource.PATH:
                path = path.replace(f"{{{name}}}", text)
            case ParamSource.QUERY:
                query.append((name, text))
            case ParamSource.HEADER:
                headers.append((name.encode(), text.encode("latin-1", "replace")))
            case ParamSource.COOKIE:
                headers.append((b"cookie", f"{name}={text}".encode("latin-1", "replace")))
    query_string = urllib.parse.urlencode(query, errors="surrogatepass").encode()
    scope = {"method": operation.rest.method, "path": path, "query_string": query_string, "headers": headers}
    return Asked(scope, ({"type": "http.request"},))


class Requests:
    """Requests for the operations of a system."""

    def __init__(self, system: System) -> None:
        self.values = Values(system)
        self._added: dict[ParamRole | None, st.SearchStrategy[str]] = {
            ParamRole.CURSOR: st.one_of(
                *(
                    self._cursors(operation, operation.pagination)
                    for service in system.services
                    for domain in service.rest_domains
                    for operation in domain.rest_operations
                    if operation.pagination
                )
            ),
            ParamRole.IF_MATCH: ENTITY_TAGS,
            ParamRole.IF_NONE_MATCH: ENTITY_TAGS,
        }
        """The values of parameters that say more than their type."""

    def of(self, operation: Operation) -> st.SearchStrategy[Asked]:
        """Requests for one operation."""

        @st.composite
        def draw_request(draw: st.DrawFn) -> Asked:
            return self._draw(draw, operation)

        return draw_request()

    def _cursors(self, operation: Operation, order: Pagination) -> st.SearchStrategy[str]:
        """Cursors of an operation; few of their values are not of their types."""
        written = PageOrder(
            operation.qualified_name,
            {field.name: Any for field in order.keys},
            descending=order.is_descending,
        )
        values = {field.name: self.values.json(field.type) for field in order.keys}
        return st.fixed_dictionaries(values).map(lambda found: written.cursor(SimpleNamespace(**found)))

    def _draw(self, draw: st.DrawFn, operation: Operation) -> Asked:
        assert operation.rest is not None
        places = {
            source: [each for each in operation.params if each.source is source] for source in ParamSource
        }
        # A wrong part of seven would nearly always hide how the others are read.
        is_valid = draw(st.booleans())
        texts = self._valid_text if is_valid else self._any_text
        headers = [(b"host", b"localhost"), *_headers(draw, places[ParamSource.HEADER], texts)]
        headers += _cookies(draw, places[ParamSource.COOKIE], texts)
        if operation.idempotent:
            keys = draw(st.lists(st.sampled_from(KEYS), max_size=2))
            headers += [(b"idempotency-key", key) for key in keys]
        messages: tuple[Message, ...] = ({"type": "http.request"},)
        if operation.input is not None:
            make = self._valid_body if is_valid else self._any_body
            body = make(draw, operation.input)
            messages = _sent(draw, body)
            content_type = _mostly(draw, st.just(CONTENT_TYPES[0]), st.sampled_from((*CONTENT_TYPES, None)))
            if content_type is not None:
                headers.append((b"content-type", content_type))
            if draw(st.integers(0, 9)) == 0:
                headers.append((b"content-type", b"application/json"))
            length = _mostly(draw, st.just(len(body)), st.sampled_from((0, 99_999, None)))
            if length is not None:
                headers.append((b"content-length", str(length).encode()))
        scope = {
            "method": _mostly(
                draw,
                st.just(operation.rest.method),
                st.sampled_from(("GET", "POST", "HEAD", "PUT", "OPTIONS", "X")),
            ),
            "path": _path(draw, operation.rest.path, places[ParamSource.PATH], texts),
            "query_string": _query(draw, places[ParamSource.QUERY], texts),
            "headers": headers,
        }
        return Asked(scope, messages)

    def _valid_text(self, param: Param) -> st.SearchStrategy[str]:
        return self._added[param.role] if param.role in self._added else self.values.valid_text(param)

    def _any_text(self, param: Param) -> st.SearchStrategy[str]:
        usual = self._added[param.role] if param.role in self._added else self.values.text(param)
        return st.integers(0, 11).flatmap(lambda chance: usual if chance else junk)

    def _valid_body(self, draw: st.DrawFn, type_: Type) -> bytes:
        return _dumped(draw, draw(self.values.valid(type_)))

    def _any_body(self, draw: st.DrawFn, type_: Type) -> bytes:
        value = draw(st.one_of(self.values.json(type_), self.values.valid(type_)))
        if draw(st.integers(0, 3)) == 0:
            value = _spoiled(draw, value)
        return _mostly(draw, st.just(_dumped(draw, value)), st.sampled_from(BODIES), 6)


def _path(draw: st.DrawFn, path: str, params: list[Param], texts: Texts) -> str:
    for param in params:
        text = draw(texts(param)).replace("/", "") or "x"
        path = path.replace(f"{{{param.name}}}", text)
    return _mostly(
        draw, st.just(path), st.sampled_from((f"{path}/", path[:-1], f"/x{path}", f"{path}\n", "/"))
    )


def _given(draw: st.DrawFn, params: list[Param], texts: Texts) -> list[tuple[str, str]]:
    """Names and texts: of nearly all that must be there, of some others, and of some twice."""
    pairs = []
    for param in params:
        times = draw(st.sampled_from((1, 1, 1, 1, 1, 1, 1, 0, 2) if param.required else (0, 0, 1, 1, 2)))
        pairs += [(param.wire_name, draw(texts(param))) for _ in range(times)]
    return pairs


def _query(draw: st.DrawFn, params: list[Param], texts: Texts) -> bytes:
    pairs = [*_given(draw, params, texts), *draw(st.sampled_from(([], [], [], [("x", "1")], [("", "")])))]
    text = urllib.parse.urlencode(pairs, errors="surrogatepass")
    if draw(st.integers(0, 9)) == 0:
        raw = "&".join(f"{name}={value}" for name, value in pairs)
        return raw.encode("utf-8", "replace") + draw(
            st.sampled_from((b"", b"&", b"&&=", b";a=1", b"%zz", b"\xff"))
        )
    return text.encode()


def _headers(draw: st.DrawFn, params: list[Param], texts: Texts) -> list[tuple[bytes, bytes]]:
    pairs = _given(draw, params, texts)
    return [(name.encode(), value.encode("latin-1", "replace")) for name, value in pairs]


def _cookies(draw: st.DrawFn, params: list[Param], texts: Texts) -> list[tuple[bytes, bytes]]:
    pairs = [f"{name}={value}" for name, value in _given(draw, params, texts)]
    if not pairs:
        return []
    cut = draw(st.integers(0, len(pairs)))
    parts = ["; ".join(part) for part in (pairs[:cut], pairs[cut:]) if part]
    odd: Any = draw(st.sampled_from(("", "", "", ";;", "=", 'level="low"', "x")))
    return [(b"cookie", f"{part}{odd}".encode("latin-1", "replace")) for part in parts]


def _sent(draw: st.DrawFn, body: bytes) -> tuple[Message, ...]:
    """A body as a server hands it over; at times its client is gone before the end."""
    ways: tuple[Callable[[], tuple[Message, ...]], ...] = (
        lambda: ({"type": "http.request", "body": body},),
        lambda: tuple(_chunks(body, draw(st.integers(0, len(body))))),
        lambda: ({"type": "http.request", "body": body[:3], "more_body": True},),
        lambda: (),
    )
    return ways[draw(st.sampled_from((0, 0, 0, 0, 0, 0, 1, 1, 2, 3)))]()


def _chunks(body: bytes, cut: int) -> list[Message]:
    return [
        {"type": "http.request", "body": body[:cut], "more_body": True},
        {"type": "http.request", "more_body": True},
        {"type": "http.request", "body": body[cut:], "more_body": False},
    ]


def _dumped(draw: st.DrawFn, value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=draw(st.booleans()), indent=draw(st.sampled_from((None, 1))))
    return text.encode("utf-8", "surrogatepass")


def _spoiled(draw: st.DrawFn, value: Any) -> Any:
    """The value with something in it that does not belong there."""
    odd: Any = draw(
        st.one_of(st.sampled_from((None, True, 0, 1.0, "", "1", [], {}, [None])), _TEXTS[Scalar.JSON])
    )
    if isinstance(value, dict) and value:
        name = draw(st.sampled_from([*value, "unknown"]))
        return {**value, name: odd}
    if isinstance(value, list) and value:
        return [*value[1:], odd if draw(st.booleans()) else _spoiled(draw, value[0])]
    return odd


def _mostly(draw: st.DrawFn, usual: st.SearchStrategy[T], odd: st.SearchStrategy[T], times: int = 11) -> T:
    return draw(odd if draw(st.integers(0, times)) == times else usual)
