"""Words for types in other languages, and what this language calls them."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "int": ("bigint", "int32", "int64", "long", "serial", "short", "smallint", "uint"),
    "float": ("double", "float32", "float64", "real"),
    "decimal": ("money", "numeric"),
    "bool": ("bit",),
    "string": ("char", "character", "text", "varchar"),
    "bytes": ("binary", "blob", "bytea", "byte", "file"),
    "datetime": ("date-time", "date_time", "timestamp", "timestamptz"),
    "duration": ("interval", "period", "timedelta"),
    "uuid": ("guid", "uuid4"),
    "url": ("anyurl", "httpurl", "uri"),
    "email": ("emailstr", "mail"),
    "json": ("any", "jsonb", "jsonvalue", "unknown"),
    "list[T]": ("array", "list", "sequence", "tuple", "vector"),
    "set[T]": ("frozenset", "set"),
    "dict[string, T]": ("dict", "hash", "map", "mapping", "record"),
    "enum, with its values": ("choice", "choices", "literal", "strenum"),
    "T | null": ("nullable", "optional"),
    "one type, or T | null": ("union",),
    "T | null, which needs another type": ("none", "null", "void"),
    "the name of a model": ("class", "model", "object", "ref", "schema", "struct"),
}

_WORDS = {word: ours for ours, words in _SYNONYMS.items() for word in words}
_WORD = re.compile(r"[\w-]+")

_SPELLINGS = (
    (re.compile(r"(\w+)\?\Z"), "{} | null"),
    (re.compile(r"(?!(?:list|set|dict)\b)(\w+)\[\]\Z"), "list[{}]"),
    (re.compile(r"(\w+)\s*\|\s*(?:None|nil|undefined)\Z"), "{} | null"),
)


def leading_word(text: str) -> str:
    """The word that a type begins with, as other languages have words."""
    word = _WORD.match(text)
    return word[0] if word else ""


def foreign_type_hint(text: str) -> str:
    """How the type that `text` begins with in another language is written here; empty if nobody knows."""
    for spelling, ours in _SPELLINGS:
        if found := spelling.match(text.strip()):
            return f"write {ours.format(found[1])}"
    word = _WORDS.get(leading_word(text.strip()).casefold())
    return f"write {word}" if word else ""


def is_foreign_word(word: str) -> bool:
    """Whether a word is a type of another language, and no type here."""
    return word.casefold() in _WORDS and word not in {"dict", "list", "set"}
