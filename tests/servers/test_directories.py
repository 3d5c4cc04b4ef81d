"""Temporary directories: removed by their owner, or by the next one when their owner was killed."""

import fcntl
from pathlib import Path

import pytest

from framework.servers.directories import TemporaryDirectory
from tests.servers.processes import read_line, start_python

OWNER = """
import time
from framework.servers.directories import TemporaryDirectory
print(TemporaryDirectory("orphan").path, flush=True)
time.sleep(60)
"""


def test_a_directory_is_there_until_it_is_removed() -> None:
    directory = TemporaryDirectory("test")
    (directory.path / "file").write_text("content")

    directory.remove()
    directory.remove()

    assert not directory.path.exists()


def test_what_a_killed_owner_left_is_removed_by_the_next_and_what_is_owned_is_not() -> None:
    owner = start_python(OWNER)
    left = Path(read_line(owner))

    TemporaryDirectory("orphan").remove()
    assert left.exists()

    owner.kill()
    owner.wait()
    TemporaryDirectory("orphan").remove()
    assert not left.exists()


def test_one_that_is_taken_for_abandoned_before_it_is_locked_is_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lock = fcntl.flock

    def lock_late(descriptor: int, operation: int) -> None:
        monkeypatch.undo()
        TemporaryDirectory("late").remove()  # as another process does at this moment
        lock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", lock_late)

    directory = TemporaryDirectory("late")

    assert directory.path.exists()
    directory.remove()
