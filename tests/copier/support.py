"""What the tests of the template share: module sets, repositories, snapshots."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import copier
import jinja2
import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = ("backend", "tg_bot", "notifications")
MODULE_SETS = [chosen for count in (1, 2, 3) for chosen in itertools.combinations(MODULES, count)]
WHOLE_SETS = [
    (*chosen, *page) for page in ((), ("frontend",)) for chosen in [*MODULE_SETS, ()] if chosen or page
]
"""Those with the page, too, which needs npm."""
PAIRWISE = [*((module,) for module in MODULES), MODULES]
"""Sets that between them have every two modules together, apart, and both missing."""
WITH_FRONTEND = [
    ("frontend",),
    ("backend", "frontend"),
    ("notifications", "frontend"),
    (*MODULES, "frontend"),
]
"""Sets with the module that needs npm, which takes its time: alone, with each neighbour, with all."""
IDENTITY = ("-c", "user.name=tests", "-c", "user.email=tests@localhost", "-c", "commit.gpgsign=false")


def link_specs(folder: Path, modules: Sequence[str] = MODULES) -> None:
    """Put the template's own specs into `folder`, as a project with these modules has them."""
    template = ROOT / "template"
    text = (template / "services.yml.jinja").read_text()
    rendered = jinja2.Environment(trim_blocks=True, autoescape=True).from_string(text).render(modules=modules)
    (folder / "services.yml").write_text(rendered)
    (folder / "shared").symlink_to(template / "shared")
    (folder / "services").symlink_to(template / "services")


def named(modules: Sequence[str]) -> str:
    """Name a module set in the output of pytest."""
    return "+".join(modules)


def gated(modules: Sequence[str]) -> object:
    """Let `make test` try a module set if it belongs to the pairwise choice, `make test-all` in any case."""
    return modules if modules in PAIRWISE else pytest.param(modules, marks=pytest.mark.matrix)


def git(folder: Path, *arguments: str) -> str:
    """Run git in `folder`; returns what it prints."""
    command = ["git", *IDENTITY, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def commit_all(folder: Path, message: str) -> None:
    """Commit everything that stands in `folder`, which becomes a repository if it is none."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)


def copy_checkout(target: Path) -> None:
    """Copy what projects are made from: what git knows of it or would add to it, links as links."""
    made_from = ("copier.yml", "framework", "template")
    known = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *made_from)
    for name in known.split("\0"):
        source = ROOT / name
        if name and (source.is_symlink() or source.is_file()):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name, follow_symlinks=False)


def render(
    template: Path | str, project: Path, modules: Sequence[str], version: str | None = None, **answers: str
) -> Path:
    """Make a project as `copier copy --defaults` does, without trusting the template."""
    data = {"project_name": "demo-shop", "modules": list(modules), **answers}
    copier.run_copy(
        str(template), project, data=data, vcs_ref=version, defaults=True, quiet=True, unsafe=False
    )
    return project


def make_environment() -> dict[str, str]:
    """Return the environment without the make, the Python and the servers around the tests.

    What tells parallel tests apart is left: what they start takes no ports from one another either.
    """
    surrounding = re.compile("MAKE|MFLAGS|VIRTUAL_ENV|PYTEST(?!_XDIST_WORKER)|PYTHON|REDIS_URL|DATABASE_URL")
    return {name: value for name, value in os.environ.items() if not surrounding.match(name)}


def run_make(
    project: Path, *arguments: str, check: bool = True, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run make in a project as a person would, with `variables` in its environment."""
    command = ["make", "--no-print-directory", *arguments]
    environment = make_environment() | variables
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done


def files(project: Path) -> list[Path]:
    """List the files of a project, relative to it, but not git's own."""
    found = [path.relative_to(project) for path in sorted(project.rglob("*")) if not path.is_dir()]
    return [path for path in found if path.parts[0] != ".git"]


def snapshot(project: Path) -> dict[str, bytes]:
    """Return every file of a project with its content."""
    return {str(path): (project / path).read_bytes() for path in files(project)}
