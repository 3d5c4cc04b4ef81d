"""What a service says of itself when it is imported, asked in a process of its own.

The process gets settings that no server stands behind, so that nothing but its code is needed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framework.system import Service, ServiceType

_SECONDS = 120.0
"""After which an import is given up: it waits for something."""

_WORDS = 8
"""Lines of what a process said that are shown when it fails."""

_NOWHERE = "localhost:1"


class DescriptionError(Exception):
    """A service cannot be described; the message says why, for its developer."""


@dataclass(frozen=True, slots=True)
class Description:
    """`openapi` is None if the service answers no HTTP; `schemas` are JSON Schemas by their names."""

    openapi: dict[str, Any] | None
    schemas: dict[str, Any]


def describe(root: Path, service: Service, messages: Collection[str]) -> Description:
    """Import a service of the project at `root`, and the `messages` among the generated schemas.

    Raises `DescriptionError` when that fails.
    """
    app = f"services.{service.name}.src.main" if service.type is ServiceType.FASTAPI else ""
    with tempfile.TemporaryDirectory(prefix="framework-") as folder:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "framework.docs.describing", app, *sorted(messages)],
                cwd=root,
                env=_environment(root, service, Path(folder)),
                capture_output=True,
                check=False,
                stdin=subprocess.DEVNULL,
                timeout=_SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise DescriptionError(
                f"{service.name}: importing its code takes longer than {_SECONDS:.0f} seconds"
            ) from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-_WORDS:]
        words = "".join(f"\n  {line}" for line in said)
        raise DescriptionError(f"{service.name}: its code cannot be imported{words}")
    return Description(**json.loads(done.stdout))


def _environment(root: Path, service: Service, folder: Path) -> dict[str, str]:
    """The settings: those of the command, then those of `.env.example`, and no server of anybody's."""
    settings = {**_examples(root), **os.environ}
    settings |= {client.setting.upper(): f"http://{_NOWHERE}" for client in service.clients}
    roots = [root, root / "shared", Path(__file__).parents[2]]
    return settings | {
        "DATABASE_URL": f"sqlite:///{folder / 'nothing.db'}",
        "REDIS_URL": f"redis://{_NOWHERE}/0",
        "ENVIRONMENT": "development",
        "PYTHONPATH": os.pathsep.join(map(str, roots)),
    }


def _examples(root: Path) -> Mapping[str, str]:
    from dotenv import dotenv_values

    try:
        found = dotenv_values(root / ".env.example", encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    return {name: value for name, value in found.items() if value}
