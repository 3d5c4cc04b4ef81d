"""The code of a project while its services run: in step with the specs, and told where it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from framework.catalogue.code import CODE
from framework.diagnostics import Diagnostic
from framework.fingerprint import is_current
from framework.generation import generate_files
from framework.lint import lint_code

_TOLD_BY_SERVICES = "python-syntax"
"""The code of what a service says itself, when it does not start."""

_DETAILS = "Run `make lint` to see the places, and what to write."

Tell = Callable[[str], object]


def bring_up_to_date(root: Path, tell: Tell) -> None:
    """Generate what has changed since the last generation, before anything of it is run."""
    if is_current(root):
        return
    try:
        outcome = generate_files(root)
    except OSError as error:
        tell(f"The code could not be generated: {error}")
        return
    for warning in outcome.warnings:
        tell(warning)
    if outcome.changes.changes and outcome.is_done:
        tell(outcome.summary)


async def check_on_save(root: Path, saved: asyncio.Event, tell: Tell) -> None:
    """Tell what `framework lint` finds in a person's code, now and after each save; each thing once."""
    told: set[tuple[str, str, str]] = set()
    while True:
        saved.clear()
        found = {
            (each.place.path, each.code, each.message): each for each in await asyncio.to_thread(_found, root)
        }
        if new := [each for kind, each in found.items() if kind not in told]:
            tell("\n".join([*(_line(each) for each in new), _DETAILS]))
        told = set(found)
        await saved.wait()


def _found(root: Path) -> list[Diagnostic]:
    try:
        return [each for each in lint_code(root) if each.code in CODE and each.code != _TOLD_BY_SERVICES]
    except Exception:  # a file that went away meanwhile, or a mistake of ours, which `make lint` shows
        return []  # neither is a reason to end the services


def _line(found: Diagnostic) -> str:
    return f"{found.place}: {found.severity}[{found.code}]: {found.message}"
