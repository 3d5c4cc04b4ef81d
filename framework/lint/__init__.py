"""Rules on the code that a person writes: what the specs ask of it, and what they spare it."""

from __future__ import annotations

from pathlib import Path

from framework.diagnostics import Diagnostics
from framework.formatting import formatted
from framework.generators import generate, taken_over
from framework.generators.controllers import path as path_of_controller
from framework.lint.allowances import check_allowances
from framework.lint.controllers import check_controllers
from framework.lint.generated import check_generated, check_strangers
from framework.lint.leftovers import check_leftovers
from framework.lint.messages import check_messages
from framework.lint.modules import read
from framework.lint.neighbours import check_neighbours
from framework.lint.refusals import check_refusals
from framework.lint.routes import check_routes
from framework.lint.settings import check_settings
from framework.load import Specs, load
from framework.output import reconcile
from framework.resolve import resolve
from framework.scaffold.folders import check_folders, check_made
from framework.system import System

__all__ = ["lint", "lint_code"]


def lint(root: Path) -> Diagnostics:
    """Everything that is wrong with the project at `root`: its specs, its generated code, a person's code.

    Raises OSError if the project cannot be read.
    """
    specs, diagnostics = load(root)
    system = resolve(specs, diagnostics)
    is_sound = not diagnostics.has_errors
    _check_code(root, specs, system, diagnostics)
    if is_sound:
        _check_generated(root, system, diagnostics)
    return diagnostics


def lint_code(root: Path) -> Diagnostics:
    """What is wrong with a person's code in the project at `root`, whose specs are sound. Raises OSError."""
    specs, diagnostics = load(root)
    system = resolve(specs, diagnostics)
    _check_code(root, specs, system, diagnostics)
    return diagnostics


def _check_generated(root: Path, system: System, diagnostics: Diagnostics) -> None:
    files = list(formatted(sorted(generate(system), key=lambda file: file.path)))
    changes = reconcile(root, files, taken_over(system))
    planned = taken_over(system).union(file.path for file in files)
    check_strangers(root, planned, diagnostics)
    stubs = {path_of_controller(service, domain) for service in system.services for domain in service.domains}
    check_generated(root, changes, frozenset(stubs), diagnostics)


def _check_code(root: Path, specs: Specs, system: System, diagnostics: Diagnostics) -> None:
    found = Diagnostics()
    code = read(root, taken_over(system), found)
    check_messages(code, found)
    check_routes(code, found)
    check_refusals(code, found)
    if not diagnostics.has_errors:
        check_controllers(root, code, specs, system, found)
        check_leftovers(code, system, found)
        if check_folders(root, specs, system, found):
            check_made(root, specs, system, found)
        check_neighbours(code, system, found)
        check_settings(root, code, system, found)
    check_allowances(code, found, diagnostics)
