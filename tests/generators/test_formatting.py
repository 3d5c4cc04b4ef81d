"""Generated code has the shape that ruff gives it, although ruff sees little of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from ruff import find_ruff_bin  # type: ignore[import-untyped]

from framework.files import File
from framework.formatting import formatted
from framework.generators.text import WIDTH
from framework.plan import plan
from tests.compiler.projects import write
from tests.generators.cases import FOLDERS, NAMES

TEXTS = {
    "words": "word " * 40,
    "a word": "x" * 200,
    "quotes": 'it\'s "so" ' * 20,
    "double quotes": '"a" ' * 50,
    "backslashes": "\\d+ " * 50,
    "brackets": "list[int], {a: (b)} " * 10,
    "wide": "漢 字 " * 40,
    "accents": "Привет é " * 20,
    "code": "x = call(1, 2)\n    await other(3)  # no\n" * 5,
}
LENGTHS = range(1, 150, 3)


def unshaped(root: Path) -> str:
    """What ruff would change in the Python files below `root`."""
    command = [find_ruff_bin(), "format", "--isolated", "--no-cache", f"--line-length={WIDTH}", "--diff", "."]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stdout


def lay_out(specs: Path, root: Path) -> Path:
    """Write the Python files that follow from specs, and nothing else."""
    planned = plan(specs)
    assert not planned.diagnostics.has_errors, list(planned.diagnostics)
    for file in planned.files:
        if file.path.endswith(".py"):
            (root / file.path).parent.mkdir(parents=True, exist_ok=True)
            (root / file.path).write_text(file.text, "utf-8")
    return root


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_ruff_would_change_nothing_in_a_case(folder: Path, tmp_path: Path) -> None:
    assert unshaped(lay_out(folder / "specs", tmp_path)) == ""


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_ruff_would_change_nothing_whatever_the_length_of_a_text(text: str, tmp_path: Path) -> None:
    texts = {f"of_{length}": text[:length].rstrip("\\") for length in LENGTHS}
    fields = {name: {"type": "string", "description": said, "default": said} for name, said in texts.items()}
    params = [
        {"name": name, "source": "query", "type": "string", "default": said, "description": said}
        for name, said in texts.items()
    ]
    operations: dict[str, object] = {
        name: {
            "description": said,
            "input": "Note",
            "rest": {"method": "POST", "path": f"/{name}" + "/a" * min(at, 40)},
        }
        for at, (name, said) in enumerate(texts.items())
    }
    operations["find"] = {"params": params, "rest": {"method": "GET", "path": "/found"}}
    specs = write(
        tmp_path / "specs",
        {
            "shared/spec/models.yaml": json.dumps({"models": {"Note": {"fields": fields}}}),
            "services/shop/spec/notes.yaml": json.dumps({"domain": "notes", "operations": operations}),
        },
    )
    (tmp_path / "code").mkdir()

    assert unshaped(lay_out(specs, tmp_path / "code")) == ""


@pytest.mark.parametrize(
    "code",
    [
        "names = [\n    1,\n    " + "a + " * 30 + "b,\n]\n",
        "if " + "a and " * 30 + "b:\n    pass\n",
        "x = f(\n    " + "a + " * 30 + "b\n)\n",
    ],
)
def test_what_cannot_be_shaped_line_by_line_is_shaped_whole(code: str, tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text(next(formatted([File("module.py", code)])).text)

    assert unshaped(tmp_path) == ""


def test_ruff_is_not_called_where_it_has_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ruff", None)

    code = 'x = 1\n"""' + "a docstring is left as it is " * 10 + '"""\n'

    assert next(formatted([File("module.py", code)])).text == code
