"""What follows from specs that validate: whether it can be generated, imported, and described."""

from __future__ import annotations

import faulthandler
import importlib
import os
import shutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI

from framework.generators import generate
from framework.load import load
from framework.resolve import resolve
from framework.scaffold.stubs import stubs
from framework.system import Service, System

SECONDS = 60
"""How long generating and importing one project may take."""

PACKAGE = '"""What the services of a project share."""\n'


def preload(project: Path, copy: Path) -> None:
    """Import what projects import, by checking a sound one, so that a fork has it already."""
    shutil.copytree(project, copy)
    path, environment = list(sys.path), dict(os.environ)
    check(copy)
    sys.path[:] = path
    os.environ.clear()
    os.environ.update(environment)
    for name in [name for name in sys.modules if name.partition(".")[0] in {"services", "shared"}]:
        del sys.modules[name]


def _generate(root: Path) -> System:
    """Write the files of the project at `root`, unformatted, since that is what takes the longest."""
    system = resolve(*load(root))
    begun = (file for service in system.services for file in stubs(service))
    for file in (*generate(system), *begun):
        path = root / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    (root / "shared" / "shared" / "__init__.py").write_text(PACKAGE, encoding="utf-8")
    return system


def in_a_fork(work: Callable[[], None], log: Path) -> str:
    """Do `work` in a process of its own; what it printed if it failed, or nothing."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            stream = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(stream, 1)
            os.dup2(stream, 2)
            faulthandler.dump_traceback_later(SECONDS, exit=True)
            work()
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
    _, status = os.waitpid(child, 0)
    return "" if status == 0 else log.read_text("utf-8", "replace") or f"ended with status {status}"


def check(root: Path) -> None:
    """Generate the project at `root`, import all of it, build every OpenAPI document. Raises what fails."""
    services = _generate(root).services
    sys.path[:0] = [str(root), str(root / "shared")]
    os.environ |= {
        "DATABASE_URL": "sqlite:///nowhere.db",
        "REDIS_URL": "redis://127.0.0.1:9",
    }
    for service in services:
        for client in service.clients:
            os.environ[client.setting.upper()] = "http://127.0.0.1:9"
    for path in sorted(root.rglob("generated/**/*.py")):
        importlib.import_module(_module(path.relative_to(root)))
    for service in services:
        _start(service)


def _module(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[1:] if parts[0] == "shared" else parts)


def _start(service: Service) -> None:
    if "app" in service.custom or not service.type.is_application:
        return
    app = importlib.import_module(f"services.{service.name}.src.generated.app").create_app()
    assert isinstance(app, FastAPI)  # noqa: S101
    app.openapi()
