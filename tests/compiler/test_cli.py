from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from framework.cli import COMMANDS, main
from tests.compiler.projects import write
from tests.generators.cases import tree

ROOT = Path(__file__).parents[2]

MODELS = "models:\n  User:\n    fields:\n      id: {type: int}\n"
MISTAKE = "models:\n  User:\n    fields:\n      id: {type: itn}\n"
MODELS_FILE = "shared/spec/models.yaml"
SCHEMAS = "shared/shared/generated/schemas.py"


def test_sound_specs_are_said_to_be_sound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "--root", str(write(tmp_path, {MODELS_FILE: MODELS}))]) == 0
    assert capsys.readouterr().out == "The specs are sound: services 1, operations 0.\n"


def test_json_names_code_place_and_hint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write(tmp_path, {MODELS_FILE: MISTAKE})
    assert main(["validate", "--root", str(root), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out) == [
        {
            "code": "bad-type",
            "severity": "error",
            "path": MODELS_FILE,
            "line": 4,
            "column": 18,
            "end_column": 21,
            "message": "no type 'itn'",
            "hint": "did you mean 'int'?",
            "related": None,
            "paste": "",
        }
    ]


@pytest.mark.parametrize(
    "arguments",
    [[], ["nonsense"], ["validate", "--format", "xml"], ["validate", "--root", "/no/such/folder"]],
)
def test_misuse_ends_with_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: framework" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert "--root" in capsys.readouterr().out


def test_generate_writes_once_and_check_agrees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = str(write(tmp_path, {MODELS_FILE: MODELS}))
    assert main(["generate", "--check", "--root", root]) == 1
    assert f"+++ b/{SCHEMAS}" in capsys.readouterr().out
    assert not (tmp_path / SCHEMAS).exists()
    assert main(["generate", "--root", root]) == 0
    assert (tmp_path / SCHEMAS).exists()
    assert main(["generate", "--check", "--root", root]) == 0
    capsys.readouterr()
    assert main(["generate", "--root", root]) == 0
    assert capsys.readouterr().out == "Nothing has changed.\n"


def test_nothing_is_written_when_a_spec_has_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write(tmp_path, {MODELS_FILE: MISTAKE})
    before = tree(root)
    assert main(["generate", "--root", str(root)]) == 1
    assert "error[bad-type]" in capsys.readouterr().err
    assert tree(root) == before


def test_a_file_of_the_user_is_never_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write(tmp_path, {MODELS_FILE: MODELS, SCHEMAS: "# mine\n"})
    assert main(["generate", "--root", str(root)]) == 1
    assert SCHEMAS in capsys.readouterr().err
    assert (tmp_path / SCHEMAS).read_text() == "# mine\n"


def test_json_is_all_that_generate_prints_for_machines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = str(write(tmp_path, {MODELS_FILE: MODELS}))
    assert main(["generate", "--root", root, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_it_runs_as_a_program_and_imports_little_when_nothing_has_changed(tmp_path: Path) -> None:
    root = str(write(tmp_path, {MODELS_FILE: MODELS}))
    assert main(["generate", "--root", root]) == 0
    script = (
        "import sys; from framework.cli import main; status = main(['generate']);"
        "print(sorted({'pydantic', 'jinja2', 'yaml'} & sys.modules.keys())); sys.exit(status)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-c", script]
    done = subprocess.run(program, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Nothing has changed.\n[]\n", "")


@pytest.mark.parametrize("command", [["reference"], ["explain"], ["generate", "--list"]])
def test_a_reader_that_has_read_enough_is_no_mistake(tmp_path: Path, command: list[str]) -> None:
    root = write(tmp_path, {MODELS_FILE: MODELS})
    read, written = os.pipe()
    os.close(read)
    program = [sys.executable, "-m", "framework", *command, "--root", str(root)]
    done = subprocess.run(program, cwd=ROOT, stdout=written, stderr=subprocess.PIPE, text=True, check=False)
    os.close(written)
    assert (done.returncode, done.stderr) == (141, "")
