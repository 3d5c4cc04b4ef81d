"""Rules on workflows that no schema has; each returns what is wrong, a sentence each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

Workflow = dict[str, Any]

_PINNED = re.compile(r"[\w.-]+(?:/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
_USES = re.compile(r"^\s*(?:- )?uses: (.+)$", re.MULTILINE)
_MAKE = re.compile(r"\bmake ([a-z0-9-]+(?: [a-z0-9-]+(?![\w=-]))*)")


def problems(root: Path, makefile: Path) -> list[str]:
    """What is wrong with the workflows and actions of a repository."""
    files = [*root.glob(".github/workflows/*.yml"), *root.glob(".github/actions/*/action.yml")]
    return [
        f"{file.name}: {problem}" for file in sorted(files) for problem in _problems(file, root, makefile)
    ]


def _problems(file: Path, root: Path, makefile: Path) -> Iterator[str]:
    text = file.read_text()
    workflow: Workflow = yaml.safe_load(text)
    yield from _unpinned(text, root)
    yield from _jobs(workflow)
    targets = set(re.findall(r"^([a-z0-9-]+):", makefile.read_text(), re.MULTILINE))
    for step in steps(workflow):
        yield from _step(step, targets)


def _jobs(workflow: Workflow) -> Iterator[str]:
    jobs = workflow.get("jobs", {})
    if jobs and workflow.get("permissions") != {"contents": "read"}:
        yield "it may do more than read"
    for name, job in jobs.items():
        if "steps" in job and "timeout-minutes" not in job:
            yield f"{name} may run for ever"
        if "permissions" in job:
            yield f"{name} has permissions of its own"


def _step(step: Workflow, targets: set[str]) -> Iterator[str]:
    if "actions/checkout@" in step.get("uses", "") and step["with"].get("persist-credentials") is not False:
        yield "a checkout leaves its token behind"
    command = step.get("run", "")
    if "${{" in command:
        yield f"what comes from outside is part of a command: {command}"
    for target in (each for match in _MAKE.findall(command) for each in match.split()):
        if target not in targets:
            yield f"there is no make {target}"


def _unpinned(text: str, root: Path) -> Iterator[str]:
    for used in _USES.findall(text):
        if used.startswith("./"):
            place = root / used
            if not (place.is_file() or (place / "action.yml").is_file()):
                yield f"{used} is not there"
        elif not _PINNED.fullmatch(used):
            yield f"{used} is not pinned by a commit, with its version behind it"


def steps(workflow: Workflow) -> Iterator[Workflow]:
    """The steps of all jobs of a workflow, or those of an action."""
    for job in workflow.get("jobs", {"": workflow.get("runs", {})}).values():
        yield from job.get("steps", [])
