"""Files as values: what generation makes, and how a generated file is known again."""

from __future__ import annotations

from dataclasses import dataclass

_BEGINNING = "# Generated from "
_END = " by `make generate-from-spec`. Do not edit."


@dataclass(frozen=True, slots=True)
class File:
    """A file to be: `path` is relative to the project's root, with `/` between its parts.

    A file that is made `once` belongs to the user from then on: it is written where nothing stands, without a
    banner. `landmark` is the path of another file that comes with it: where that stands, the user has
    begun to work, and what they took away is not brought back.
    """

    path: str
    text: str
    once: bool = False
    landmark: str = ""


def banner(source: str) -> str:
    """The first line of a generated file; `source` says where the specs are that it follows from."""
    return f"{_BEGINNING}{source}{_END}"


def has_banner(text: str) -> bool:
    """Tell whether generation made this file, and may therefore replace or delete it."""
    first_line = text.partition("\n")[0].rstrip("\r")
    return first_line.startswith(_BEGINNING) and first_line.endswith(_END)
