from __future__ import annotations

import pytest

from framework.catalogue import CATALOGUE
from framework.catalogue.specs import SPECS
from framework.cli import main
from framework.explanations import FOLDER, explanation


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_is_explained(code: str) -> None:
    text = explanation(code)
    assert text
    assert len(text) > len(CATALOGUE[code][1])


@pytest.mark.parametrize("code", SPECS)
def test_every_mistake_in_specs_is_explained_with_a_wrong_and_a_right_example(code: str) -> None:
    text = explanation(code) or ""
    assert "\nRight" in text
    assert "\nWrong" in text
    assert "\n    " in text


def test_nothing_is_explained_that_is_no_code() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} <= CATALOGUE.keys()


@pytest.mark.parametrize("written", ["bad-type", "error[bad-type]:", "[bad-type]"])
def test_a_code_is_explained_however_it_was_copied(written: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", written]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"error[bad-type]: {CATALOGUE['bad-type'][1]}\n\n")
    assert (explanation("bad-type") or "no text") in said


def test_without_a_code_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert listed == list(CATALOGUE)


@pytest.mark.parametrize(
    ("written", "hint"),
    [("bad-tpye", "did you mean 'bad-type'?"), ("nonsense", "all codes: framework explain")],
)
def test_an_unknown_code_ends_with_status_2(
    written: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", written]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"There is no code {written!r}: {hint}\n"
