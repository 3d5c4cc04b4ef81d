"""Generated Python in its final shape, which is ruff's.

Templates write that shape themselves, but for what depends on the length of a line. So ruff gets the statements
that it may have to break or join, and nothing else; a file in which something else is too long it gets whole.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from ruff import find_ruff_bin  # type: ignore[import-untyped]

from framework.columns import columns
from framework.files import File
from framework.generators.text import WIDTH

_SETTINGS = ("--isolated", "--no-cache", f"--line-length={WIDTH}", "--target-version=py311")
"""Not those of the project: generated files are the same bytes everywhere."""

_ROW = '" "'
"""Between literals that stand in a row, which ruff makes one if that fits into the line."""

_STATEMENT = re.compile(r" *(?:(?:from|import|return|await|async with) |@|\w[\w.]*(?:\(|: | = )).*[^,(\[{]")
"""A line that is a statement, or the head of one."""

_OPEN = (",", "(", "[", "{")
"""What a line ends with when the next one is not the beginning of a statement."""

_QUOTES = '"""'
_STATEMENTS = "statements.py"
_SHAPED = re.compile(r"^ *# begin\n(.*?)\n\s*# end$", re.MULTILINE | re.DOTALL)


class _Draft(NamedTuple):
    """A Python file by its lines; at `loose` stand the statements that are for ruff to shape."""

    lines: list[str]
    loose: list[int]


def formatted(files: Iterable[File]) -> Iterator[File]:
    """The files, Python among them formatted. Raises RuntimeError if one of those is not Python."""
    files = list(files)
    drafts = {file.path: _draft(file.text) for file in files if file.path.endswith(".py")}
    whole = {file.path: file.text for file in files if file.path in drafts and drafts[file.path] is None}
    loose = {draft.lines[index] for draft in drafts.values() if draft for index in draft.loose}
    shaped, whole = _shaped(sorted(loose), whole)
    for file in files:
        draft = drafts.get(file.path)
        if file.path in whole:
            yield file._replace(text=whole[file.path])
        elif draft and draft.loose:
            for index in draft.loose:
                draft.lines[index] = shaped[draft.lines[index]]
            yield file._replace(text="\n".join(draft.lines))
        else:
            yield file


def _draft(text: str) -> _Draft | None:
    """Find what is for ruff to shape; None if that is the text as a whole."""
    lines = text.split("\n")
    measure = len if text.isascii() else columns
    found = [index for index, line in enumerate(lines) if measure(line) > WIDTH or _ROW in line]
    if found:
        docstrings = _docstrings(lines)
        found = [index for index in found if index not in docstrings]
    if all(_is_statement(lines, index) for index in found):
        return _Draft(lines, found)
    return None


def _docstrings(lines: list[str]) -> set[int]:
    """The lines of docstrings: none of them has three quotes but at its beginning and its end."""
    inside: set[int] = set()
    opened: int | None = None
    for index in [index for index, line in enumerate(lines) if _QUOTES in line]:
        line = lines[index].strip()
        if opened is not None:
            inside.update(range(opened, index + 1))
            opened = None
        elif line.startswith(_QUOTES) and line.endswith(_QUOTES) and line != _QUOTES:
            inside.add(index)
        elif line.startswith(_QUOTES):
            opened = index
    return inside


def _is_statement(lines: list[str], index: int) -> bool:
    return not lines[index - 1].endswith(_OPEN) and _STATEMENT.fullmatch(lines[index]) is not None


def _shaped(statements: list[str], whole: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Statements by what they were before, and whole texts by their paths, as ruff shapes them in one call."""
    if not statements and not whole:
        return {}, {}
    with tempfile.TemporaryDirectory(prefix="framework-") as folder:
        drafts = {path: Path(folder, path.replace("/", "~")) for path in whole}
        for path, draft in drafts.items():
            draft.write_bytes(whole[path].encode())
        among = Path(folder, _STATEMENTS)
        among.write_bytes("".join(map(_alone, statements)).encode())
        _format(folder)
        found = _SHAPED.findall(among.read_bytes().decode())
        shaped = {path: draft.read_bytes().decode() for path, draft in drafts.items()}
    return dict(zip(statements, map(_without_rest, statements, found), strict=True)), shaped


def _alone(statement: str) -> str:
    """A module with one statement, as deep as it stands in its own."""
    margin = statement[: -len(statement.lstrip())]
    depths = range(0, len(margin), 4)
    heads = "".join(f"{margin[:depth]}if _:\n" for depth in depths)
    rest = "".join(f"{margin}{line}\n" for line in _rest(statement))
    return f"{heads}{margin}# begin\n{statement}\n{rest}{margin}# end\n"


def _rest(statement: str) -> list[str]:
    """The lines without which a part of a statement is none."""
    if statement.lstrip().startswith("@"):
        return ["def _():", "    pass"]
    return ["    pass"] if statement.endswith(":") else []


def _without_rest(statement: str, shaped: str) -> str:
    kept = len(shaped.split("\n")) - len(_rest(statement))
    return "\n".join(shaped.split("\n")[:kept])


def _format(folder: str) -> None:
    command = [find_ruff_bin(), "format", *_SETTINGS, folder]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    if done.returncode:
        raise RuntimeError(f"generated code could not be formatted:\n{done.stderr}")
