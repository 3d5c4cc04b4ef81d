"""What the template costs: making a project, updating it, adding a service; and what was promised of that.

    make bench name=template

A copy is compared with one of a template of as many empty files, at the same places; an update and a new
service with Copier's own update. What follows an update (setup, generation, checks) is not measured: a `make`
that does nothing stands in for it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tooling.bench.measurement import BenchError, Rounds, Subject
from tooling.bench.report import Bar, Report

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 1.3
"""How many times the processor time of a copy of empty files a copy of ours may take."""

_IDENTITY = ("-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "commit.gpgSign=false")
_CHOSEN = ("--vcs-ref=v1.0.0", "--data", "modules=[backend, tg_bot]")
_EMPTY = "_subdirectory: template\n_exclude: []\n"
_ANSWERS = "{{ _copier_conf.answers_file }}.jinja"


def main() -> int:
    """Measure and print; 0 if every promise holds, 1 if one does not, 2 if something cannot be run."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory(prefix="bench-template-") as folder:
        try:
            report = _run(Path(folder).resolve(), arguments.rounds)
        except BenchError as error:
            print(error, file=sys.stderr)
            return 2
    print(report.json() if arguments.json else report.markdown())
    return 0 if report.holds else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tooling.bench.template", description=__doc__)
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--rounds", type=int, default=3, help="how often each copy is measured")
    return parser.parse_args()


def _run(folder: Path, rounds: int) -> Report:
    ours = _template(folder)
    environment = _environment(folder)
    project = _project(ours, folder / "project", environment)
    empty = _empty_template(project, folder / "empty")
    count = sum(1 for _ in _files(project))
    _newer(ours)

    def copy(template: Path, name: str) -> Subject:
        made = folder / name
        command = (*_copier("copy"), *_CHOSEN, str(template), str(made))
        return Subject(command, folder, environment, lambda: shutil.rmtree(made, ignore_errors=True))

    def within(*command: str) -> Subject:
        return Subject(command, project, environment, lambda: _reset(project))

    framework = (sys.executable, "-m", "framework")
    more = "modules=[backend, tg_bot, notifications]"
    _tell(f"copies, {rounds} rounds")
    copies = Rounds(
        {"copy": copy(ours, "copied"), "copy of empty files": copy(empty, "copied-empty")}, rounds
    )
    _tell("updates, one round")
    updates = Rounds(
        {
            "update": within(*framework, "update"),
            "copier update": within(*_copier("update")),
            "add-module": within(*framework, "add-module", "notifications"),
            "copier update --data": within(*_copier("update"), "--vcs-ref=:current:", "--data", more),
        },
        1,
        warm_up=False,
    )
    return Report(
        ("command", "seconds", "compared with", "seconds", "ratio"),
        [
            _row(copies, "copy", "copy of empty files"),
            _row(updates, "update", "copier update"),
            _row(updates, "add-module", "copier update --data"),
        ],
        [
            Bar(
                f"a copy of {count} files, copies of as many empty ones",
                copies.ratio("copy", "copy of empty files"),
                LIMIT,
            )
        ],
        [
            "Seconds of processor time. Of copies the medians, and the median of the ratios of the rounds; "
            "updates are measured once, because nothing is promised of them and they take the longest."
        ],
    )


def _row(found: Rounds, name: str, other: str) -> tuple[str, ...]:
    seconds = (f"{found.seconds(each):.2f}" for each in (name, other))
    return (name, next(seconds), other, next(seconds), f"{found.ratio(name, other):.2f}")


def _tell(what: str) -> None:
    print(f"Measuring {what} …", file=sys.stderr, flush=True)


def _template(folder: Path) -> Path:
    """A repository of what this checkout has committed."""
    target = folder / "template"
    _git(folder, "clone", "--quiet", "--no-tags", str(ROOT), str(target))
    _git(target, "tag", "v1.0.0")
    return target


def _newer(template: Path) -> None:
    """Release a version in which a file of each ground differs."""
    for name in ("template/Makefile", "template/services/backend/src/main.py", "framework/__init__.py"):
        file = template / name
        file.write_text(file.read_text() + "\n# Newer.\n")
    _git(template, "commit", "--quiet", "--all", "--message", "Newer")
    _git(template, "tag", "v1.1.0")


def _project(template: Path, target: Path, environment: Mapping[str, str]) -> Path:
    """A committed project of two services."""
    subprocess.run([*_copier("copy"), *_CHOSEN, str(template), str(target)], env=environment, check=True)
    _commit(target)
    return target


def _empty_template(project: Path, target: Path) -> Path:
    """A template that has an empty file wherever the project has one, and the answers file."""
    for path in _files(project):
        file = target / "template" / path.relative_to(project)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (target / "template/.copier-answers.yml").rename(target / "template" / _ANSWERS)
    (target / "copier.yml").write_text(_EMPTY)
    _commit(target)
    _git(target, "tag", "v1.0.0")
    return target


def _environment(folder: Path) -> dict[str, str]:
    """No settings of this machine, a cache of its own, and a `make` that does nothing."""
    programs = folder / "bin"
    programs.mkdir()
    (programs / "make").write_text("#!/bin/sh\nexit 0\n")
    (programs / "make").chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "COPIER_CACHE_DIR": str(folder / "cache"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def _copier(command: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "copier", command, "--quiet", "--defaults")


def _reset(project: Path) -> None:
    _git(project, "reset", "--quiet", "--hard")
    _git(project, "clean", "--quiet", "-fdx")


def _commit(folder: Path) -> None:
    _git(folder, "init", "--quiet")
    _git(folder, "add", "--all", "--force")
    _git(folder, "commit", "--quiet", "--message", "All of it")


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in found if ".git" not in path.relative_to(folder).parts]


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *_IDENTITY, *arguments], cwd=folder, check=True)


if __name__ == "__main__":
    sys.exit(main())
