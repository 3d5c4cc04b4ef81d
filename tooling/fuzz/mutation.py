"""Specs broken at random: what a person's editor, a bad merge or a malicious file may hold."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import yaml

WORDS = [
    *("", "null", "~", "true", "no", "0", "-1", "1.5", "1e400", "9" * 50, "nan", ".inf", "2024-01-01"),
    *("int", "string", "enum", "list[int]", "list[", "set[json]", "dict[string, User]", "User | null"),
    *("User", "UserRead", "UserCreate", "UserUpdate", "OperationFailed", "Nobody", "UserRole", "all"),
    *("user.created", "user.deleted", "import", "session", "payload", "__class__", "a" * 300, "é", "\u202e"),
    *("/{user_id}", "/{}", "/{a}/{a}", "//", "/..", '/"', "{", "GET", "POST", "path", "query", "header"),
    *("[", "]", "}", "{}", "[]", "- ", "? ", ": ", "&a ", "*a", "!!int ", "|", ">", "'", '"', "#", "%", "@"),
    *("0 3 * * *", "*/5 * * * *", "0 0 31 2 *", "1#2/3", "30s", "Europe/Berlin"),
    *("\t", "\0", "\x85", "\ufeff", "\u2028", "\r\n", "---", "...", "\\", "$(id)", "{{ x }}"),
]
"""What is put in place of something else."""

KEYS = [
    *("type", "default", "optional", "readonly", "values", "ge", "le", "pattern", "min_items", "examples"),
    *("input", "output", "params", "rest", "events", "subscribe", "publish_on_success", "message_model"),
    *(
        "publish_on_error",
        "publishes",
        "transaction",
        "schedule",
        "cron",
        "every",
        "timezone",
        "status",
        "path",
        "name",
        "source",
    ),
    *("message", "key", "kind", "external", "calls", "port", "database", "depends_on", "variants", "only"),
]
"""Keys of the spec language, put where they may not belong."""

TYPES = [
    *("int", "float", "decimal", "bool", "string", "bytes", "date", "time", "datetime", "duration"),
    *("uuid", "email", "url", "json", "list[int]", "set[string]", "dict[string, date]", "list[uuid | null]"),
    *("int | null", "UserRead", "list[UserRead]", "dict[string, list[decimal]]"),
]

PROSE = [
    *("", "Plain.", 'Say """no""".', "ends in a backslash \\", '"', "{braces} and {{ more }}", "a\n\nb"),
    *("# no", "Ünïcode — 漢字", "*/ // <script>", "%s {0} $x", " blanks ", "x" * 300, "'", "\\N{BULLET}"),
]

NAMES = [
    *("id", "name", "date", "time", "datetime", "type", "str", "from", "class", "json", "copy", "schema"),
    *("dt", "field", "self", "value", "model_config", "x1", "a_b_c", "annotations", "uuid", "items"),
]

PLAUSIBLE: list[tuple[str, dict[str, list[Any]]]] = [
    (
        "type",
        {
            "type": TYPES,
            "description": PROSE,
            "default": [0, 1.5, "a", True, None, [], {}, "2024-02-29", "PT1H", "1.10", "https://example.org"],
            **{key: [True, False] for key in ("optional", "readonly", "writeonly", "deprecated", "required")},
            **{key: [0, -5, 10, 1.5] for key in ("ge", "le", "gt", "lt")},
            **{key: [0, 1, 20] for key in ("min_length", "max_length", "min_items", "max_items")},
            "multiple_of": [1, 5, 0.1],
            "pattern": ["^[a-z]+$", "\\d{3}", '"', "'''"],
            "examples": [[1], ["a"], [None], [["a"]], []],
            "source": ["path", "query", "header", "cookie"],
        },
    ),
    (
        "method",
        {
            "method": ["GET", "POST", "PUT", "PATCH", "DELETE"],
            "path": ["", "/x", "/{user_id}", "/a/{id}/b", "/~a.b", "/users"],
            "status": [200, 201, 202, 204, 205],
        },
    ),
    (
        "rest",
        {
            "description": PROSE,
            "input": ["UserCreate", "UserUpdate", "list[UserRead]", "dict[string, int]"],
            "output": ["UserRead", "list[UserRead]", "int", "string | null", "dict[string, json]"],
            **{key: [True, False] for key in ("deprecated", "transaction")},
            "errors": [{"EmailTaken": 409}, {"NotFound": 404, "TooLate": 410}, {"Invalid": 422}],
            "params": [[], [{"name": "limit", "type": "int", "default": 3}]],
        },
    ),
    ("message", {"key": ["id", "name"], "kind": ["state_transfer", "notification"], "external": [True]}),
    ("exclude", {"exclude": [["id"], []], "optional": ["all", [], ["name"]], "only": [["id"], ["name"]]}),
    (
        "subscribe",
        {"retry": [{"delays": ["1s", "5m"]}, {"delays": []}], "publish_on_error": ["user.failed"]},
    ),
]
"""Keys by a key that stands beside them, with values that may well be right: what is sound must be built."""

VALUES: list[Any] = [None, True, 0, -1, 3.5, 10**30, "", "int", "UserRead", [], {}, [None], {"a": 1}, [[1]]]

_UNREADABLE = (yaml.YAMLError, ValueError, IndexError)
"""What PyYAML raises; an IndexError for a tagged number without a digit."""


def mutated(text: str, chance: random.Random) -> bytes:
    """The text of a spec with one to three mistakes in it."""
    for _ in range(chance.choice([1, 1, 2, 3])):
        text = chance.choice(_MUTATIONS)(text, chance)
    data = text.encode("utf-8", "surrogatepass")
    return data if chance.random() > 0.02 else data[: chance.randrange(len(data) + 1)] + b"\xff"


def _in_text(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text) + 1)
    end = min(len(text), start + chance.choice([0, 0, 1, 1, 5, 40]))
    return text[:start] + chance.choice([*WORDS, "\ud800"]) + text[end:]


def _in_lines(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            del lines[first]
        case 1:
            lines.insert(second, lines[first])
        case 2:
            lines[first], lines[second] = lines[second], lines[first]
        case _:
            lines[first] = " " * chance.randrange(6) + lines[first].lstrip()
    return "\n".join(lines)


def _in_word(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    words[chance.randrange(len(words))] = chance.choice(WORDS)
    return " ".join(words)


def _in_tree(text: str, chance: random.Random) -> str:
    """A change of shape, which seldom comes out of changes of the text."""
    try:
        tree = yaml.load(text, yaml.CSafeLoader)
    except _UNREADABLE:
        return text
    collections = [found for found in _collections(tree) if found]
    if not collections:
        return text
    target = chance.choice(collections)
    key = chance.choice(list(target) if isinstance(target, dict) else range(len(target)))
    other = chance.choice(collections)
    value = chance.choice(
        [chance.choice(VALUES), chance.choice(WORDS), _copied(chance.choice(list(_of(other))))]
    )
    if isinstance(target, dict) and chance.random() < 0.4:
        target[chance.choice(KEYS)] = target.pop(key) if chance.random() < 0.5 else value
    elif chance.random() < 0.2:
        del target[key]
    else:
        target[key] = value
    return _dumped(tree)


def _in_language(text: str, chance: random.Random) -> str:
    """A change that may well be sound, or nearly."""
    try:
        tree = yaml.load(text, yaml.CSafeLoader)
    except _UNREADABLE:
        return text
    mappings = [found for found in _collections(tree) if isinstance(found, dict)]
    chance.shuffle(mappings)
    for mapping in mappings:
        if isinstance(fields := mapping.get("fields"), dict) and chance.random() < 0.3:
            fields[chance.choice(NAMES)] = {"type": chance.choice(TYPES)}
            return _dumped(tree)
        for marker, keys in PLAUSIBLE:
            if marker in mapping and chance.random() < 0.5:
                key = chance.choice(list(keys))
                mapping[key] = _copied(chance.choice(keys[key]))
                return _dumped(tree)
    return text


def _of(collection: Any) -> Any:
    return collection.values() if isinstance(collection, dict) else collection


def _copied(value: Any) -> Any:
    # A copy, since the same object twice would be written as an anchor and an alias.
    return yaml.load(_dumped(value), yaml.CSafeLoader)


def _dumped(tree: Any) -> str:
    text = yaml.dump(tree, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True)
    return str(text)


def _collections(tree: Any) -> list[Any]:
    if not isinstance(tree, dict | list):
        return []
    return [tree, *(found for item in _of(tree) for found in _collections(item))]


_MUTATIONS: list[Callable[[str, random.Random], str]] = [
    *(_in_text, _in_lines, _in_word, _in_tree, _in_tree),
    *[_in_language] * 5,
]
