"""The steps of a project's README, done as they are written."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>yaml|python)\n(?P<code>.*?)^ *```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Step:
    """A piece of code, the file it belongs into, and the class if it is a method."""

    path: Path
    class_name: str | None
    code: str

    def do(self, project: Path) -> None:
        """Write the code where a reader of the README would."""
        file = project / self.path
        text = file.read_text() if file.exists() else ""
        file.write_text(self._added_to(text))

    def _added_to(self, text: str) -> str:
        if self.path.suffix == ".yaml" or not text:
            return text + self.code
        if self.code.startswith("from "):
            return _inserted(text, ast.parse(text).body[0].end_lineno or 0, "\n" + self.code)
        if not self.code.startswith(" "):
            return text + "\n\n" + self.code
        ends = {node.name: node.end_lineno for node in ast.parse(text).body if isinstance(node, ast.ClassDef)}
        return _inserted(text, ends[self.class_name or ""] or 0, "\n" + self.code)


def _inserted(text: str, line: int, addition: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:line], addition, *lines[line:]])


def steps(readme: str) -> list[Step]:
    """Find every block of code, and the file and the class that the text before it names last."""
    found = []
    for block in FENCE.finditer(readme):
        before = readme[: block.start()]
        path = re.findall(r"`(services/[\w./]+\.(?:py|yaml))`", before)[-1]
        classes = re.findall(r"in the class `(\w+)`", before)
        code = "".join(line.removeprefix(block["indent"]) for line in block["code"].splitlines(keepends=True))
        found.append(Step(Path(path), classes[-1] if classes else None, code))
    return found
