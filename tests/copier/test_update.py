"""`copier update`: it brings modules and versions, and leaves alone what is the user's."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import copier
import pytest

from tests.copier.support import MODULES, commit_all, git, snapshot

Make = Callable[[Sequence[str]], Path]


def update(project: Path, modules: Sequence[str] | None = None, *, current: bool = True) -> None:
    """Run `copier update --defaults`, at the project's own version unless `current` is false."""
    copier.run_update(
        project,
        data={"modules": list(modules)} if modules else {},
        vcs_ref=copier.VcsRef.CURRENT if current else None,
        defaults=True,
        overwrite=True,
        quiet=True,
        unsafe=False,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["notifications"], MODULES),
        (["tg_bot"], ["backend", "tg_bot"]),
        (MODULES, ["backend"]),
        pytest.param(["backend"], MODULES, marks=pytest.mark.matrix),
        pytest.param(["tg_bot"], MODULES, marks=pytest.mark.matrix),
        pytest.param(["tg_bot"], ["tg_bot", "notifications"], marks=pytest.mark.matrix),
        pytest.param(["backend", "tg_bot"], MODULES, marks=pytest.mark.matrix),
        pytest.param(MODULES, ["tg_bot"], marks=pytest.mark.matrix),
    ],
    ids=lambda modules: "+".join(modules),
)
def test_other_modules_make_the_same_project_as_choosing_them_first(
    committed: Make, rendered: Make, before: Sequence[str], after: Sequence[str]
) -> None:
    project = committed(before)
    update(project, after)
    assert snapshot(project) == snapshot(rendered(after))


def test_what_the_user_wrote_survives_a_new_module(committed: Make) -> None:
    project = committed(["backend"])
    own = {
        "services/backend/src/controllers/users.py": "# mine\n",
        "services/backend/spec/users.yaml": "domain: users\noperations: {}\n",
        "services/backend/tests/unit/test_mine.py": "# mine\n",
        "shared/spec/models.yaml": "models: {}\n",
        "shared/spec/models/billing.yaml": "models: {}\n",
        "services/billing/src/main.py": "# mine\n",
    }
    for name, text in own.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    services = project / "services.yml"
    services.write_text(services.read_text() + "  - {name: billing, type: python-fastapi}\n")
    commit_all(project, "Mine")

    update(project, MODULES)

    assert {name: (project / name).read_text() for name in own} == own
    assert services.read_text().endswith("  - {name: billing, type: python-fastapi}\n")
    assert "name: notifications" in services.read_text()
    assert (project / "services/tg_bot/src/handlers/registration.py").exists()
    assert git(project, "diff", "--name-only", "--diff-filter=U") == ""


def test_what_the_user_deleted_stays_deleted(committed: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    project = committed(["backend", "tg_bot"])
    deleted = [
        "services/backend/spec/debug.yaml",
        "services/backend/src/controllers/debug.py",
        "services/tg_bot/src/handlers/registration.py",
        "shared/spec/events.yaml",
    ]
    for name in deleted:
        (project / name).unlink()
    commit_all(project, "No debugging")

    monkeypatch.chdir(project)  # as on the command line, where the destination is "."
    update(Path(), MODULES)

    assert [name for name in deleted if (project / name).exists()] == []
    assert (project / "services/notifications/spec/notifications.yaml").exists()


def test_settings_of_the_machine_survive(committed: Make) -> None:
    project = committed(["backend"])
    (project / ".env").write_text("TELEGRAM_BOT_TOKEN=secret\n")
    update(project, MODULES)
    assert (project / ".env").read_text() == "TELEGRAM_BOT_TOKEN=secret\n"


def test_a_new_version_changes_what_is_shared_and_leaves_what_is_the_users(
    template: Path, committed: Make, tmp_path: Path
) -> None:
    project = committed(["backend"])
    newer = shutil.copytree(template, tmp_path / "newer", symlinks=True)
    users = Path("services/backend/src/controllers/users.py")
    for name, old, new in [
        ("template/Makefile", "# The commands of this project", "# All commands of this project"),
        (f"template/{users}", "class UsersController", "class NewUsersController"),
        ("framework/__init__.py", '"""', '"""New. '),
    ]:
        text = (newer / name).read_text()
        assert old in text
        (newer / name).write_text(text.replace(old, new, 1))
    (newer / "template/services/backend/src/controllers/extra.py").write_text("# new in v1.1.0\n")
    commit_all(newer, "Newer")
    git(newer, "tag", "v1.1.0")
    (project / "Makefile").write_text((project / "Makefile").read_text() + "\nmine:\n\techo mine\n")
    answers = project / ".copier-answers.yml"
    answers.write_text(answers.read_text().replace(str(template), str(newer)))
    commit_all(project, "A target of mine")
    before = (project / users).read_text()

    update(project, current=False)

    makefile = (project / "Makefile").read_text()
    assert makefile.startswith("# All commands of this project")
    assert makefile.endswith("\nmine:\n\techo mine\n")
    assert (project / ".framework/framework/__init__.py").read_text().startswith('"""New. ')
    assert (project / users).read_text() == before
    assert not (project / "services/backend/src/controllers/extra.py").exists()
    commit_all(project, "Updated")
    update(project, current=False)
    assert git(project, "status", "--porcelain") == ""
