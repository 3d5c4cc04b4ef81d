"""The steps of a README, done as they are written."""

from __future__ import annotations

import argparse
import ast
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import httpx

FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>yaml|python)\n(?P<code>.*?)^ *```$", re.MULTILINE | re.DOTALL
)
BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
DIFFERENCE = re.compile(r"-(?P<right>.*\n)\+(?P<wrong>.*\n)")
FILE = re.compile(r"`(services\.yml|(?:services|shared)/[\w./]+\.(?:py|yaml))`")


@dataclass(frozen=True)
class Step:
    """A piece of code and the file it belongs into."""

    path: Path
    code: str

    def do(self, project: Path) -> None:
        """Write the code where a reader of the README would."""
        file = project / self.path
        file.write_text(self._added_to(file.read_text() if file.exists() else ""))

    def _added_to(self, text: str) -> str:
        if self.path.suffix in {".yaml", ".yml"} or not text:
            return text + self.code
        if self.code.startswith("from "):
            return _inserted(text, ast.parse(text).body[0], self.code)
        if not self.code.startswith(" "):
            return text + "\n\n" + self.code
        (controller,) = (node for node in ast.parse(text).body if isinstance(node, ast.ClassDef))
        return _inserted(text, controller, self.code)


def _inserted(text: str, after: ast.stmt, code: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join([*lines[: after.end_lineno], "\n", code, *lines[after.end_lineno :]])


def steps(readme: str) -> list[Step]:
    """Find every block of code that follows the name of a file; it belongs into the file named last."""
    found = []
    for block in FENCE.finditer(readme):
        files = FILE.findall(readme[: block.start()])
        code = "".join(line.removeprefix(block["indent"]) for line in block["code"].splitlines(keepends=True))
        found.append(Step(Path(files[-1]), code))
    return found


@dataclass(frozen=True)
class Mistake:
    """A change of one line of a spec that a README shows as wrong, and what it says is told of it."""

    path: Path
    right: str
    wrong: str
    told: str

    def make(self, project: Path) -> None:
        """Change the line."""
        self._replace(project, self.right, self.wrong)

    def cure(self, project: Path) -> None:
        """Change it back."""
        self._replace(project, self.wrong, self.right)

    def _replace(self, project: Path, old: str, new: str) -> None:
        text = (project / self.path).read_text()
        # The last one: the step before has just been done.
        before, found, after = text.rpartition(old)
        assert found, f"{self.path} has no line {old!r}"
        (project / self.path).write_text(before + new + after)


def mistakes(readme: str) -> list[Mistake]:
    """Find every difference of one line, with the plain text block that follows it."""
    found = []
    blocks = list(BLOCK.finditer(readme))
    for number, block in enumerate(blocks):
        if block["language"] == "diff" and (change := DIFFERENCE.fullmatch(block["text"])):
            file = FILE.findall(readme[: block.start()])[-1]
            told = next(each["text"] for each in blocks[number:] if not each["language"])
            found.append(Mistake(Path(file), change["right"], change["wrong"], told))
    return found


def requests(readme: str) -> list[httpx.Request]:
    """Find every call of curl, as the request it makes."""
    curl = argparse.ArgumentParser()
    curl.add_argument("url")
    curl.add_argument("-X", dest="method", default="GET")
    curl.add_argument("-H", dest="headers", action="append", default=[])
    curl.add_argument("-d", dest="content")
    found = []
    # What a command prints stands in blocks without a language.
    commands = BLOCK.sub(lambda block: block[0] if block["language"] else "", readme)
    for line in re.findall(r"^ *curl (.*)$", commands, re.MULTILINE):
        call = curl.parse_args(shlex.split(line))
        headers = [header.split(": ", 1) for header in call.headers]
        url = call.url if "://" in call.url else f"http://{call.url}"
        found.append(httpx.Request(call.method, url, headers=dict(headers), content=call.content))
    return found


def section(readme: str, title: str) -> str:
    """The part of a README below a heading, up to the next."""
    (found,) = re.findall(rf"^## {re.escape(title)}$(.*?)(?=^## |\Z)", readme, re.MULTILINE | re.DOTALL)
    return str(found)


def command(text: str, target: str, action: str, id_: str) -> list[str]:
    """The arguments of `make <target> do="<action> ID"`, which the text must contain, for one id."""
    (found, *_) = re.findall(rf'make ({target} do="{action} ID")', text)
    return [part.replace("ID", id_) for part in shlex.split(found)]
