"""Every module set makes a whole project: nothing of the template shows, nothing is missing or too much."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable, Sequence
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.copier.support import MODULE_SETS, MODULES, ROOT, commit_all, files, git, named

Rendered = Callable[[Sequence[str]], Path]

every_module_set = pytest.mark.parametrize("modules", MODULE_SETS, ids=named)

EXPRESSION_OF_GITHUB = re.compile(r"\$\{\{ .*? \}\}")
JINJA = re.compile(r"\{%|%\}|\{\{ | \}\}|\{#")
FORBIDDEN_IN_NAMES = re.compile(r"[{}\"'\\:*?<>|\s]|\.jinja$|\.orig$|\.rej$")


def own_files(project: Path) -> list[Path]:
    """List the files outside the framework, which has templates of its own."""
    return [path for path in files(project) if path.parts[0] != ".framework"]


@every_module_set
def test_no_jinja_is_left(rendered: Rendered, modules: tuple[str, ...]) -> None:
    project = rendered(modules)
    texts = {str(path): (project / path).read_text() for path in own_files(project)}
    left = [path for path, text in texts.items() if JINJA.search(EXPRESSION_OF_GITHUB.sub("", text))]
    assert left == []


@every_module_set
def test_file_names_work_everywhere(rendered: Rendered, modules: tuple[str, ...]) -> None:
    project = rendered(modules)
    assert [str(path) for path in files(project) if FORBIDDEN_IN_NAMES.search(str(path))] == []
    folded = [str(path).casefold() for path in files(project)]
    assert len(set(folded)) == len(folded)


def test_the_framework_is_safe_to_copy() -> None:
    """Copier renders the braces in paths and whatever ends in `.jinja`, in the framework as anywhere."""
    names = git(ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "framework").split()
    assert [name for name in names if FORBIDDEN_IN_NAMES.search(name)] == []


@every_module_set
def test_nothing_is_empty(rendered: Rendered, modules: tuple[str, ...]) -> None:
    project = rendered(modules)
    empty_files = [str(path) for path in own_files(project) if not (project / path).read_text().strip()]
    folders = [path for path in project.rglob("*") if path.is_dir()]
    empty_folders = [str(path) for path in folders if not any(path.iterdir())]
    assert empty_files + empty_folders == []


@every_module_set
def test_every_file_ends_with_one_newline(rendered: Rendered, modules: tuple[str, ...]) -> None:
    project = rendered(modules)
    texts = {str(path): (project / path).read_text() for path in own_files(project)}
    wrong = [name for name, text in texts.items() if not text.endswith("\n") or text.endswith("\n\n")]
    trailing = [name for name, text in texts.items() if re.search(r"[ \t]$|\n\n\n\n", text, re.MULTILINE)]
    assert wrong + trailing == []


@every_module_set
def test_services_are_those_chosen(rendered: Rendered, modules: tuple[str, ...]) -> None:
    project = rendered(modules)
    assert {path.name for path in (project / "services").iterdir()} == set(modules)
    listed = re.findall(r"^  - name: (\w+)$", (project / "services.yml").read_text(), re.MULTILINE)
    assert listed == [module for module in MODULES if module in modules]


@every_module_set
def test_nothing_speaks_of_a_service_that_was_not_chosen(
    rendered: Rendered, modules: tuple[str, ...]
) -> None:
    project = rendered(modules)
    absent = "|".join(module for module in MODULES if module not in modules) or "nothing-absent"
    reference = re.compile(
        rf"services[./]({absent})\b|suite=({absent})\b|clients[./]({absent})\b|({absent})\.yaml"
    )
    found = [
        f"{path}: {match[0]}"
        for path in own_files(project)
        for match in reference.finditer((project / path).read_text())
    ]
    assert found == []


@every_module_set
def test_documents_name_only_targets_that_exist(rendered: Rendered, modules: tuple[str, ...]) -> None:
    project = rendered(modules)
    targets = set(re.findall(r"^([a-z-]+):", (project / "Makefile").read_text(), re.MULTILINE))
    for path in own_files(project):
        if path.suffix in {".md", ".yml", ".example"}:
            commands = re.findall(r"(?:`|^)make ([^`\n#]*)", (project / path).read_text(), re.MULTILINE)
            words = {word for command in commands for word in shlex.split(command)}
            named_targets = {word for word in words if "=" not in word}
            assert named_targets <= targets, path


@every_module_set
def test_links_between_documents_lead_somewhere(rendered: Rendered, modules: tuple[str, ...]) -> None:
    project = rendered(modules)
    for path in own_files(project):
        if path.suffix == ".md":
            for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", (project / path).read_text()):
                is_made_later = fnmatch((path.parent / target).as_posix(), "docs/services.*")
                assert is_made_later or (project / path.parent / target).exists(), f"{path} links to {target}"


def test_a_clone_has_no_line_ends_of_windows_whatever_git_is_told(rendered: Rendered, tmp_path: Path) -> None:
    project, clone = tmp_path / "project", tmp_path / "clone"
    shutil.copytree(rendered(MODULES), project, symlinks=True)
    commit_all(project, "A project")
    git(tmp_path, "clone", "--quiet", "--config", "core.autocrlf=true", str(project), str(clone))
    assert [str(path) for path in files(clone) if b"\r\n" in (clone / path).read_bytes()] == []


def test_the_env_file_is_never_shipped(rendered: Rendered) -> None:
    project = rendered(MODULES)
    assert (project / ".env.example").exists()
    assert not (project / ".env").exists()
