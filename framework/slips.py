"""Values that are wrong where they stand: what is probably meant by them, as far as the keys there tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from framework.gaps import Loc
from framework.habits import LITERALS
from framework.shapes import NO, YES, listed, route_hint
from framework.spec.base import Spec

_AMOUNT = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([kmgt])(?:i?b|i)?\Z", re.IGNORECASE)
_MEBIBYTE = 1 << 20
_PORTS = re.compile(r"(?:[\d.]+:)*\d{1,5}:(\d{1,5})(?:/tcp)?\Z")
_TIME_IN_WORDS = re.compile(
    r"(\d{1,9})\s*(ms|milliseconds?|s|sec|seconds?|m|min|minutes?|h|hours?|d|days?|w|weeks?)\Z", re.IGNORECASE
)
_MILLICORES = re.compile(r"(\d{1,9})m\Z")


def hint_by_key(loc: Loc, value: object) -> str:
    """How to write `value`, which is of the wrong kind, as far as the keys of its place tell."""
    keys = [part for part in loc if isinstance(part, str)]
    key, holder = (keys or [""])[-1], (keys[-2:-1] or [""])[0]
    for names, hint in _BY_KEY:
        if (key in names or holder in names & _MAPPINGS) and (told := hint(key, value)):
            return told
    return ""


def form_hint(kind: str, loc: Loc, value: object) -> str:
    """How to write `value`, whose form is wrong."""
    if kind == "duration":
        return _duration(value)
    if kind != "form":
        return ""
    return _variable(value) if "secrets" in loc else _memory(value)


def literal_hint(spec: type[Spec] | None, loc: Loc, value: object) -> str:
    """What to write instead of `value`, where one of a few words belongs."""
    words = LITERALS.get((spec, str(loc[-1])), {}) if spec and loc else {}
    if isinstance(value, str) and (hint := words.get(value.casefold())):
        return hint
    return hint_by_key(loc, value)


def hint_by_missing(key: str, value: object, missing: Sequence[str]) -> str:
    """How to write an unknown key that is the name of its mapping, which has no `name`: `- id: int`."""
    if "name" not in missing:
        return ""
    return f"write {{name: {key}, type: {value}}}" if isinstance(value, str) else f"write name: {key}"


def missing_hint(key: str, holder: object) -> str:
    """How to write `key`, which the mapping `holder` does not have, if it says so in another way."""
    match holder:
        case {"path": str(path)} if key == "method":
            return route_hint(path)
    return ""


def _type(_: str, value: object) -> str:
    match value:
        case [str(item)] if item.isidentifier():
            return f"a list of them is list[{item}]"
        case [str(item), None | "null"]:
            return f"write {item} | null"
        case [str(), str(), *_]:
            return "a value has one type: write json, or a model with an optional field for each"
        case {"$ref": str(path)}:
            return f"write the name of the model: {path.rpartition('/')[2]}"
        case {"items": {"$ref": str(path)}}:
            return f"write list[{path.rpartition('/')[2]}]"
        case {"items": {"type": str(item)} | str(item)} | {"list": str(item)} | {"array": str(item)}:
            return f"write list[{item}]"
        case {"type": str(item)} | {"model": str(item)}:
            return f"write {item}"
        case {**fields} if fields:
            return "give it a model of its own in shared/spec/models.yaml, and write its name"
    return ""


def _memory(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value >= _MEBIBYTE:
        return f"write {value // _MEBIBYTE}Mi"
    found = _AMOUNT.match(value) if isinstance(value, str) else None
    if not found:
        return ""
    unit = found[2].upper()
    amount = float(found[1]) * {"T": 1024, "G": 1, "M": 1, "K": 1 / 1024}[unit]
    larger = "Mi" if unit in "MK" else "Gi"
    if larger == "Gi" and not amount.is_integer():
        amount, larger = amount * 1024, "Mi"
    return f"write {max(1, round(amount))}{larger}"


def _duration(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return f"write {value}s, if these are seconds"
    found = _TIME_IN_WORDS.match(value) if isinstance(value, str) else None
    if not found:
        return ""
    number, unit = int(found[1]), found[2].casefold()
    if unit.startswith("w"):
        number, unit = number * 7, "d"
    short = f"{number}{'ms' if unit.startswith('mil') or unit == 'ms' else unit[0]}"
    return f"write {short}" if number and short != value else ""


def _database(_: str, value: object) -> str:
    if value is None or value == "none":
        return "write false"
    is_meant = isinstance(value, dict) or (isinstance(value, str) and value.casefold() not in YES | NO)
    return "write true; the setting DATABASE_URL says which database it is" if is_meant else ""


def _port(_: str, value: object) -> str:
    found = _PORTS.match(value) if isinstance(value, str) else None
    return f"write {found[1]}: the port that it listens on" if found else ""


def _cpu(_: str, value: object) -> str:
    millicores = _MILLICORES.match(value) if isinstance(value, str) else None
    return f"write {int(millicores[1]) / 1_000:g}" if millicores else ""


def _variable(value: object) -> str:
    name = re.sub(r"[^A-Za-z0-9]+", "_", value).upper() if isinstance(value, str) else ""
    return f"write {name}" if re.match(r"[A-Z]", name) and name != value else ""


def _calls(_: str, value: object) -> str:
    if not isinstance(value, dict):
        return ""
    called = (
        f"{service}.{name}"
        for service, names in value.items()
        for name in (names if isinstance(names, list) else [names])
    )
    return f"write a list: [{listed(called)}]"


def _awaited(key: str, value: object) -> str:
    if key != "depends_on":
        return "" if isinstance(value, str) else "write service_healthy"
    names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    entries = listed(f"{name}: service_healthy" for name in names if isinstance(name, str))
    return f"write {{{entries}}}" if entries else ""


def _status(key: str, value: object) -> str:
    match value:
        case {"status": int(status)} | {"status_code": int(status)} | {"code": int(status)}:
            return f"write {status}"
        case None:
            return "write the status that REST answers, such as 404"
        case str(name) if key.isdigit() and name.isidentifier():
            return f"write it the other way round: {name}: {key}"
    return ""


def _everything(_: str, value: object) -> str:
    return "write all" if value is True else ""


_BY_KEY: Sequence[tuple[frozenset[str], Callable[[str, object], str]]] = (
    (frozenset({"type", "input", "output"}), _type),
    (frozenset({"cpu"}), _cpu),
    (frozenset({"database"}), _database),
    (frozenset({"port"}), _port),
    (frozenset({"calls"}), _calls),
    (frozenset({"depends_on"}), _awaited),
    (frozenset({"errors"}), _status),
    (frozenset({"optional"}), _everything),
)
"""What is meant by values of the wrong kind at some keys."""

_MAPPINGS = frozenset({"depends_on", "errors"})
"""Those of the keys whose mappings have names of the user's for keys."""
