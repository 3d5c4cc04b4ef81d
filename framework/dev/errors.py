"""What can go wrong on a developer's machine, in words for the developer."""

from __future__ import annotations

import traceback
from pathlib import Path


class DevelopmentError(Exception):
    """Something that the developer can mend; the message says what it is, and a command prints just that."""


def in_words(error: BaseException, root: Path) -> str:
    """One line for an error of the project's own code: its kind, its words, and where it arose."""
    kind, words = type(error).__name__, str(error).strip().split("\n")[0]
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(root / "services")
    ]
    place = f" ({Path(frames[-1].filename).relative_to(root)}:{frames[-1].lineno})" if frames else ""
    if isinstance(error, SyntaxError) and error.filename:
        place = f" ({error.filename}:{error.lineno})"
    return f"{kind}: {words}{place}"
