"""`services/<service>/requirements.lock`: every package of an image, with its hashes and without any host.

A lock holds what the service asks for and what the runtime needs, in the versions of the framework's lock.
Its second line is a digest of what it was made from, so that a lock that has fallen behind is told without
asking an index.
"""

from __future__ import annotations

import hashlib
import subprocess
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from framework.deployment import extras
from framework.files import banner
from framework.shipping.errors import ShippingError
from framework.system import Service, System

_FRAMEWORK = Path(".framework")
_DIGEST = "# Made from: sha256:"


def lock_of(root: Path, service: Service) -> Path:
    """Where the lock of a service stands."""
    return root / "services" / service.name / "requirements.lock"


def outdated(root: Path, system: System) -> Iterator[str]:
    """What is wrong with the locks, a line each; nothing if the project has none at all.

    Raises `ShippingError` if a `pyproject.toml` cannot be read.
    """
    services = [service for service in system.services if service.type.is_python]
    if not any(lock_of(root, service).exists() for service in services):
        return
    for service in services:
        lock = lock_of(root, service)
        name = lock.relative_to(root).as_posix()
        if not lock.exists():
            yield f"{name}: there is no lock of {service.name}"
        elif f"{_DIGEST}{_digest(root, service)}" not in lock.read_text().splitlines()[:2]:
            yield f"{name}: {service.name} asks for something else now"


def require_locks(root: Path, system: System) -> None:
    """Raise `ShippingError` if an image could not be made, or would not hold what its service asks for."""
    services = [service for service in system.services if service.type.is_python]
    missing = [each.name for each in services if not lock_of(root, each).exists()]
    problems = list(outdated(root, system)) or [f"there is no lock of {name}" for name in missing]
    if problems:
        raise ShippingError("\n".join([*problems, "Run `make lock`."]))


def write_lock(root: Path, service: Service, uv: Sequence[str]) -> bool:
    """Make the lock of a service; whether that changed it. `uv` is the command that runs it.

    Versions that still fit are kept. Raises `ShippingError` if they cannot be found.
    """
    lock = lock_of(root, service)
    heading = f"{_heading(service)}\n{_DIGEST}{_digest(root, service)}\n"
    before = lock.read_text() if lock.exists() else ""
    body = _compiled(root, service, uv, before)
    if before == heading + body:
        return False
    lock.write_text(heading + body)
    return True


def _heading(service: Service) -> str:
    return banner(f"services/{service.name}/pyproject.toml", target="lock")


def _compiled(root: Path, service: Service, uv: Sequence[str], before: str) -> str:
    options = ["--quiet", "--universal", "--python-version=3.11", "--generate-hashes", "--no-header"]
    options += ["--no-annotate", f"--constraint={_FRAMEWORK / 'requirements.lock'}"]
    options += [f"--extra={extra}" for extra in extras(service)]
    sources = [str(_FRAMEWORK / "pyproject.toml"), str(_project_of(root, service).relative_to(root))]
    draft = root / ".tools" / f"{service.name}.lock"
    draft.parent.mkdir(exist_ok=True)
    draft.write_text(before)  # uv keeps the versions that it finds there
    try:
        command = [*uv, "pip", "compile", *options, f"--output-file={draft}", *sources]
        if subprocess.run(command, cwd=root, stdout=subprocess.DEVNULL, check=False).returncode:
            raise ShippingError(f"{service.name}: its requirements could not be locked; nothing was changed")
        return "".join(
            line for line in draft.read_text().splitlines(keepends=True) if not line.startswith("#")
        )
    finally:
        draft.unlink(missing_ok=True)


def _digest(root: Path, service: Service) -> str:
    """Name everything that the lock follows from."""
    parts = [*extras(service), *sorted(_dependencies(_project_of(root, service)))]
    parts.append((root / _FRAMEWORK / "requirements.lock").read_text())
    parts.append((root / _FRAMEWORK / "pyproject.toml").read_text())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _project_of(root: Path, service: Service) -> Path:
    return root / "services" / service.name / "pyproject.toml"


def _dependencies(project: Path) -> list[str]:
    """What a `pyproject.toml` asks for, without extras. Raises `ShippingError` if it cannot be read."""
    try:
        return [str(each) for each in tomllib.loads(project.read_text())["project"].get("dependencies", [])]
    except FileNotFoundError:
        raise ShippingError(
            f"{project}: there is no such file; if it was deleted, git has it: git checkout HEAD -- {project}"
        ) from None
    except (KeyError, TypeError, ValueError) as error:
        raise ShippingError(f"{project}: this is no description of a project: {error}") from error
