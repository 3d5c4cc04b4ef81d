"""`make update` and its like: all of the template's comes, all of the user's stays, or nothing happens."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from framework.cli import main
from framework.project import git as project_git
from framework.project import landing, modules, update
from framework.project.checkout import UNDO
from framework.project.checks import Failure, first_failure
from framework.project.git import last_words
from framework.project.report import PATCH
from tests.copier.support import MODULE_SETS, MODULES, commit_all, git, named, render, snapshot
from tests.copier.versions import NEW, OLD, Edits, make_versions, replace, with_edits

pytestmark = pytest.mark.timeout(300)

Make = Callable[..., Path]


@pytest.fixture(scope="session")
def versions(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of the template with two releases; not to be changed."""
    return make_versions(template, tmp_path_factory.mktemp("versions") / "template")


@pytest.fixture(scope="session")
def fresh(versions: Path, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Make the project of a module set and a version, once for all tests; not to be changed."""
    made: dict[tuple[str, tuple[str, ...]], Path] = {}

    def make(chosen: Sequence[str], version: str = OLD) -> Path:
        key = (version, tuple(chosen))
        if key not in made:
            folder = tmp_path_factory.mktemp("fresh") / "project"
            made[key] = render(versions, folder, chosen, version=version)
        return made[key]

    return make


@pytest.fixture
def project(fresh: Make, tmp_path: Path) -> Make:
    """Make a project of a module set in a git repository of its own, to be changed at will."""

    def make(chosen: Sequence[str], version: str = OLD) -> Path:
        shutil.copytree(fresh(chosen, version), tmp_path / "project")
        commit_all(tmp_path / "project", "A new project")
        return tmp_path / "project"

    return make


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The targets that would have been made; they are tried for real in `test_projects.py`."""
    targets: list[str] = []
    monkeypatch.setattr(update, "first_failure", lambda root, wanted: targets.extend(wanted))
    return targets


def refused(project: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that must refuse, and change nothing; returns what it says."""
    before, index = snapshot(project), status(project)
    assert main([*arguments, "--root", str(project)]) == 1
    assert snapshot(project) == before
    assert status(project) == index
    return "".join(capsys.readouterr())


def status(project: Path) -> str:
    return git(project, "status", "--porcelain") if (project / ".git").exists() else ""


def files_of(project: Path) -> dict[str, bytes]:
    """The files of a project without the framework's cache."""
    return {
        path: text for path, text in snapshot(project).items() if not path.startswith(".framework_cache/")
    }


def but_one(modules: Sequence[str]) -> object:
    """Leave all module sets but the whole one to `make test-all`: an update of it meets every file."""
    return modules if modules == MODULES else pytest.param(modules, marks=pytest.mark.matrix)


@pytest.mark.parametrize("chosen", [but_one(modules) for modules in MODULE_SETS], ids=named)
def test_an_update_brings_all_of_the_template_and_keeps_all_of_the_user(
    project: Make, fresh: Make, made: list[str], capsys: pytest.CaptureFixture[str], chosen: Sequence[str]
) -> None:
    root = project(chosen)
    edits = Edits()
    edits.make(root, chosen[0])
    edited = snapshot(root)

    assert main(["update", "--root", str(root)]) == 0

    assert files_of(root) == with_edits(fresh(chosen, NEW), edited, edits)
    assert made == ["setup", "generate-from-spec", "lint", "typecheck", "tests"]
    told = capsys.readouterr().out
    assert f"From {OLD} to {NEW}:" in told
    assert "  new      NEW.md\n" in told
    assert "  changed  Makefile  (edited by you)\n" in told
    assert "  removed  NOTES.md  (edited by you)\n" in told
    assert section(told, "had both changed") == ["Makefile", "pyproject.toml"]
    assert section(told, "Gone with your edits") == ["NOTES.md"]
    assert section(told, "they are yours") == [
        *sorted(f"services/{name}/src/gone.py" for name in chosen),
        "tests/integration/test_event_flow.py",
    ]
    assert section(told, "Your changes to the framework") == [
        ".framework/framework/__init__.py",
        ".framework/framework/mine.py",
    ]
    assert section(told, "has something new") == sorted(
        [
            "shared/spec/models.yaml",
            *(f"services/{name}/src/{file}.py" for name in chosen for file in ("example", "main")),
        ]
    )
    assert section(told, "New questions") == ["region: somewhere"]
    assert "make migrate" in told
    patch = root / ".framework_cache/template.patch"
    git(root, "apply", "--check", "--include=services/*/src/example.py", str(patch))

    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Updated")
    before = files_of(root)
    assert main(["update", "--root", str(root)]) == 0
    assert f"newest version of the template: {NEW}" in capsys.readouterr().out
    assert files_of(root) == before
    assert status(root) == ""


def section(told: str, title: str) -> list[str]:
    """The lines that are listed below a title."""
    _, _, rest = told.partition(title)
    lines = rest.split("\n\n")[0].splitlines()
    return [line.strip() for line in lines if line.startswith("  ")]


def test_conflicts_are_told_by_line_and_the_way_back_is_exact(
    project: Make, made: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(["tg_bot"])
    replace(root / "Makefile", "# The commands of this project", "# My commands")
    (root / ".env").write_text("A=1\n")
    commit_all(root, "Mine")
    before = snapshot(root)

    assert main(["update", "--root", str(root)]) == 1

    told = capsys.readouterr().out
    assert section(told, "Conflicts") == ["Makefile:1"]
    assert "Makefile  (conflict" in told
    assert git(root, "diff", "--name-only", "--diff-filter=U").split() == ["Makefile"]
    assert "# My commands" in git(root, "show", ":2:Makefile")
    assert "# All commands" in git(root, "show", ":3:Makefile")
    assert made == []
    assert UNDO in told
    subprocess.run(UNDO, shell=True, cwd=root, check=True)  # noqa: S602 - as it is told
    assert files_of(root) == before
    assert status(root) == ""


def test_what_copier_brings_back_is_deleted_again(
    project: Make, made: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(["tg_bot"])
    deleted = ["services/tg_bot/pyproject.toml", "services/tg_bot/tests/conftest.py", "AGENTS.md"]
    for name in deleted:  # without the first, Copier takes the service for a new one
        (root / name).unlink()
    commit_all(root, "Mine")

    assert main(["update", "--root", str(root)]) == 0

    assert [name for name in deleted if (root / name).exists()] == []
    assert section(capsys.readouterr().out, "brought back by Copier") == deleted[:2]


def test_a_project_in_a_folder_of_a_repository(
    fresh: Make, made: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "all/projects/shop"
    shutil.copytree(fresh(["tg_bot"]), root)
    (tmp_path / "all/other.txt").write_text("committed\n")
    replace(root / "Makefile", "# The commands of this project", "# My commands")
    commit_all(tmp_path / "all", "All")
    (tmp_path / "all/other.txt").write_text("not committed\n")

    assert main(["update", "--root", str(root)]) == 1

    assert section(capsys.readouterr().out, "Conflicts") == ["Makefile:1"]
    assert (root / "NEW.md").exists()
    git(root, "apply", "--3way", PATCH)
    assert "Better." in (root / "services/tg_bot/src/main.py").read_text()
    subprocess.run(UNDO, shell=True, cwd=root, check=True)  # noqa: S602 - as it is told
    assert files_of(root) == snapshot(fresh(["tg_bot"])) | {"Makefile": (root / "Makefile").read_bytes()}
    assert (tmp_path / "all/other.txt").read_text() == "not committed\n"


def test_what_stops_in_the_middle_is_taken_back(project: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    root = project(["tg_bot"])
    before = snapshot(root)
    copied: list[object] = []

    def fill_the_disk(source: Path, target: Path, **options: bool) -> None:
        copied.append(target)
        if len(copied) > 3:
            raise OSError("No space left on device")
        Path(target).write_bytes(Path(source).read_bytes())

    monkeypatch.setattr(shutil, "copy2", fill_the_disk)
    assert main(["update", "--root", str(root)]) == 1
    assert snapshot(root) == before
    assert status(root) == ""


def test_an_interruption_in_the_middle_is_taken_back_undisturbed(
    project: Make, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(["tg_bot"])
    copied: list[Path] = []
    restore = project_git.git

    def interrupt(source: Path, target: Path, **options: bool) -> None:
        target.write_bytes(source.read_bytes())
        copied.append(target)
        if len(copied) == 3:
            signal.raise_signal(signal.SIGINT)

    def interrupt_again(folder: Path, *arguments: str) -> bytes:
        signal.raise_signal(signal.SIGINT)
        return restore(folder, *arguments)

    monkeypatch.setattr(shutil, "copy2", interrupt)
    monkeypatch.setattr(landing, "git", interrupt_again)
    told = refused(root, capsys, "update")
    assert "Interrupted.\n\nNothing was changed." in told
    assert len(copied) == 3
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_what_has_come_is_told_when_its_checks_are_interrupted(
    project: Make, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(["tg_bot"])
    interrupted = Failure("lint", is_interrupted=True)
    monkeypatch.setattr(update, "first_failure", lambda root, wanted: interrupted)
    assert main(["update", "--root", str(root)]) == 1
    told = capsys.readouterr().out
    assert "`make lint` was interrupted." in told
    assert "Go on with: make lint typecheck tests\n" in told
    assert UNDO in told


def test_who_is_interrupted_is_waited_for(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text(
        f"quick:\n\t@true\nslow:\n\t@kill -INT {os.getpid()}; sleep .3; kill -INT {os.getpid()}; echo > end\n"
    )
    assert first_failure(tmp_path, ["quick", "slow", "quick"]) == Failure("slow", is_interrupted=True)
    assert (tmp_path / "end").exists()


def test_who_is_interrupted_before_anybody_waits_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Makefile").write_text("slow:\n\t@echo > end\n")

    start = subprocess.Popen

    def start_interrupted(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        making = start(*arguments, **options)
        signal.raise_signal(signal.SIGINT)
        return making

    monkeypatch.setattr(subprocess, "Popen", start_interrupted)
    assert first_failure(tmp_path, ["slow", "slow"]) == Failure("slow", is_interrupted=True)
    assert (tmp_path / "end").exists()


def test_what_git_ignores_is_never_written_over(project: Make, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(["tg_bot"])
    (root / ".git/info/exclude").write_text("/NEW.md\n")
    (root / "NEW.md").write_text("mine, and git does not know it\n")
    assert "NEW.md" in refused(root, capsys, "update")


@pytest.mark.parametrize(
    "command", [["update"], ["add-module", "backend"], ["remove-module", "tg_bot"]], ids=str
)
@pytest.mark.parametrize("name", ["Makefile", "untracked.txt"])
def test_a_dirty_tree_is_refused(
    project: Make, capsys: pytest.CaptureFixture[str], command: list[str], name: str
) -> None:
    root = project(["tg_bot"])
    (root / name).write_text("not committed\n")
    told = refused(root, capsys, *command)
    assert name in told
    assert "Commit it first" in told


def test_a_project_without_git_is_refused(
    fresh: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = shutil.copytree(fresh(["tg_bot"]), tmp_path / "project")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert "git init" in refused(root, capsys, "update")
    assert "git init" in refused(root, capsys, "check-update")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("_commit: v1.0.0\n", "", "copied from a plain folder"),
        ("_commit: v1.0.0\n", "_commit: v0.9.0\n", "has no version 'v0.9.0'"),
        ("_src_path: /", "_src_path: ../", "relative to wherever"),
        ("_src_path: /", "_src_path: /moved/", "If it has moved"),
        ("_src_path: /", "_src_path: git+file:///moved/", "If it has moved"),
        ("- tg_bot", "- bot", "cannot be used"),
        ("modules:", "modules: none\nothers:", "no list `modules`"),
    ],
    ids=["plain", "unknown", "relative", "moved", "moved-url", "answer", "answers"],
)
def test_answers_that_lead_nowhere_are_told(
    project: Make, capsys: pytest.CaptureFixture[str], old: str, new: str, told: str
) -> None:
    root = project(["tg_bot"])
    replace(root / ".copier-answers.yml", old, new)
    commit_all(root, "Mine")
    assert told in refused(root, capsys, "update")


@pytest.mark.matrix
@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("_tasks: [touch hacked]\n", "never lets a template run programs"),
        ('_min_copier_version: "99.0.0"\n', "pipx run copier update"),
        ("_envops: {undefined: nonsense}\n", "cannot be used"),
    ],
    ids=["tasks", "newer-copier", "broken"],
)
def test_a_version_that_cannot_be_brought_is_told(
    versions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], config: str, told: str
) -> None:
    newer = shutil.copytree(versions, tmp_path / "template", symlinks=True)
    lines = (newer / "copier.yml").read_text().splitlines(keepends=True)
    name = config.split(":")[0]
    (newer / "copier.yml").write_text(
        "".join([config, *(line for line in lines if not line.startswith(name))])
    )
    commit_all(newer, "Too new")
    git(newer, "tag", "v2.0.0")
    root = render(newer, tmp_path / "project", ["tg_bot"], version=NEW)
    commit_all(root, "A new project")
    assert told in refused(root, capsys, "update")
    assert not (root / "hacked").exists()


def test_a_shallow_template_is_told(
    versions: Path, project: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{versions}", "shallow")
    root = project(["tg_bot"])
    replace(root / ".copier-answers.yml", str(versions), str(tmp_path / "shallow"))
    commit_all(root, "Mine")
    assert "git fetch --unshallow" in refused(root, capsys, "update")


def test_the_newest_version_needs_no_update_and_an_older_one_is_refused(
    project: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(["tg_bot"], NEW)
    assert main(["check-update", "--root", str(root)]) == 0
    assert "newest version" in capsys.readouterr().out
    assert "is older than" in refused(root, capsys, "update", "--to", OLD)
    assert "has no version 'v9'" in refused(root, capsys, "update", "--to", "v9")


def test_a_version_that_a_remote_template_lacks_is_told(
    versions: Path, project: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(["tg_bot"])
    replace(root / ".copier-answers.yml", str(versions), f"git+file://{versions}")
    commit_all(root, "Mine")
    told = refused(root, capsys, "update", "--to", "v9")
    assert "has no version 'v9'" in told
    assert "moved" not in told


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("fatal: no such thing\nmore words\n", "no such thing"),
        ("error: odd\n", "error: odd"),
        (
            "Cloning into 'x'...\ngit@host: Permission denied (publickey).\n"
            "fatal: Could not read from remote repository.\n\nPlease make sure\n",
            "git@host: Permission denied (publickey).; Could not read from remote repository.",
        ),
        (
            "Cloning into 'x'...\nfatal: Could not read from remote repository.\n",
            "Could not read from remote repository.",
        ),
    ],
    ids=["git", "other", "ssh", "nothing"],
)
def test_the_reason_is_found_in_what_git_says(said: str, reason: str) -> None:
    assert last_words(said) == reason


def test_what_is_not_released_yet(
    versions: Path, tmp_path: Path, made: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    newer = shutil.copytree(versions, tmp_path / "template", symlinks=True)
    (newer / "template/NEWER.md").write_text("# Not released\n")
    commit_all(newer, "Not released")
    root = render(newer, tmp_path / "project", ["tg_bot"], version=NEW)
    commit_all(root, "A new project")
    assert main(["update", "--root", str(root), "--to", "HEAD"]) == 0
    assert (root / "NEWER.md").exists()
    commit_all(root, "Not released")
    capsys.readouterr()
    assert main(["check-update", "--root", str(root)]) == 0
    assert f"newer than the newest release, {NEW}" in capsys.readouterr().out


def test_a_check_tells_what_would_come_and_changes_nothing(
    project: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(["tg_bot"])
    (root / "Makefile").write_text("all:\n")  # nothing need be committed for a look
    before = snapshot(root)
    assert main(["check-update", "--json", "--root", str(root)]) == 2
    found = yaml.safe_load(capsys.readouterr().out)
    assert (found["current"], found["newest"], found["update_available"]) == (OLD, NEW, True)
    assert "NEW.md" in found["added"]
    assert "NOTES.md" in found["removed"]
    assert snapshot(root) == before


ADDITIONS = [
    (["tg_bot"], "backend"),
    pytest.param(["backend", "tg_bot"], "frontend", marks=pytest.mark.matrix),
    *(
        pytest.param(list(chosen), name, marks=pytest.mark.matrix)
        for chosen in MODULE_SETS
        for name in MODULES
        if name not in chosen and (list(chosen), name) != (["tg_bot"], "backend")
    ),
]


@pytest.mark.parametrize(("chosen", "name"), ADDITIONS)
@pytest.mark.parametrize("to", ["current", pytest.param("latest", marks=pytest.mark.matrix)])
def test_a_module_comes_and_goes_as_if_it_had_been_chosen_or_not(
    project: Make, fresh: Make, made: list[str], chosen: Sequence[str], name: str, to: str
) -> None:
    root = project(chosen)
    edits = Edits()
    edits.make(root, chosen[0])
    edited = snapshot(root)
    version = NEW if to == "latest" else OLD
    whole = [module for module in (*MODULES, "frontend") if module in (*chosen, name)]
    newest = ["--to", "latest"] if to == "latest" else []

    assert main(["add-module", name, *newest, "--root", str(root)]) == 0

    came = snapshot(fresh(whole, version))
    edited_or_new = {
        path: text for path, text in came.items() if path not in snapshot(fresh(chosen, version))
    }
    assert files_of(root) == with_edits(fresh(whole, version), edited_or_new | edited, edits)
    assert made == ["setup", "generate-from-spec", "lint"]

    commit_all(root, "More")
    assert main(["remove-module", name, "--yes", "--root", str(root)]) == 0
    assert files_of(root) == with_edits(fresh(chosen, version), edited, edits)


def test_what_removing_a_module_means_is_told_and_asked(
    project: Make,
    fresh: Make,
    made: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = project(MODULES)
    own = {
        "services/backend/src/mine.py": "# mine\n",
        "services/billing/spec/billing.yaml": "operations:\n  a:\n    events: {subscribe: user.created}\n",
    }
    for path, text in own.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    services = root / "services.yml"
    services.write_text(services.read_text() + "  - name: billing\n    calls: [backend.get_user]\n")
    (root / "services/backend/src/routes.py").write_text("# mine\n")
    (root / "services/backend/AGENTS.md").write_text("# mine\n")
    (root / "services/backend/requirements.lock").write_text("# Made by `make lock`.\n")
    (root / "services/billing/requirements.lock").write_text("# Made by `make lock`.\n")
    (root / "services/backend/tests/__pycache__").mkdir()
    (root / "services/backend/tests/__pycache__/test_users.pyc").write_text("")
    commit_all(root, "Mine")
    told = refused(root, capsys, "remove-module", "backend")
    assert "yes=1" in told  # there is nobody to ask
    age = "edited by you, or of an older version"
    assert f"  removed  services/backend/src/routes.py  ({age})\n" in told
    assert "  removed  services/backend/AGENTS.md  (edited by you)\n" in told
    assert "  removed  services/backend/src/main.py\n" in told
    assert section(told, "Yours, and kept") == ["services/backend/src/mine.py"]
    assert re.search(r"^  services\.yml:\d+: calls: \[backend\.get_user\]$", told, re.MULTILINE)
    assert (
        "services/billing/spec/billing.yaml:3: events: {subscribe: user.created}  (nobody publishes" in told
    )

    monkeypatch.setattr(modules, "_agreed", lambda: True)
    assert main(["remove-module", "backend", "--root", str(root)]) == 0
    told = capsys.readouterr().out
    assert section(told, "Gone with your edits") == ["services/backend/AGENTS.md"]
    assert section(told, "Gone, edited by you or of an older version") == ["services/backend/src/routes.py"]
    after = files_of(root)
    assert {path: after[path].decode() for path in own} == own
    assert "services/billing/requirements.lock" in after
    left = [path for path in after if path.startswith("services/backend/")]
    assert left == ["services/backend/src/mine.py"]


def test_no_answer_is_no(
    project: Make, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = project(["backend", "tg_bot"])
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    assert "Nothing was changed." in refused(root, capsys, "remove-module", "tg_bot")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["add-module", "tg_bot"], "in this project already"),
        (["add-module", "backend"], "though services/backend is not there"),
        (["add-module", "tgbot"], "did you mean 'tg_bot'?"),
        (["add-module"], "The template has: backend, tg_bot, notifications"),
        (["add-module", "notifications"], "a service notifications of your own"),
        (["remove-module", "backend", "--yes"], "not in this project"),
        (["remove-module", "frontdoor", "--yes"], "has no service 'frontdoor'"),
        (["remove-module", "tg_bot", "--yes"], "the only service of the template"),
    ],
    ids=str,
)
def test_modules_that_cannot_come_or_go(
    project: Make, capsys: pytest.CaptureFixture[str], command: list[str], told: str
) -> None:
    root = project(["tg_bot"])
    services = root / "services.yml"
    services.write_text(services.read_text() + "  - {name: notifications, type: python-fastapi}\n")
    if "though" in told:
        replace(root / ".copier-answers.yml", "- tg_bot\n", "- backend\n- tg_bot\n")
    commit_all(root, "Mine")
    assert told in refused(root, capsys, *command)
