"""Each format as its readers get it: from the command, on the streams that it promises."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from framework.catalogue import CATALOGUE
from framework.cli import main
from framework.columns import columns
from framework.explanations import explanation
from tests.compiler.projects import write

REPOSITORY = Path(__file__).parents[2]
MODELS_FILE = "shared/spec/models.yaml"
OPERATIONS_FILE = "services/shop/spec/acts.yaml"
FORMATS = ("text", "json", "github", "sarif")

MODELS = "models:\n  Book:\n    fields:\n      id: {type: itn}\n      rank: {type: int, ge: 2, le: 1}\n"
OPERATIONS = "domain: acts\noperations:\n  on_read: {input: Book, events: {subscribe: book.read}}\n"
EVENTS = "events:\n  book.read: {message: Book}\n  book_written: {message: Book}\n"
FILES = {MODELS_FILE: MODELS, OPERATIONS_FILE: OPERATIONS, "shared/spec/events.yaml": EVENTS}
ERRORS = ["bad-type", "empty-range"]


def said(root: Path, *arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    assert main([*arguments, "--root", str(root)]) == 1
    captured = capsys.readouterr()
    return captured.out, captured.err


@pytest.mark.parametrize("command", ["validate", "generate"])
@pytest.mark.parametrize("format_", FORMATS)
def test_people_read_stderr_and_machines_stdout(
    command: str, format_: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, err = said(write(tmp_path, FILES), command, "--format", format_, capsys=capsys)
    for code in ERRORS:
        assert (code in err) == (format_ == "text")
        assert (code in out) == (format_ != "text")


@pytest.mark.parametrize(
    ("format_", "expected"), [("text", ""), ("json", "[]\n"), ("github", ""), ("sarif", None)]
)
def test_sound_specs_are_an_empty_report(
    format_: str, expected: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["validate", "--format", format_, "--root", str(write(tmp_path, {}))]) == 0
    captured = capsys.readouterr()
    people, machines = (captured.out, captured.err) if format_ == "text" else (captured.err, captured.out)
    assert people == "The specs are sound: services 1, operations 0.\n"
    if expected is None:
        assert json.loads(machines)["runs"][0]["results"] == []
    else:
        assert machines == expected


def test_the_summary_counts_and_names_a_code_to_explain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = said(write(tmp_path, FILES), "validate", capsys=capsys)
    assert err.splitlines()[-2:] == ["2 errors, 1 warning", "What a code means: make explain code=bad-type"]


def test_notes_are_told_where_they_are_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = write(tmp_path, FILES)
    assert "event-name" not in said(root, "validate", capsys=capsys)[1]
    assert "note[event-name]" in said(root, "validate", "--notes", capsys=capsys)[1]


def test_workflow_commands_name_the_place_and_escape_what_would_end_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {**FILES, "shared/spec/models/a,b:c%.yaml": 'models:\n  "50%\\n::set-output": {fields: {}}\n'}
    out, _ = said(write(tmp_path, files), "validate", "--notes", "--format", "github", capsys=capsys)
    command = re.compile(
        r"::(error|warning|notice) file=([^,:]+)"
        r"(?:,line=(\d+),col=(\d+),endColumn=(\d+))?,title=([a-z-]+)::([^\r\n]+)"
    )
    found = [command.fullmatch(line) for line in out.splitlines()]
    assert all(found)
    told = {match.groups() for match in found if match}
    hint = "no type 'itn'%0Adid you mean 'int'?"
    assert ("error", MODELS_FILE, "4", "18", "21", "bad-type", hint) in told
    range_ = f"no value satisfies both ge: 2 and le: 1%0A{MODELS_FILE}:5:29: the other place"
    assert ("error", MODELS_FILE, "5", "36", "37", "empty-range", range_) in told
    odd = next(match for match in told if match[5] == "bad-name")
    assert odd[1] == "shared/spec/models/a%2Cb%3Ac%25.yaml"
    assert odd[6].startswith("'50%25\\n::set-output' ")
    assert {match[0] for match in told} == {"error", "warning", "notice"}


def test_sarif_has_what_the_standard_demands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {**FILES, "shared/spec/models/über mich.yaml": "models: []\n"}
    out, _ = said(write(tmp_path, files), "validate", "--notes", "--format", "sarif", capsys=capsys)
    log = json.loads(out)
    assert (log["version"], set(log)) == ("2.1.0", {"$schema", "version", "runs"})
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert driver["name"] == "framework"
    rules = driver["rules"]
    for rule in rules:
        assert rule["shortDescription"] == {"text": CATALOGUE[rule["id"]][1]}
        assert rule["help"]["text"] == explanation(rule["id"])
        assert rule["defaultConfiguration"] == {"level": CATALOGUE[rule["id"]][0].value}
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"none", "note", "warning", "error"}
        assert result["message"]["text"]
        assert len(result["locations"]) == 1
        for location in [*result["locations"], *result.get("relatedLocations", [])]:
            check_location(location["physicalLocation"], run["originalUriBaseIds"])
    paths = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]
    }
    assert "shared/spec/models/%C3%BCber%20mich.yaml" in paths
    related = next(result for result in run["results"] if result["ruleId"] == "empty-range")
    assert related["relatedLocations"][0]["physicalLocation"]["region"]["startColumn"] == 29


def check_location(location: dict[str, Any], bases: dict[str, Any]) -> None:
    artifact = location["artifactLocation"]
    assert re.fullmatch(r"[A-Za-z0-9._~%/-]+", artifact["uri"])
    assert artifact["uriBaseId"] in bases
    if "region" in location:
        region = location["region"]
        assert region["startLine"] == region["endLine"] >= 1
        assert region["endColumn"] > region["startColumn"] >= 1


@pytest.mark.parametrize(
    ("environment", "is_coloured"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "xterm", "NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
    ],
)
def test_a_terminal_has_colours_unless_it_is_told_not_to(
    environment: dict[str, str], is_coloured: bool, tmp_path: Path
) -> None:
    ours, theirs = pty.openpty()
    run(write(tmp_path, FILES), environment, stderr=theirs)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "bad-type" in shown
    assert ("\033[" in shown) == is_coloured
    assert "error[bad-type]: no type 'itn'" in re.sub("\033\\[[0-9;]*m", "", shown)


@pytest.mark.parametrize(
    ("environment", "is_coloured"), [({"TERM": "xterm"}, False), ({"FORCE_COLOR": "1"}, True)]
)
def test_a_pipe_has_no_colours_unless_they_are_forced(
    environment: dict[str, str], is_coloured: bool, tmp_path: Path
) -> None:
    done = run(write(tmp_path, FILES), environment, stderr=subprocess.PIPE)
    assert (b"\033[" in done.stderr) == is_coloured


def run(root: Path, environment: dict[str, str], stderr: int) -> subprocess.CompletedProcess[bytes]:
    plain = {name: value for name, value in os.environ.items() if "COLOR" not in name}
    command = [sys.executable, "-m", "framework", "validate", "--root", str(root)]
    return subprocess.run(
        command,
        cwd=REPOSITORY,
        env={**plain, **environment},
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        check=False,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", 3),
        ("日本", 4),
        ("e\u0301", 1),
        ("ﬁ", 1),
        ("한", 2),
        ("\u1112\u1161\u11ab", 2),
        ("a\u200bb", 2),
        ("Ａ", 2),
    ],
)
def test_the_columns_of_a_text_are_those_of_a_terminal(text: str, expected: int) -> None:
    assert columns(text) == expected
