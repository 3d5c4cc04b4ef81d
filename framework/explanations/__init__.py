"""The longer text of each code, for whoever meets it: what it means, why it is refused, wrong and right."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where the texts are: `<code>.md`."""


def explanation(code: str) -> str | None:
    """The text for a code of the catalogue, in Markdown; None if there is none."""
    path = FOLDER / f"{code}.md"
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None
