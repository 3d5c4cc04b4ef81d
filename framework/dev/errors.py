"""What can go wrong on a developer's machine, in words for the developer."""

from __future__ import annotations

import traceback
from pathlib import Path


class DevelopmentError(Exception):
    """Something that the developer can mend; the message says what it is, and a command prints just that."""


def in_words(error: BaseException, root: Path) -> str:
    """One line for an error of the project's own code: its kind, its words, and where it arose."""
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    kind, words = type(error).__name__, said.strip().split("\n")[0]
    place = _place(error, root)
    return f"{kind}: {words} ({place})" if place else f"{kind}: {words}"


def _place(error: BaseException, root: Path) -> str:
    """The last line of the project's services that an error went through, such as `services/a/src/b.py:3`."""
    passed = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        passed.append((error.filename or "", error.lineno))
    for filename, line in reversed(passed):
        if Path(filename).is_relative_to(root / "services"):
            return f"{Path(filename).relative_to(root)}:{line}"
    return ""
