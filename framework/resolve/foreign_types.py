"""Types of other languages, and what this language calls them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from framework.resolve.type_text import Lookup, TypeMistake, parse
from framework.types import SCALARS

_UNION = "a value has one type: write json, or a model with an optional field for each"

_PLAIN: Mapping[str, tuple[str, ...]] = {
    "int": (
        *("bigint", "fixed32", "fixed64", "int16", "int32", "int64", "int8", "long", "serial", "short"),
        *("sint32", "sint64", "smallint", "strictint", "uint", "uint16", "uint32", "uint64", "uint8"),
    ),
    "float": ("double", "float32", "float64", "real", "strictfloat"),
    "decimal": ("bigdecimal", "currency", "money", "numeric"),
    "bool": ("bit", "strictbool"),
    "string": (
        *("char", "character", "citext", "html", "hostname", "ip", "ipaddress", "ipv4", "ipv6", "markdown"),
        *("password", "phone", "secret", "secretstr", "slug", "strictstr", "text", "varchar", "xml"),
    ),
    "bytes": ("base64", "binary", "blob", "bytea", "byte", "file", "uploadfile"),
    "date": ("localdate",),
    "time": ("localtime", "time-of-day"),
    "datetime": (
        *("awaredatetime", "date-time", "date_time", "instant", "localdatetime", "naivedatetime"),
        *("offsetdatetime", "timestamp", "timestamptz"),
    ),
    "duration": ("interval", "period", "timedelta", "timespan"),
    "uuid": ("guid", "uuid1", "uuid4", "uuid7"),
    "url": ("anyhttpurl", "anyurl", "httpurl", "uri", "uri-reference"),
    "email": ("emailaddress", "emailstr", "mail"),
    "json": ("any", "jsonb", "jsonobject", "jsonvalue", "unknown"),
}
"""Words for one value, by ours."""

_CONTAINERS: Mapping[str, tuple[str, ...]] = {
    "list": ("array", "collection", "deque", "iterable", "list", "repeated", "sequence", "tuple", "vector"),
    "set": ("frozenset", "hashset", "set"),
    "dict": ("dict", "dictionary", "hash", "hashmap", "map", "mapping", "record"),
}
"""Words for several values, by ours."""

_SHAPES = {"list": "list[T]", "set": "set[T]", "dict": "dict[string, T]"}

_OTHERS: Mapping[str, tuple[str, ...]] = {
    "enum, with its values": ("choice", "choices", "const", "intenum", "literal", "strenum"),
    "T | null": ("nullable", "optional"),
    "T | null, which needs another type": ("none", "null", "undefined", "void"),
    "the name of a model": ("basemodel", "class", "model", "object", "ref", "schema", "struct"),
    "int, string or uuid": ("id",),
    "int, and beside it gt: 0": ("positiveint",),
    "int, and beside it ge: 0": ("nonnegativeint",),
    "int, with its limits beside it: ge, gt, le, lt": ("conint",),
    "string, with its limits beside it: min_length, max_length, pattern": ("constr",),
    "list[T], with its limits beside it: min_items, max_items": ("conlist",),
    "the type alone, and its limits beside it: ge, max_length": ("annotated",),
    "the name of a variant, such as UserUpdate": ("omit", "partial", "pick"),
    "the type alone": ("awaitable", "coroutine", "future", "promise"),
    "list[T], and paginate: {key: id} beside it": ("connection", "page", "paginated"),
}
"""Words for what is written in another way here."""

_OURS = {word: ours for ours, words in {**_PLAIN, **_CONTAINERS}.items() for word in words}
_HINTS = {
    **{word: f"write {ours}" for ours, words in {**_PLAIN, **_OTHERS}.items() for word in words},
    **{word: f"write {_SHAPES[ours]}" for ours, words in _CONTAINERS.items() for word in words},
    **dict.fromkeys(("anyof", "either", "oneof", "union"), _UNION),
}
_WORD = re.compile(r"[\w-]+")
_IN_BRACKETS = r"((?:[^][]|\[(?:[^][]|\[[^][]*\])*\])*)"
"""What stands in brackets, with two more pairs in it at most."""

_REWRITINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), ours)
    for pattern, ours in (
        (r"#?/?(?:[\w-]+/)+", ""),  # a reference of JSON Schema
        (r"(?<!\w)(?:[a-z_]\w*\.)+(?=\w)", ""),  # datetime.datetime
        ("!", ""),  # what GraphQL writes for required
        ("<", "["),
        (">", "]"),
        (r"\b(list|array|set|repeated)\s+(?:of\s+)?(\w+)", r"\1[\2]"),
        (r"([\w\]])\s*\|\s*(?:None|nil|undefined)\b", r"\1 | null"),
        (r"\A(?:None|nil|null|undefined)\s*\|\s*([^|]+)\Z", r"\1 | null"),
        (rf"\bUnion\[{_IN_BRACKETS},\s*None\]", r"\1 | null"),
        (rf"\b(?:Optional|Nullable|Maybe)\[{_IN_BRACKETS}\]", r"\1 | null"),
        (r"\b(?!list\b|set\b|dict\b)(\w+)\[\]", r"list[\1]"),
        (r"(?<![\w\]])\[(\w+)\]", r"list[\1]"),  # GraphQL's lists
        (r"([\w\]])\?", r"\1 | null"),
    )
)
_LENGTH = re.compile(r"(?:string|str|text|(?:var)?char)\s*\(\s*(\d+)\s*\)\Z", re.IGNORECASE)
_DIGITS = re.compile(r"(?:decimal|numeric|money)\s*\(", re.IGNORECASE)
_KEY = re.compile(r"([\w\[\]]+),?\s+(optional|readonly|writeonly|deprecated)\Z")
_VARIANT = re.compile(r"([A-Z]\w*)(?:\.|\[)([A-Z]\w*)\]?\Z")


def type_hint(text: str, start: int, lookup: Lookup) -> str:
    """How a type expression that is wrong from `start` on is written here; empty if nobody knows.

    `lookup` gives the types of the names that the specs declare.
    """
    ours = _translation(text)
    if ours != text and not isinstance(parse(ours, lookup), TypeMistake):
        return f"write {ours}"
    return _foreign_hint(text[start:].strip()) or (_UNION if "|" in text else "")


def _translation(text: str) -> str:
    """A type expression of another language in words of this one, as far as they are known."""
    variant = _VARIANT.match(text.strip())
    if variant and not is_foreign_word(variant[1]):
        return f"{variant[1]}{variant[2]}"
    ours = text.strip()
    for pattern, replacement in _REWRITINGS:
        ours = pattern.sub(replacement, ours)
    return _WORD.sub(_translated, ours)


def _translated(word: re.Match[str]) -> str:
    folded = word[0].casefold()
    return SCALARS[folded].value if folded in SCALARS else _OURS.get(folded, word[0])


def leading_word(text: str) -> str:
    """The word that a type begins with, as other languages have words."""
    word = _WORD.match(text)
    return word[0] if word else ""


def _foreign_hint(text: str) -> str:
    """How what a type of another language begins with is written here."""
    if length := _LENGTH.match(text):
        return f"write string, and beside it max_length: {length[1]}"
    if _DIGITS.match(text):
        return "write decimal, and beside it multiple_of: 0.01 for two places"
    if key := _KEY.match(text):
        return f"write {{type: {key[1]}, {key[2]}: true}}"
    if text[:1] in {"'", '"'}:
        return "write enum, with its values"
    return _HINTS.get(leading_word(text).casefold(), "")


def is_foreign_word(word: str) -> bool:
    """Whether a word is a type of another language, and no type here."""
    return word.casefold() in _HINTS and word not in {"dict", "list", "set"}
