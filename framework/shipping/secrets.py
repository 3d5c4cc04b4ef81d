"""The secrets of production: a file for each in `infra/secrets`, which git ignores.

Passwords that only containers need are made up. The folder is for its owner alone; the files in it are for
everyone, since Compose mounts them as they are, and a service runs as another user than their owner.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from framework import deployment
from framework.shipping.errors import ShippingError
from framework.system import System

FOLDER = Path("infra", "secrets")

_BYTES = 24
"""How much chance is in a password."""


def make_up_secrets(root: Path, system: System) -> list[str]:
    """Make what can be made up; return the paths of the files that were written."""
    folder = root / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    return [str(FOLDER / name) for name in _made_up(folder, system)]


def require_secrets(root: Path, system: System) -> None:
    """Raise `ShippingError`, which names all that a person has to write, if there is any.

    Otherwise what is there can be read where it is mounted.
    """
    folder = root / FOLDER
    missing = [name for name in _wanted(system) if not (folder / name).is_file()]
    if missing:
        files = "\n".join(f"  {FOLDER / name}" for name in missing)
        raise ShippingError(
            f"These secrets are missing, each a file that holds the value and nothing else:\n{files}\n"
            "Write them; leave a file empty where the service does without."
        )
    for path in folder.iterdir():
        path.chmod(0o644)


def refuse_exposed(root: Path, system: System, settings: str) -> None:
    """Raise `ShippingError` if the file `settings` holds secrets, which it would put into the environment."""
    path = root / settings
    if not path.is_file():
        return
    lines = path.read_text(errors="replace").splitlines()
    names = {line.removeprefix("export ").partition("=")[0].strip() for line in lines if "=" in line}
    found = names & {name for service in system.services for name in deployment.secrets(service)}
    if found:
        raise ShippingError(
            f"{settings} holds what is secret: {', '.join(sorted(found))}. "
            f"Take that out, and write it into a file of its name in {FOLDER}."
        )


def _made_up(folder: Path, system: System) -> Iterator[str]:
    for name in _passwords(system):
        path = folder / name
        if not path.exists():
            path.write_text(secrets.token_hex(_BYTES))
            yield name


def _passwords(system: System) -> list[str]:
    services = [service for service in system.services if service.database]
    own = [deployment.secret_file(service, deployment.DATABASE_PASSWORD) for service in services]
    return [deployment.POSTGRES_PASSWORD, *own] if services else []


def _wanted(system: System) -> list[str]:
    """What only a person knows."""
    return sorted({name for service in system.services for name in service.secrets})
