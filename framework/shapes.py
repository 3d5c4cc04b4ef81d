"""Values of the wrong kind: how what they probably mean is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from framework.habits import MAIN_KEYS
from framework.spec.base import Spec
from framework.spec.operations import PaginateConfig, RestConfig, RetryConfig, ScheduleConfig

_YES = frozenset({"yes", "y", "on", "true", "1"})
_NO = frozenset({"no", "n", "off", "false", "0"})
_TIME = re.compile(r"\d+[a-z]+\Z")
_MILLICORES = re.compile(r"(\d{1,9})m\Z")
_ROUTE = re.compile(r"([A-Za-z]+)\s+(/\S*)\Z")


def shape_hint(kind: str, value: object, spec: type[Spec] | None) -> str:
    """How to write `value` where Pydantic's `kind` of error says that it is wrong; empty if nobody knows.

    `spec` is the class of the mapping that belongs here, if one does.
    """
    hint = _HINTS.get(kind)
    return hint(value, spec) if hint else ""


def hint_by_key(key: str, value: object) -> str:
    """How to write `value`, which is not the number that it should be, as far as its key tells."""
    if not isinstance(value, str):
        return ""
    if key == "cpu" and (millicores := _MILLICORES.match(value)):
        return f"write {int(millicores[1]) / 1_000:g}"
    return f"write it the other way round: {value}: {key}" if key.isdigit() and value.isidentifier() else ""


def _for_text(value: object, _: type[Spec] | None) -> str:
    match value:
        case bool() | int() | float():
            return "quote it to make it a text"
        case [str(item)] if item.isidentifier():
            return f"a list of them is list[{item}]"
        case [str(item), None | "null"]:
            return f"write {item} | null"
        case {"$ref": str(path)}:
            return f"write the name of the model: {path.rpartition('/')[2]}"
    return ""


def _for_truth(value: object, _: type[Spec] | None) -> str:
    word = str(value).lower() if isinstance(value, str | int) else ""
    if word in _YES:
        return "write true"
    return "write false" if word in _NO else ""


def _for_number(value: object, _: type[Spec] | None) -> str:
    is_quoted = isinstance(value, str) and value.lstrip("+-").isdigit()
    return "write the number without quotes" if is_quoted else ""


def _for_list(value: object, _: type[Spec] | None) -> str:
    match value:
        case None:
            return "write [] for an empty list"
        case str(word):
            return f"write a list: [{word}]"
        case {**entries} if entries:
            return f"write a list, each item beginning with '- ': - name: {next(iter(entries))}"
    return ""


def _for_mapping(value: object, spec: type[Spec] | None) -> str:
    key = MAIN_KEYS.get(spec, "") if spec else ""
    match value:
        case str() if spec is RestConfig and (route := _ROUTE.match(value)):
            return f'write {{method: {route[1].upper()}, path: "{route[2]}"}}'
        case str() if spec is ScheduleConfig:
            return f"write {{every: {value}}}" if _TIME.match(value) else f'write {{cron: "{value}"}}'
        case True if spec is PaginateConfig:
            return "write {key: id}"
        case None | str() if key:
            return f"write {{{key}: {value or '…'}}}"
        case None:
            return "write {} for an empty mapping"
        case [*items] if spec is RetryConfig:
            return f"write {{delays: [{', '.join(map(str, items))}]}}"
        case int() if spec is RetryConfig:
            return "write the time before each try: {delays: [1s, 5s, 30s]}"
        case [str(item), *_]:
            return f"write each as a key with its value, without '- ' before it: {item}: …"
        case [*_]:
            return "write each as a key with its value, without '- ' before it"
    return ""


_HINTS: Mapping[str, Callable[[object, type[Spec] | None], str]] = {
    "string_type": _for_text,
    "bool_type": _for_truth,
    "int_type": _for_number,
    "number_type": _for_number,
    "tuple_type": _for_list,
    "dict_type": _for_mapping,
    "model_type": _for_mapping,
}
