"""Text of the specs as text of TypeScript: literals and comments that say the same and break nothing."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Collection
from typing import Any

from framework.generators.text import WIDTH

_HANGING = re.compile(r"\s*(?:[-*] )?")
_TAG = re.compile(r"^(\s*)@")


_JSON = json.JSONEncoder(ensure_ascii=False)


def literal(value: Any) -> str:
    """A literal for JSON-like data."""
    return _JSON.encode(value)


def property_name(name: str) -> str:
    """A name as the key of a property: quoted if it is no identifier."""
    return name if name.isascii() and name.isidentifier() else literal(name)


def doc_comment(text: str, tags: Collection[str] = (), indent: int = 0) -> str:
    """A JSDoc comment whose first line stands `indent` columns from the margin; empty if it says nothing."""
    text = text.strip()
    width = WIDTH - indent - len("/**  */")
    if not tags and len(text) <= width and _is_plain(text):
        return f"/** {text} */" if text else ""
    ends = [_escaped(tag) for tag in tags]
    lines = _lines(text, max(40, width))
    if not lines and not ends:
        return ""
    if len(lines) + len(ends) == 1:
        return f"/** {(lines + ends)[0]} */"
    margin = " " * indent
    body = [*lines, *([""] if lines and ends else []), *ends]
    return "\n".join(["/**", *[f"{margin} * {line}".rstrip() for line in body], f"{margin} */"])


def _is_plain(text: str) -> bool:
    """Whether each character of a text stands for itself in a comment, on one line."""
    return text.isprintable() and "@" not in text and "*/" not in text


def _lines(text: str, width: int) -> list[str]:
    lines = text.expandtabs(4).splitlines()
    if "@" in text or "*/" in text or max(map(len, lines), default=0) > width:
        return [piece for line in lines for piece in _wrapped(line, width)]
    return lines


def _wrapped(line: str, width: int) -> list[str]:
    line = _escaped(line).rstrip()
    if "@" in line:
        # In a comment, what a person wrote must not become a tag.
        line = _TAG.sub(r"\1\\@", line)
    if len(line) <= width:
        return [line]
    hanging = " " * len(_HANGING.match(line).group())  # type: ignore[union-attr]
    return textwrap.wrap(
        line, width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
    )


def _escaped(text: str) -> str:
    return text.replace("*/", "*\\/")
