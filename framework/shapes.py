"""Values of the wrong kind: how what they probably mean is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import islice

from framework.habits import MAIN_KEYS
from framework.spec.base import Spec
from framework.spec.models import FieldSpec, VariantSpec
from framework.spec.operations import EventsConfig, PaginateConfig, RestConfig, RetryConfig, ScheduleConfig

YES = frozenset({"yes", "y", "on", "true", "1"})
NO = frozenset({"no", "n", "off", "false", "0"})
_MOST_ITEMS = 5
_TIME = re.compile(r"\d+[a-z]+\Z")
_QUOTED = re.compile(r"[+-]?\d+(?:\.\d+)?\Z")
_ROUTE = re.compile(r"([A-Za-z]+)\s+(/\S*)\Z")


def shape_hint(kind: str, value: object, spec: type[Spec] | None) -> str:
    """How to write `value` where Pydantic's `kind` of error says that it is wrong; empty if nobody knows.

    `spec` is the class of the mapping that belongs here, if one does.
    """
    hint = _HINTS.get(kind)
    return hint(value, spec) if hint else ""


def route_hint(text: str) -> str:
    """How `GET /users` is written; empty if the text is none such."""
    route = _ROUTE.match(text)
    return f'write {{method: {route[1].upper()}, path: "{route[2]}"}}' if route else ""


def listed(items: Iterable[object]) -> str:
    """The first few items as a list of YAML has them; a hint is one line, whatever a file holds."""
    first = list(islice(items, _MOST_ITEMS + 1))
    rest = ["…"] if len(first) > _MOST_ITEMS else []
    return ", ".join([*map(str, first[:_MOST_ITEMS]), *rest])


def _for_text(value: object, _: type[Spec] | None) -> str:
    match value:
        case bool() | int() | float():
            return "quote it to make it a text"
        case [str(item)]:
            return f"write {item}"
    return ""


def _for_truth(value: object, _: type[Spec] | None) -> str:
    word = str(value).lower() if isinstance(value, str | int) else ""
    if word in YES:
        return "write true"
    return "write false" if word in NO else ""


def _for_number(value: object, _: type[Spec] | None) -> str:
    is_quoted = isinstance(value, str) and _QUOTED.match(value)
    return "write the number without quotes" if is_quoted else ""


def _for_list(value: object, spec: type[Spec] | None) -> str:
    match value:
        case None:
            return "write [] for an empty list"
        case str(word):
            return f"write a list: [{word}]"
        case {**entries} if entries and spec is None:
            return f"write a list: [{listed(entries)}]"
        case {**entries} if entries:
            return f"write a list, each item beginning with '- ': - name: {next(iter(entries))}"
    return ""


def _for_mapping(value: object, spec: type[Spec] | None) -> str:
    if spec and (hint := _BY_SPEC.get(spec, _unknown)(value)):
        return hint
    key = MAIN_KEYS.get(spec, "") if spec else ""
    match value:
        case None | str() if key:
            return f"write {{{key}: {value or '…'}}}"
        case None:
            return "write {} for an empty mapping"
        case [str(item) | {"name": str(item)}, *_]:
            return f"write each as a key with its value, without '- ' before it: {item}: …"
        case [*_]:
            return "write each as a key with its value, without '- ' before it"
    return ""


def _rest(value: object) -> str:
    match value:
        case str() if route := route_hint(value):
            return route
        case str() if value.startswith("/"):
            return f'write {{method: GET, path: "{value}"}}'
        case [dict()]:
            return "an operation has one route: write it without '- ' before it"
    return ""


def _schedule(value: object) -> str:
    match value:
        case str() if _TIME.match(value):
            return f"write {{every: {value}}}"
        case str():
            return f'write {{cron: "{value}"}}'
    return ""


def _retry(value: object) -> str:
    match value:
        case [*items]:
            return f"write {{delays: [{listed(items)}]}}"
        case int():
            return "write the time before each try: {delays: [1s, 5s, 30s]}"
    return ""


def _events(value: object) -> str:
    return f"write {{subscribe: {value[0]}}}" if isinstance(value, list) and len(value) == 1 else ""


def _field(value: object) -> str:
    match value:
        case [str(item)] if item.isidentifier():
            return f'write {{type: "list[{item}]"}}'
    return ""


def _variant(value: object) -> str:
    return f"write {{only: [{listed(value)}]}}" if isinstance(value, list) and value else ""


def _paginate(value: object) -> str:
    return "write {key: id}" if value is True else ""


def _unknown(_: object) -> str:
    return ""


_BY_SPEC: Mapping[type[Spec], Callable[[object], str]] = {
    EventsConfig: _events,
    FieldSpec: _field,
    PaginateConfig: _paginate,
    RestConfig: _rest,
    RetryConfig: _retry,
    ScheduleConfig: _schedule,
    VariantSpec: _variant,
}
"""What is meant by values that stand where these belong."""

_HINTS: Mapping[str, Callable[[object, type[Spec] | None], str]] = {
    "string_type": _for_text,
    "bool_type": _for_truth,
    "int_type": _for_number,
    "number_type": _for_number,
    "float_type": _for_number,
    "tuple_type": _for_list,
    "dict_type": _for_mapping,
    "model_type": _for_mapping,
}
