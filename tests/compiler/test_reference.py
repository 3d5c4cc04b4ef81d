"""The reference of the spec language."""

import pytest

from framework.cli import main
from framework.reference import SECTIONS, reference


def test_every_key_of_every_file_is_explained() -> None:
    text = reference()
    assert "None" not in text
    for title, model in SECTIONS:
        section = text.split(f"\n\n{title}\n", 1)[1].split("\n\n", 1)[0]
        explained = {line.split()[0] for line in section.splitlines()}
        own = model.model_fields.keys() & model.__annotations__.keys()
        assert own <= explained, f"{title}: {own - explained}"


def test_choices_are_told() -> None:
    assert "One of: GET, POST, PUT, PATCH, DELETE." in reference()
    assert "One of: path, query, header, cookie." in reference()


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reference"]) == 0
    assert capsys.readouterr().out == reference()
