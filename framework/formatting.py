"""Generated Python in its final shape, which is ruff's.

Templates write that shape themselves, but for what depends on the length of a line. Of the statements and the
arguments that may have to be broken or joined, `framework.wrapping` does the plain ones, and ruff gets the
others, and nothing else; a file in which something else is too long it gets whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from framework.columns import columns
from framework.files import File
from framework.generators.text import ROW, WIDTH
from framework.wrapping import wrapped

_SETTINGS = ("--isolated", "--no-cache", f"--line-length={WIDTH}", "--target-version=py311")
"""Not those of the project: generated files are the same bytes everywhere."""

_STATEMENT = re.compile(r" *(?:(?:from|import|return|await|async with) |@|\w[\w.]*(?:\(|: | = )).*[^,(\[{]")
"""A line that is a statement, or the head of one."""

_PARAMETER = re.compile(r" *\w+: .*,")
_ARGUMENT = re.compile(r" *\w+=.*,")

_UNFINISHED = frozenset(",([{")
"""What a line ends with when the next one is not the beginning of a statement."""

_QUOTES = '"""'
_INDENT = 4
_BEGIN, _END = "# begin\n", "# end\n"

_LONG = re.compile(rf"\n[^\n]{{{WIDTH + 1},}}")
_ANY = re.compile(r"\n[^\n]+")
"""Lines, each behind the end of the one before: those with more characters than columns, and all."""


class _Frame(NamedTuple):
    """What a line lacks to be Python by itself: the lines before it, one level out, and those after it."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


_NONE = _Frame()
_DECORATED = _Frame(after=("def _():", "    pass"))
_HEAD = _Frame(after=("    pass",))
_IN_DEFINITION = _Frame(("def _(",), ("):", "    pass"))
_IN_CALL = _Frame(("_(",), (")",))


class _Draft(NamedTuple):
    """A Python file in parts; `loose` are the numbers of those that are lines for ruff to shape."""

    file: File
    parts: list[str]
    loose: dict[int, _Frame]


def formatted(files: Iterable[File]) -> Iterator[File]:
    """The files, Python among them formatted. Raises RuntimeError if one of those is not Python."""
    drafts = [_draft(file) if file.path.endswith(".py") else file for file in files]
    shaped = _shaped(
        {
            draft.parts[number]: frame
            for draft in drafts
            if isinstance(draft, _Draft)
            for number, frame in draft.loose.items()
        }
    )
    for draft in drafts:
        if isinstance(draft, _Draft):
            for number in draft.loose:
                draft.parts[number] = shaped[draft.parts[number]]
            yield draft.file._replace(text="".join(draft.parts))
        else:
            yield draft


def _draft(file: File) -> File | _Draft:
    """The file in its final shape, or what is missing from that."""
    text = file.text
    parts: list[str] = []
    loose: dict[int, _Frame] = {}
    done = 0
    for start, line in _in_question(text):
        is_statement = not start or text[start - 2] not in _UNFINISHED
        parts.append(text[done:start])
        done = start + len(line)
        if is_statement and (shape := wrapped(line)) is not None:
            parts.append(shape)
        elif (frame := _frame(line, is_statement)) is not None:
            loose[len(parts)] = frame
            parts.append(line)
        else:
            return file._replace(text=_ruff(text))
    parts.append(text[done:])
    return _Draft(file, parts, loose) if loose else file._replace(text="".join(parts))


def _in_question(text: str) -> Iterator[tuple[int, str]]:
    """The lines that may have to be broken or joined, and where they begin; no docstrings."""
    # The others are never made into strings, and that is where the time would go.
    is_plain = text.isascii() and ROW not in text
    is_prose, done = False, 0
    for found in (_LONG if is_plain else _ANY).finditer(f"\n{text}"):
        start, line = found.start(), found[0][1:]
        if not (is_plain or columns(line) > WIDTH or ROW in line):
            continue
        if (quotes := text.rfind(_QUOTES, done, start)) >= 0:
            is_prose = _opens_docstring(text, quotes)
        done = start
        if not (is_prose or line.lstrip().startswith(_QUOTES)):
            yield start, line


def _opens_docstring(text: str, quotes: int) -> bool:
    """Whether three quotes do that: there is nothing before them on their line, and something behind them."""
    if text[quotes + len(_QUOTES)] == "\n":
        return False
    return not text[text.rfind("\n", 0, quotes) + 1 : quotes].strip()


def _frame(line: str, is_statement: bool) -> _Frame | None:
    """What one line lacks; None if it is neither a statement nor an argument on a line of its own."""
    if not is_statement:
        if _PARAMETER.fullmatch(line):
            return _IN_DEFINITION
        return _IN_CALL if _ARGUMENT.fullmatch(line) else None
    if not _STATEMENT.fullmatch(line):
        return None
    if line.lstrip().startswith("@"):
        return _DECORATED
    return _HEAD if line.endswith(":") else _NONE


def _shaped(frames: Mapping[str, _Frame]) -> dict[str, str]:
    """Lines by what they were before ruff."""
    if not frames:
        return {}
    ordered = sorted(frames)
    done = _ruff("".join([_alone(line, frames[line]) for line in ordered])).split(_BEGIN)[1:]
    return {line: _without(frames[line], part) for line, part in zip(ordered, done, strict=True)}


def _alone(line: str, frame: _Frame) -> str:
    """A module with one line in its frame, as deep as it stands in its own."""
    depth = len(line) - len(line.lstrip()) - (_INDENT if frame.before else 0)
    heads = [f"{' ' * level}if _:" for level in range(0, depth, _INDENT)]
    margin = " " * depth
    framed = [*(margin + each for each in frame.before), line, *(margin + each for each in frame.after)]
    return "\n".join([*heads, margin + _BEGIN + "\n".join(framed), margin + _END])


def _without(frame: _Frame, part: str) -> str:
    """The line without its frame; `part` is what ruff made of the module, from `_BEGIN` on."""
    lines = part[: part.index(_END)].rstrip().split("\n")
    return "\n".join(lines[len(frame.before) : len(lines) - len(frame.after)])


def _ruff(text: str) -> str:
    # Imported only now: there may be nothing to do for ruff.
    import subprocess

    from ruff import find_ruff_bin  # type: ignore[import-untyped]

    command = [find_ruff_bin(), "format", *_SETTINGS, "-"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"generated code could not be formatted:\n{done.stderr.decode()}")
    return done.stdout.decode()
