"""A hand edit in a generated file is told from code that was not generated again, before it is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from framework.cli import main
from tests.copier.support import commit_all
from tests.generators.cases import CASES

PROTOCOLS = "services/shop/src/generated/protocols.py"
SPEC = "services/shop/spec/orders.yaml"
CACHE = ".framework_cache"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A generated project, committed."""
    shutil.copytree(CASES / "lint-missing-method" / "specs", tmp_path, dirs_exist_ok=True)
    assert main(["sync", "--root", str(tmp_path)]) == 0
    commit_all(tmp_path, "A shop")
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def edit_by_hand(root: Path) -> None:
    edit(root / PROTOCOLS, "since: dt.datetime", "since: dt.date")


def edit_the_spec(root: Path) -> None:
    edit(root / SPEC, "The orders since a time.", "The orders from a time on.")


def told(root: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """The files that are told, each with its code and the line."""
    capsys.readouterr()
    main(["lint", "--root", str(root), "--format", "json"])
    return {each["path"]: each["code"] for each in json.loads(capsys.readouterr().out)}


@pytest.mark.parametrize("is_noted", [True, False])
def test_line_ends_of_windows_are_no_edit(
    shop: Path, capsys: pytest.CaptureFixture[str], is_noted: bool
) -> None:
    if not is_noted:
        shutil.rmtree(shop / CACHE)
    for name in (PROTOCOLS, "shared/shared/generated/schemas.py"):
        path = shop / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert main(["lint", "--root", str(shop)]) == 1
    words = capsys.readouterr().err
    assert "has the line ends of Windows; the same goes for" in words
    assert words.count("error[") == 1

    edit_the_spec(shop)
    assert main(["generate", "--root", str(shop)]) == 0
    assert "by hand" not in capsys.readouterr().err
    assert b"\r" not in (shop / PROTOCOLS).read_bytes()


def test_a_file_of_ones_own_among_generated_ones_is_told(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = shop / "services/shop/src/generated/routers/mine.py"
    mine.write_text("ANSWER = 42\n", "utf-8")
    (shop / "shared/shared/generated/.keep").touch()
    assert told(shop, capsys) == {"services/shop/src/generated/routers/mine.py": "not-generated"}


def test_an_edit_is_told_with_its_place_and_what_to_do(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit_by_hand(shop)
    assert main(["lint", "--root", str(shop)]) == 1
    words = capsys.readouterr().err
    assert f"{PROTOCOLS}:25:9: error[edited-by-hand]" in words
    assert "since: dt.date," in words
    assert "move the change to the spec" in words


def test_an_edit_is_told_even_if_the_specs_changed_too(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit_by_hand(shop)
    edit_the_spec(shop)
    found = told(shop, capsys)
    assert found.pop(PROTOCOLS) == "edited-by-hand"
    assert set(found.values()) == {"outdated-code"}


def test_changed_specs_are_no_edit(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit_the_spec(shop)
    assert set(told(shop, capsys).values()) == {"outdated-code"}


def test_in_a_fresh_clone_git_says_what_was_edited(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(shop / CACHE)
    edit_by_hand(shop)
    assert told(shop, capsys) == {PROTOCOLS: "edited-by-hand"}


def test_without_a_record_and_with_changed_specs_nobody_is_blamed(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(shop / CACHE)
    edit_by_hand(shop)
    edit_the_spec(shop)
    assert set(told(shop, capsys).values()) == {"outdated-code"}


def test_a_committed_difference_is_told_without_blame(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit_by_hand(shop)
    commit_all(shop, "Edited")
    assert told(shop, capsys) == {PROTOCOLS: "outdated-code"}
    assert main(["lint", "--root", str(shop)]) == 1
    assert "look first whether somebody edited by hand" in capsys.readouterr().err


def test_without_git_the_record_is_enough(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(shop / ".git")
    edit_by_hand(shop)
    assert told(shop, capsys) == {PROTOCOLS: "edited-by-hand"}
    (shop / CACHE / "written.json").write_text("[]")
    assert told(shop, capsys) == {PROTOCOLS: "outdated-code"}


def test_generation_names_the_edits_that_it_overwrites(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit_by_hand(shop)
    edit_the_spec(shop)
    capsys.readouterr()

    assert main(["sync", "--root", str(shop)]) == 0

    warnings = [line for line in capsys.readouterr().err.splitlines() if "warning" in line]
    assert warnings == [f"{PROTOCOLS}: warning: what was written here by hand is overwritten"]
    assert told(shop, capsys) == {}
