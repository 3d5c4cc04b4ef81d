"""The cases with an expected tree: `specs` is what a person wrote before `make sync-services`."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

from framework.output import apply, reconcile
from framework.plan import plan
from framework.scaffold.sync import synchronize

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
FOLDERS = sorted(path.parent for path in CASES.glob("*/expected"))
NAMES = [folder.name for folder in FOLDERS]


def copy_specs(folder: Path, root: Path) -> Path:
    """Make the project of a case at `root`, as it is before the first generation."""
    shutil.copytree(folder / "specs", root, dirs_exist_ok=True)
    return root


def generate(root: Path) -> list[str]:
    """Generate the project at `root`; the paths that changed."""
    planned = plan(root)
    assert not planned.diagnostics.has_errors, list(planned.diagnostics)
    changes = reconcile(root, planned.files, planned.kept)
    apply(root, changes)
    return [change.path for change in changes.changes]


def make_project(folder: Path, root: Path) -> Path:
    """Make the project of a case at `root` as the template does, its services too, and add its `code`."""
    copy_specs(folder, root)
    assert synchronize(root).is_sound
    if (folder / "code").exists():
        shutil.copytree(folder / "code", root, dirs_exist_ok=True)
    (root / ".framework").mkdir()
    (root / ".framework" / "framework").symlink_to(ROOT / "framework")
    shutil.copy(ROOT / "template" / "pyproject.toml", root)
    shutil.copy(ROOT / "template" / "shared" / "shared" / "__init__.py", root / "shared" / "shared")
    return root


def tree(root: Path) -> dict[str, bytes]:
    """Every file below `root` that matters, by path."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not {"__pycache__", ".framework_cache", ".mypy_cache"} & set(path.parts)
    }


def type_checked(root: Path) -> subprocess.CompletedProcess[str]:
    """Run mypy on a project; one at a time, since it breaks down when two write into one cache."""
    cache = ROOT / ".mypy_cache" / "cases"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return subprocess.run(
            [sys.executable, "-m", "mypy", "--cache-dir", cache, "services", "shared"],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
