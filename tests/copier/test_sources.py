"""From wherever the template comes, a project has the framework as files of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.copier.support import files, render, run_make


def framework_of(folder: Path) -> dict[str, bytes]:
    """Return the files of a framework with their content, compiled ones left out."""
    return {
        str(path): (folder / path).read_bytes() for path in files(folder) if "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("form", ["{path}", "git+file://{path}", "file://{path}/.git"])
def test_the_framework_arrives_as_real_files(whole_template: Path, tmp_path: Path, form: str) -> None:
    project = render(form.format(path=whole_template), tmp_path / "project", ["tg_bot"])
    assert not any(path.is_symlink() for path in project.rglob("*"))
    assert framework_of(project / ".framework" / "framework") == framework_of(whole_template / "framework")


def test_a_git_without_links_is_told_the_cure(whole_template: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    setting = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.symlinks",
        "GIT_CONFIG_VALUE_0": "false",
    }
    source = f"git+file://{whole_template}"
    copy = [sys.executable, "-m", "copier", "copy", "--quiet", "--defaults", source, str(project)]
    subprocess.run(copy, env=os.environ | setting, check=True)
    assert (project / ".framework" / "framework").is_file()

    setup = run_make(project, "setup", check=False)

    assert setup.returncode != 0
    assert "a small text file instead of a folder" in setup.stderr
    assert "core.symlinks true" in setup.stderr
    assert not (project / ".venv").exists()
