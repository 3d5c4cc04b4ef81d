from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from framework.cli import main
from tests.breaking.repositories import commit, git
from tests.compiler.projects import write

MODELS = "shared/spec/models.yaml"
ORDERS = "services/shop/spec/orders.yaml"
PROJECT = {
    MODELS: """
        models:
          Order:
            fields:
              id: {type: int}
              note: {type: string, optional: true}
    """,
    ORDERS: """
        domain: orders
        operations:
          get_order: {output: Order, rest: {method: GET, path: /order}}
    """,
}


@pytest.fixture(autouse=True)
def no_repository_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)


def without_note(root: Path) -> Path:
    """The project after a change that breaks the clients of its operation."""
    path = root / MODELS
    path.write_text(path.read_text().replace("      note: {type: string, optional: true}\n", ""))
    return root


def breaking(root: Path, *arguments: str, against: str = "HEAD") -> int:
    return main(["breaking", "--root", str(root), "--against", against, *arguments])


def test_nothing_breaks_what_has_not_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(write(tmp_path, PROJECT))
    assert breaking(tmp_path) == 0
    assert capsys.readouterr().out == "Nothing breaks that was built against HEAD.\n"


def test_branches_tags_and_commits_are_revisions(tmp_path: Path) -> None:
    before = commit(write(tmp_path, PROJECT))
    git(tmp_path, "tag", "v1")
    commit(without_note(tmp_path))
    assert breaking(tmp_path, against="main") == 0
    assert [breaking(tmp_path, against=ref) for ref in (before, before[:10], "v1", "HEAD~1")] == [1, 1, 1, 1]


def test_a_project_may_be_a_folder_of_a_repository(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "deep" / "größe"
    write(project, PROJECT)
    commit(tmp_path)
    without_note(project)
    monkeypatch.chdir(project)
    assert main(["breaking", "--against", "HEAD"]) == 1
    assert capsys.readouterr().err.startswith(f"{MODELS}:3:5: error[response-field-removed]: ")


def test_it_runs_in_a_hook_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "project", PROJECT)
    commit(tmp_path)
    without_note(tmp_path / "project")
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert breaking(tmp_path / "project") == 1


def test_a_clone_with_holes_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(write(tmp_path, PROJECT))
    name = git(tmp_path, "rev-parse", f"HEAD:{MODELS}")
    (tmp_path / ".git" / "objects" / name[:2] / name[2:]).unlink()
    assert breaking(tmp_path) == 2
    assert f"git lacks the object {name}" in capsys.readouterr().err


def test_what_is_not_committed_counts_and_what_is_staged_is_not_the_revision(tmp_path: Path) -> None:
    commit(write(tmp_path, PROJECT))
    git(without_note(tmp_path), "add", "--all")
    assert breaking(tmp_path) == 1


@pytest.mark.parametrize(
    ("against", "said"),
    [
        ("nowhere", "git knows no commit 'nowhere'"),
        ("--output=/tmp/x", "git knows no commit '--output=/tmp/x'"),
        ("", "git knows no commit ''"),
        ("HEAD:services.yml", "git knows no commit"),
    ],
)
def test_an_unknown_revision_ends_with_status_2(
    against: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(write(tmp_path, PROJECT))
    assert main(["breaking", "--root", str(tmp_path), f"--against={against}"]) == 2
    assert said in capsys.readouterr().err


def test_a_branch_of_the_remote_is_suggested(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(write(tmp_path / "origin", PROJECT))
    git(tmp_path, "clone", "--quiet", str(tmp_path / "origin"), "clone")
    git(tmp_path / "clone", "checkout", "--quiet", "--detach")
    git(tmp_path / "clone", "branch", "--delete", "--quiet", "main")
    assert breaking(tmp_path / "clone", against="main") == 2
    assert "did you mean 'origin/main'?" in capsys.readouterr().err


def test_a_shallow_clone_says_that_it_is_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = commit(write(tmp_path / "origin", PROJECT))
    commit(without_note(tmp_path / "origin"))
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{tmp_path / 'origin'}", "clone")
    assert breaking(tmp_path / "clone", against=before) == 2
    assert "the clone is shallow" in capsys.readouterr().err


def test_outside_of_a_repository_git_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert breaking(write(tmp_path, PROJECT)) == 2
    assert "not a git repository" in capsys.readouterr().err


def test_without_git_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert breaking(write(tmp_path, PROJECT)) == 2
    assert "git cannot be run" in capsys.readouterr().err


def test_a_revision_without_the_project_has_nothing_to_compare(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "README").write_text("")
    commit(tmp_path)
    assert breaking(write(tmp_path, PROJECT)) == 2
    assert "HEAD:services.yml does not exist" in capsys.readouterr().err


def test_specs_of_before_that_are_not_sound_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(write(tmp_path, {**PROJECT, MODELS: "models: {Order: {fields: {id: {type: itn}}}}"}))
    assert breaking(write(tmp_path, PROJECT)) == 2
    said = capsys.readouterr().err
    assert "not sound by the language of today" in said
    assert "error[bad-type]" in said


def test_mistakes_of_now_are_told_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(write(tmp_path, PROJECT))
    write(tmp_path, {**PROJECT, MODELS: "models: {Order: {fields: {id: {type: itn}}}}"})
    assert breaking(tmp_path) == 1
    assert "error[bad-type]" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("ignored", "status"),
    [
        (["response-field-removed"], 0),
        (["response-field-removed:Order.note"], 0),
        (["route-changed", "response-field-removed:Order.note"], 0),
        (["response-field-removed:Order.id"], 1),
        (["route-changed"], 1),
    ],
)
def test_a_break_on_purpose_is_ignored(ignored: list[str], status: int, tmp_path: Path) -> None:
    commit(write(tmp_path, PROJECT))
    arguments = [part for each in ignored for part in ("--ignore", each)]
    assert breaking(without_note(tmp_path), *arguments) == status


def test_only_codes_of_compatibility_are_ignored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        breaking(write(tmp_path, PROJECT), "--ignore", "response-field-remove")
    assert ended.value.code == 2
    assert "did you mean 'response-field-removed'?" in capsys.readouterr().err


def test_machines_are_given_both_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(write(tmp_path, PROJECT))
    assert breaking(without_note(tmp_path), "--format", "json") == 1
    [found] = json.loads(capsys.readouterr().out)
    assert (found["path"], found["line"], found["related"]["line"]) == (MODELS, 3, 5)
    assert found["hint"] == "breaks clients of shop.get_order"


def test_what_stood_in_a_file_that_is_gone_is_told_in_services_yml(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(write(tmp_path, PROJECT))
    shutil.rmtree(tmp_path / "services")
    assert breaking(tmp_path) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("services.yml: error[operation-removed]: shop.get_order is gone")
    assert said[2] == f"{ORDERS}:3:3: note: as it was"
