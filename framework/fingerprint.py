"""Leave early: whether anything has changed since the last generation, told before the heavy imports."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from framework.places import GENERATED, SPECS

_CACHE = ".framework_cache"
_RECORD = "generated"


def is_current(root: Path) -> bool:
    """Tell whether specs, generated files and the generator itself are as they were at the last `record`."""
    try:
        digest, *paths = (root / _CACHE / _RECORD).read_text("utf-8").splitlines()
        return all(os.path.lexists(root / path) for path in paths) and digest == _digest(root)
    except (OSError, ValueError):
        return False


def record(root: Path, paths: Iterable[str]) -> None:
    """Note that the project at `root` is as its plan wants it; `paths` are those of all planned files.

    A cache that cannot be written costs time and nothing else.
    """
    there = [path for path in paths if os.path.lexists(root / path)]
    folder = root / _CACHE
    try:
        folder.mkdir(exist_ok=True)
        (folder / ".gitignore").write_text("*\n", "utf-8")
        (folder / _RECORD).write_text("\n".join([_digest(root), *there]), "utf-8")
    except OSError:
        return


def _digest(root: Path) -> str:
    digest = hashlib.blake2b(repr(sys.version_info).encode(), digest_size=16)
    for part in _tools():
        digest.update(part.encode())
    for path in sorted(_project_files(root)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _project_files(root: Path) -> Iterator[Path]:
    for place in SPECS + GENERATED:
        yield from (path for path in root.glob(place) if path.is_file() and path.suffix != ".pyc")


def _tools() -> Iterator[str]:
    """The generator and the formatter, as far as size and time of their files tell."""
    framework = Path(__file__).parent
    parts = [framework, *(framework / name for name in ("catalogue", "generators", "resolve", "spec"))]
    files = [path for part in parts for path in part.glob("*.py")]
    files += (framework / "templates").glob("*/*.*")
    for path in [*sorted(files), Path(sys.prefix, "bin", "ruff")]:
        status = path.stat() if path.exists() else None
        yield f"{path.name}\0{status.st_size}\0{status.st_mtime_ns}\0" if status else f"{path.name}\0"
