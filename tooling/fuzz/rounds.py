"""One round: specs broken at random, what `validate` says of them, and what follows when it says nothing."""

from __future__ import annotations

import contextlib
import io
import random
import shutil
import signal
import tempfile
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from framework.cli import main
from tooling.fuzz import offspring
from tooling.fuzz.corpus import PROJECTS, Project, copy_of

SECONDS = 20
"""How long validating one project may take before it counts as a hang."""


@dataclass(slots=True)
class Account:
    """What came of many rounds: how often each outcome, and what failed, by the number of the round."""

    outcomes: Counter[str] = field(default_factory=Counter)
    failures: dict[int, str] = field(default_factory=dict)

    def add(self, other: Account) -> None:
        """Take the account of other rounds into this one."""
        self.outcomes += other.outcomes
        self.failures |= other.failures


class Hang(Exception):
    """Validation did not end in time."""


def play(numbers: range, seed: int) -> Account:
    """Play the rounds of these numbers; each depends on its number and the seed, and on nothing else."""
    signal.signal(signal.SIGALRM, _hang)
    account = Account()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        offspring.preload(PROJECTS[0], Path(folder, "sound"))
        projects = [
            copy_of(project, Path(folder, f"project{index}")) for index, project in enumerate(PROJECTS)
        ]
        for number in numbers:
            chance = random.Random(f"{seed}/{number}")  # noqa: S311 - no secret is made of it
            outcome, failure = _round(chance.choice(projects), chance, Path(folder))
            account.outcomes[outcome] += 1
            if failure:
                account.failures[number] = failure
    return account


def _round(project: Project, chance: random.Random, folder: Path) -> tuple[str, str]:
    with project.broken(chance) as (path, data):
        try:
            status, said = _validate(project.root)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            return "raised", f"{path}\n{data!r}\n{traceback.format_exc()}"
        if status == 1 and "error[" in said:
            return "refused", ""
        if status != 0:
            return "raised", f"{path}\n{data!r}\nstatus {status}, but no error was told:\n{said}"
        if failure := _offspring(project.root, folder):
            return "failed", f"{path}\n{data!r}\n{failure}"
        return "built", ""


def _validate(root: Path) -> tuple[int, str]:
    said = io.StringIO()
    signal.alarm(SECONDS)
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            return main(["validate", "--root", str(root)]), said.getvalue()
    finally:
        signal.alarm(0)


def _offspring(root: Path, folder: Path) -> str:
    copy = folder / "offspring"
    shutil.copytree(root, copy)
    try:
        return offspring.in_a_fork(lambda: offspring.check(copy), folder / "log")
    finally:
        shutil.rmtree(copy)


def _hang(number: int, frame: FrameType | None) -> None:
    raise Hang(f"validation took more than {SECONDS} s")
