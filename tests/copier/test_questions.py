"""What Copier asks, and what it accepts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import copier
import pytest
import yaml

from tests.copier.support import ROOT


def questions() -> dict[str, Any]:
    """Return the questions of `copier.yml` by name."""
    whole = yaml.safe_load((ROOT / "copier.yml").read_text())
    return {key: value for key, value in whole.items() if not key.startswith("_")}


def refusal(template: Path, project: Path, **answers: object) -> str:
    """Answer Copier's questions, expect it to refuse, and return what it says."""
    with pytest.raises(ValueError, match="Validation error") as refused:
        copier.run_copy(str(template), project, data=answers, defaults=True, quiet=True)
    return str(refused.value)


def test_there_are_at_most_five_questions() -> None:
    assert len(questions()) <= 5


def test_nothing_needs_trust() -> None:
    whole = yaml.safe_load((ROOT / "copier.yml").read_text())
    assert not {"_tasks", "_jinja_extensions", "_migrations", "_external_data"} & whole.keys()


@pytest.mark.parametrize(
    "name", ["", "-shop", "shop-", "my--shop", "My-Shop", "my_shop", "my shop", "a\nb", "x" * 51]
)
def test_project_name_is_refused(template: Path, tmp_path: Path, name: str) -> None:
    assert "lower-case letters and digits" in refusal(template, tmp_path / "project", project_name=name)


@pytest.mark.parametrize("description", ["", "   ", "two\nlines"])
def test_project_description_is_refused(template: Path, tmp_path: Path, description: str) -> None:
    assert "one line" in refusal(template, tmp_path / "project", project_description=description)


def test_a_project_without_modules_is_refused(template: Path, tmp_path: Path) -> None:
    assert "at least one" in refusal(template, tmp_path / "project", modules=[])


def test_an_unknown_module_is_refused(template: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="frontdoor"):
        copier.run_copy(
            str(template), tmp_path / "project", data={"modules": ["frontdoor"]}, defaults=True, quiet=True
        )


@pytest.mark.parametrize(
    ("folder", "name"), [("shop", "shop"), ("My Great_Shop!", "my-great-shop"), ("тест", "my-project")]
)
def test_the_folder_gives_the_name(template: Path, tmp_path: Path, folder: str, name: str) -> None:
    project = tmp_path / folder
    copier.run_copy(str(template), project, data={"modules": ["tg_bot"]}, defaults=True, quiet=True)
    assert (project / "README.md").read_text().startswith(f"# {name}\n")


def test_by_default_all_modules_are_chosen(template: Path, tmp_path: Path) -> None:
    copier.run_copy(str(template), tmp_path / "project", defaults=True, quiet=True)
    answers = yaml.safe_load((tmp_path / "project" / ".copier-answers.yml").read_text())
    assert answers["modules"] == ["backend", "tg_bot", "notifications"]


def test_the_message_names_the_next_two_commands(
    template: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    copier.run_copy(str(template), tmp_path / "project", defaults=True, data={"project_name": "shop"})
    message = capfd.readouterr().err
    assert f"cd {tmp_path / 'project'} && make init\n" in message
    assert "make dev\n" in message
