"""What generation does to the disk: what it must, all of it or nothing, and never to a person's files."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from framework.cli import main
from framework.output import apply, diff, reconcile
from framework.plan import plan
from tests.generators.cases import CASES, ROOT, copy_specs, generate, tree

USERS = "services/backend/spec/users.yaml"
OPERATIONS = "services/backend/src/generated/operations.py"
ROUTER = "services/backend/src/generated/routers/users.py"
CONTROLLER = "services/backend/src/controllers/users.py"
APP = "services/backend/src/generated/app.py"
DOCKERFILE = "services/backend/Dockerfile"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The project of the example, generated."""
    copy_specs(CASES / "users_example", tmp_path)
    generate(tmp_path)
    return tmp_path


def moments(root: Path) -> dict[str, int]:
    return {path: (root / path).stat().st_mtime_ns for path in tree(root)}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_a_second_run_writes_nothing(root: Path) -> None:
    before = moments(root)

    assert generate(root) == []
    assert moments(root) == before


def test_what_stays_the_same_is_not_written(root: Path) -> None:
    before = moments(root)
    edit(root / "services.yml", "Users, over REST and events.", "Something else.")

    assert generate(root) == [DOCKERFILE, APP]
    after = moments(root)
    assert {path for path in after if after[path] != before[path]} == {DOCKERFILE, APP, "services.yml"}


def test_removing_an_operation_removes_what_was_made_from_it_and_nothing_else(root: Path) -> None:
    spec = root / USERS
    text = spec.read_text("utf-8")
    start, end = text.index("  delete_user:"), text.index("  # ═", text.index("  delete_user:"))
    spec.write_text(text[:start] + text[end:], "utf-8")
    before = tree(root)

    changed = generate(root)

    after = tree(root)
    assert before.keys() == after.keys()
    assert {path for path in after if after[path] != before[path]} == set(changed)
    maps = ("docs/services.md", "docs/services.svg")
    gone = {path: b"user.deleted" if path in maps else b"delete_user" for path in changed}
    assert all(gone[path] in before[path] and gone[path] not in after[path] for path in changed)
    assert b"delete_user" in after[CONTROLLER]


def test_removing_a_spec_removes_what_was_made_from_it_and_nothing_else(root: Path) -> None:
    (root / USERS).unlink()
    cache = (root / ROUTER).parent / "__pycache__"
    cache.mkdir()
    (cache / "users.cpython-311.pyc").touch()
    before = tree(root)

    generate(root)

    gone = before.keys() - tree(root).keys()
    generated = "services/backend/src/generated/"
    assert gone == {
        *(f"{generated}{name}.py" for name in ("protocols", "operations", "event_adapter")),
        *(f"{generated}{name}/users.py" for name in ("routers", "endpoints")),
    }
    assert not (root / generated / "routers").exists()
    assert (root / CONTROLLER).exists()
    assert "create_api_router" not in (root / generated / "registry.py").read_text("utf-8")


def test_removing_a_service_leaves_what_a_person_wrote(root: Path) -> None:
    (root / "services.yml").write_text("version: 2\nservices: []\n", "utf-8")
    (root / USERS).unlink()

    generate(root)

    left = {path for path in tree(root) if path.startswith("services/")}
    assert CONTROLLER in left
    assert not any("generated" in path or path.endswith("env.py") for path in left)


@pytest.mark.parametrize("content", ["", "import os\n", "#!/usr/bin/env python\n# Generated from nothing\n"])
def test_a_file_without_the_banner_is_neither_replaced_nor_deleted(root: Path, content: str) -> None:
    beside = root / "services/backend/src/generated/mine.py"
    for path in (root / ROUTER, beside):
        path.write_text(content, "utf-8")
    edit(root / USERS, "default: 20", "default: 30")
    before = tree(root)

    planned = plan(root)
    changes = reconcile(root, planned.files, planned.kept)

    assert changes.refused == (ROUTER,)
    with pytest.raises(ValueError, match="not generated"):
        apply(root, changes)
    assert main(["generate", "--root", str(root)]) == 1
    assert tree(root) == before
    (root / USERS).unlink()
    (root / ROUTER).rename(root / "services/backend/src/router.py")
    generate(root)
    assert beside.read_text("utf-8") == content


def test_something_that_is_no_file_is_in_the_way(root: Path) -> None:
    (root / ROUTER).unlink()
    (root / ROUTER).mkdir()

    assert main(["generate", "--root", str(root)]) == 1
    assert (root / ROUTER).is_dir()


def test_a_file_where_a_folder_belongs_is_in_the_way(root: Path) -> None:
    shutil.rmtree((root / ROUTER).parent)
    (root / ROUTER).parent.write_text("mine", "utf-8")
    edit(root / "services.yml", "Users, over REST and events.", "Something else.")
    before = tree(root)

    assert main(["generate", "--root", str(root)]) == 1
    assert tree(root) == before


def test_a_link_is_not_followed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "users.py"
    (root / ROUTER).rename(outside)
    (root / ROUTER).symlink_to(outside)
    edit(root / USERS, "default: 20", "default: 30")

    assert main(["generate", "--root", str(root)]) == 1
    assert "= 20" in outside.read_text("utf-8")


def test_stubs_are_made_once(root: Path) -> None:
    (root / CONTROLLER).write_text("mine", "utf-8")

    assert generate(root) == []
    (root / CONTROLLER).unlink()
    assert generate(root) == [CONTROLLER]


def test_nothing_is_written_when_a_spec_has_an_error(root: Path) -> None:
    edit(root / USERS, "default: 20", "default: 30")
    edit(root / "shared/spec/events.yaml", "message: UserRead", "message: UserRaed")
    before = tree(root)

    assert plan(root).files == ()
    assert main(["generate", "--root", str(root)]) == 1
    assert tree(root) == before


def test_a_file_taken_over_is_neither_written_nor_deleted(root: Path) -> None:
    edit(root / "services.yml", "database: true", "database: true\n    custom: [app, migrations_env]")
    edit(root / APP, "create_fastapi_app(", "create_fastapi_app(  # mine\n")
    before = tree(root)

    assert generate(root) == []
    (root / APP).unlink()
    assert generate(root) == []
    assert tree(root) == {path: text for path, text in before.items() if path != APP}


def test_a_failure_half_way_leaves_everything_as_it_was(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(root / "services.yml", "name: backend", "name: other")
    (root / "services/backend/spec").rename(root / "spec")
    before = tree(root)
    planned = plan(root)
    changes = reconcile(root, planned.files, planned.kept)
    assert {change.after is None for change in changes.changes} == {True, False}
    replace, calls = os.replace, 0

    def fail_late(source: str, target: str) -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise OSError("the disk is full")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail_late)
    with pytest.raises(OSError, match="the disk is full"):
        apply(root, changes)

    assert tree(root) == before
    assert not (root / "services/other").exists()


def test_a_disk_that_refuses_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    (root / "services.yml").open("a").write("# more\n")
    monkeypatch.setattr("framework.generation.reconcile", lambda root, *_: refuse(root / APP))

    assert main(["generate", "--root", str(root)]) == 1
    assert "Nothing was written: [Errno 13] Permission denied" in capsys.readouterr().err


def program(root: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Generate in a process of its own, after `code` has run in it."""
    lines = ["import os, resource, signal, sys", "from framework.cli import main"]
    return subprocess.run(
        [sys.executable, "-c", "\n".join([*lines, code, "sys.exit(main(['generate']))"])],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


KILL = """
replace, calls = os.replace, []
def kill_late(source, target):
    calls.append(target)
    return os.kill(os.getpid(), signal.SIGKILL) if len(calls) == 3 else replace(source, target)
os.replace = kill_late
"""


def test_after_a_kill_no_file_is_half_written_and_the_next_run_completes(root: Path, tmp_path: Path) -> None:
    before = tree(root)
    (root / USERS).rename(root / "services/backend/spec/people.yaml")
    edit(root / "services/backend/spec/people.yaml", "domain: users", "domain: people")

    assert program(root, KILL).returncode == -signal.SIGKILL

    drafts = list(root.rglob("*.draft"))
    assert drafts
    half = tree(root)
    assert generate(root)
    after = tree(root)
    assert all(
        text in (before.get(path), after.get(path))
        for path, text in half.items()
        if root / path not in drafts
    )
    assert not list(root.rglob("*.draft"))
    assert program(root, "").returncode == 0
    assert tree(root) == after


def test_a_disk_that_fills_up_leaves_everything_as_it_was(root: Path) -> None:
    shutil.rmtree(root / "services/backend/src/generated")
    before = tree(root)

    done = program(root, "resource.setrlimit(resource.RLIMIT_FSIZE, (1500, 1500))")

    assert done.returncode == 1
    assert "Nothing was written" in done.stderr
    assert tree(root) == before


def test_runs_at_the_same_time_do_each_other_no_harm(root: Path) -> None:
    expected = tree(root)
    for path in ("services/backend/src", "shared/shared"):
        shutil.rmtree(root / path)

    with ThreadPoolExecutor() as pool:
        done = list(pool.map(lambda _: program(root, ""), range(4)))

    assert [each.returncode for each in done] == [0, 0, 0, 0], [each.stderr for each in done]
    assert tree(root) == expected
    assert not list(root.rglob("*.draft"))


def test_list_tells_what_generation_owns_and_writes_nothing(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(root)
    (root / ROUTER).unlink()

    assert main(["generate", "--list", "--root", str(root)]) == 0

    lines = {line.split("\t")[1]: line.split("\t")[0] for line in capsys.readouterr().out.splitlines()}
    assert lines[ROUTER] == "generated"
    assert lines[CONTROLLER] == "stub"
    assert lines.keys() <= before.keys()
    assert not (root / ROUTER).exists()


def test_check_tells_what_would_change(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check = ["generate", "--check", "--root", str(root)]
    assert main(check) == 0
    assert capsys.readouterr().out == ""
    missing, extra = root / OPERATIONS, root / "services/backend/src/generated/routers/gone.py"
    extra.write_bytes((root / ROUTER).read_bytes())
    edit(root / ROUTER, "= 20", "= 21")
    missing.unlink()
    before = tree(root)

    assert main(check) == 1

    shown = capsys.readouterr().out
    assert f"--- /dev/null\n+++ b/{OPERATIONS}\n" in shown
    assert f"--- a/{ROUTER}\n+++ b/{ROUTER}\n" in shown
    assert "-        limit: Int64 = 21,\n+        limit: Int64 = 20,\n" in shown
    assert "+++ /dev/null" in shown
    assert tree(root) == before


def test_the_diff_is_a_patch(root: Path) -> None:
    (root / OPERATIONS).unlink()
    (root / APP).write_bytes((root / APP).read_bytes().rstrip(b"\n"))
    planned = plan(root)
    patch = diff(reconcile(root, planned.files, planned.kept))

    done = subprocess.run(
        ["git", "apply", "--verbose", "-"], input=patch, cwd=root, text=True, capture_output=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert generate(root) == []


BANNER = "Generated from shared/spec by `make generate-from-spec`. Do not edit."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("old.py", f"# {BANNER}\n"),
        ("old.ts", f"// {BANNER}\nexport {{}};\n"),
        ("old.json", f'{{\n  "$comment": "{BANNER}",\n  "type": "object"\n}}\n'),
        ("crlf.json", f'{{\r\n  "$comment": "{BANNER}",\r\n  "type": "object"\r\n}}\r\n'),
    ],
)
def test_a_generated_file_is_known_in_every_language(root: Path, name: str, text: str) -> None:
    stale = root / "shared/shared/generated" / name
    stale.write_bytes(text.encode())

    assert generate(root) == [f"shared/shared/generated/{name}"]
    assert not stale.exists()


@pytest.mark.parametrize("text", [BANNER, f"/* {BANNER} */", f'{{"a": "{BANNER}"}}', f"x\n# {BANNER}\n"])
def test_what_only_speaks_of_the_banner_is_a_persons(root: Path, text: str) -> None:
    own = root / "shared/shared/generated/own.txt"
    own.write_text(text)

    assert generate(root) == []
    assert own.exists()
