"""What the log of a service tells about one request."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_RECORD: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_FRAME: Final = re.compile(r'  File "(?P<path>[^"]+)", line (?P<line>\d+)')
_NOT_OURS: Final = ("/.venv", "/.framework/", "/generated/", "/site-packages/")


def error_of(log: Path, root: Path, request_id: str) -> str | None:
    """The error that a request ended with, and where it came from in the code of the project at `root`."""
    if not request_id or not log.exists():
        return None
    lines = log.read_text("utf-8", "replace").splitlines()
    mark = f"request={request_id} "
    begin = next((index for index, line in enumerate(lines) if mark in line and "Exception" in line), None)
    if begin is None:
        return None
    traceback = []
    for line in lines[begin + 1 :]:
        if _RECORD.match(line):
            break
        traceback.append(line)
    words = next((line.strip() for line in reversed(traceback) if _is_error(line)), None)
    place = _place(traceback, root)
    return f"{words} ({place})" if words and place else words


def _is_error(line: str) -> bool:
    """Whether a line of a traceback names an error; others are indented, or go on with its words."""
    return bool(re.match(r"[A-Za-z_][\w.]*(: |Error$|Exception$)", line))


def _place(traceback: list[str], root: Path) -> str | None:
    """The last line of the user's own code that led to the error."""
    frames = [match for line in traceback if (match := _FRAME.match(line))]
    for frame in reversed(frames):
        path = Path(frame["path"])
        if path.is_relative_to(root) and not any(part in f"/{path.relative_to(root)}" for part in _NOT_OURS):
            return f"{path.relative_to(root)}:{frame['line']}"
    return None
