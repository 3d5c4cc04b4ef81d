"""`framework generate --watch` as a process: what people do to specs, and what it makes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.generators.cases import CASES, ROOT, copy_specs, generate

USERS = "services/backend/spec/users.yaml"
ROUTER = "services/backend/src/generated/routers/users.py"


class Watch:
    """A project, and the process that watches it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.process = subprocess.Popen(
            [sys.executable, "-m", "framework", "generate", "--watch"],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.wait_for("Watching the specs; Ctrl-C ends it.")

    def wait_for(self, words: str) -> str:
        """Read until a line has these words; the line."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if words in line:
                return line
        raise AssertionError(f"it ended without telling {words!r}")

    def edit(self, old: str, new: str, path: str = USERS) -> None:
        text = (self.root / path).read_text("utf-8")
        assert old in text
        (self.root / path).write_text(text.replace(old, new), "utf-8")

    @property
    def router(self) -> str:
        return (self.root / ROUTER).read_text("utf-8")

    def wait_for_router(self, words: str) -> None:
        """Wait until the router has these words: what takes several steps may be seen half-done before."""
        while not (self.root / ROUTER).exists() or words not in self.router:
            self.wait_for("Files written")


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    copy_specs(CASES / "users_example", tmp_path)
    watch = Watch(tmp_path)
    watch.wait_for("Files written")
    yield watch
    watch.process.kill()
    watch.process.wait()


def test_a_save_is_generated_from(watch: Watch) -> None:
    watch.edit("default: 20", "default: 30")

    watch.wait_for("Files written")
    assert "limit: Int64 = 30" in watch.router


def test_a_mistake_is_told_and_that_it_is_mended(watch: Watch) -> None:
    watch.edit("output: UserRead", "output: UserRaed")
    assert USERS in watch.wait_for("error[unknown-model]: no model 'UserRaed'")
    watch.wait_for("Nothing was written.")

    watch.edit("output: UserRaed", "output: UserRead")

    watch.wait_for("The mistakes are mended.")
    watch.edit("default: 20", "default: 30")
    watch.wait_for("Files written")


def test_an_editor_may_put_a_new_file_in_the_place_of_the_old_one(watch: Watch) -> None:
    for default in (30, 40):
        draft = watch.root / "services/backend/spec/.users.yaml.draft"
        draft.write_text(
            (watch.root / USERS).read_text("utf-8").replace("default: 20", f"default: {default}")
        )
        draft.replace(watch.root / USERS)

        watch.wait_for("Files written")
        assert f"limit: Int64 = {default}" in watch.router
        watch.edit(f"default: {default}", "default: 20")
        watch.wait_for("Files written")


def test_a_save_that_keeps_size_and_time_is_seen(watch: Watch) -> None:
    path = watch.root / USERS
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    watch.edit("default: 20", "default: 30")
    os.utime(path, ns=times)

    watch.wait_for("Files written")


def test_folders_may_go_and_come_back(watch: Watch) -> None:
    away = watch.root / "away"
    (watch.root / "services/backend/spec").rename(away)
    watch.wait_for("Files written")
    assert not (watch.root / ROUTER).exists()

    away.rename(watch.root / "services/backend/spec")
    watch.wait_for("Files written")
    assert (watch.root / ROUTER).exists()

    (watch.root / "shared").rename(away)
    watch.wait_for("Nothing was written.")
    away.rename(watch.root / "shared")
    watch.wait_for("The mistakes are mended.")


def test_what_was_generated_and_is_taken_away_comes_back(watch: Watch) -> None:
    (watch.root / ROUTER).parent.rename(watch.root / "away")

    watch.wait_for("Files written")
    assert (watch.root / ROUTER).exists()


def test_a_checkout_of_another_branch_is_generated_from(watch: Watch) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=watch.root, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("add", "services.yml", "services/backend/spec", "shared/spec")
    git("commit", "-qm", "The specs")
    git("checkout", "-qb", "other")
    watch.edit("default: 20", "default: 30")
    watch.wait_for("Files written")
    git("commit", "-qam", "Another default")

    git("checkout", "-q", "main")
    watch.wait_for_router("limit: Int64 = 20")
    git("checkout", "-q", "other")
    watch.wait_for_router("limit: Int64 = 30")


def test_after_a_burst_of_saves_the_last_one_counts(watch: Watch) -> None:
    for default in range(20, 60):
        watch.edit(f"default: {default}", f"default: {default + 1}")

    watch.wait_for_router("limit: Int64 = 60")


def test_ctrl_c_ends_it_without_a_word(watch: Watch) -> None:
    watch.process.send_signal(signal.SIGINT)

    assert watch.process.communicate()[0] == ""
    assert watch.process.returncode == 130
    assert generate(watch.root) == []
