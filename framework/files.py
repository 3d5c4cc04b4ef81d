"""Files as values: what generation makes, and how a generated file is known again."""

from __future__ import annotations

import re
from typing import NamedTuple

_COMMENT = r'(?:# |// |<!-- |\{\r?\n *"(?:\$comment|x-generated)": ")'
"""What a banner stands behind: the comment of Python, TypeScript, SVG, or what kinds of JSON have for one."""

_BANNER = re.compile(
    _COMMENT + r'Generated from .* by `make [a-z-]+`\. Do not edit\.(?:",?| -->)?\r?$', re.MULTILINE
)


class File(NamedTuple):
    """A file to be: `path` is relative to the project's root, with `/` between its parts.

    A file that is made `once` belongs to the user from then on: it is written where nothing stands, without a
    banner.
    """

    path: str
    text: str
    once: bool = False


def banner(source: str, comment: str = "# ", target: str = "generate-from-spec") -> str:
    """The first line of a generated file; `source` says where the specs are that it follows from.

    `comment` begins a comment in the file's language. A JSON file has none: the line, begun with nothing, is
    the value of its first member, `$comment` or `x-generated`. `target` is the target of make that made it.
    """
    return f"{comment}Generated from {source} by `make {target}`. Do not edit."


def has_banner(text: str) -> bool:
    """Tell whether generation made this file, and may therefore replace or delete it."""
    return _BANNER.match(text) is not None
