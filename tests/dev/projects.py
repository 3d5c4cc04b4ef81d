"""A small made-up project, and its `framework dev` as a process."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from framework.servers.ports import free_port
from tests.servers.processes import BYTECODE, ROOT, is_alive, python_path

PORTS = {name: value for name, value in os.environ.items() if name.startswith("PYTEST_XDIST_WORKER")}
"""What keeps the processes of parallel tests from taking one another's ports: see `free_port`."""
APPLICATION = """
import json
import os

GREETING = "hello"


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                print("ended gracefully")
                return
    body = json.dumps({"greeting": GREETING, "environment": dict(os.environ), "pid": os.getpid()}).encode()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})
"""
BOT = """
import time

print("polling as the bot", flush=True)
time.sleep(600)
"""
ENVIRONMENT = """
from framework.runtime.migrate import run_service_migrations
from services.{name}.src.models import Base

run_service_migrations(Base.metadata)
"""
MODELS = """
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __tablename__ = "things"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
"""


class MadeProject:
    """A project at `root`, to which a test adds services."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.entries: list[str] = []
        (root / "shared" / "shared" / "generated").mkdir(parents=True)
        self.settings: dict[str, str] = {}

    def add(
        self, name: str, *, type_: str = "python-fastapi", main: str = APPLICATION, extra: str = ""
    ) -> Path:
        """Add a service, on a port that is free if `extra` names none; returns its `src/main.py`."""
        port = "" if "port:" in extra else f", port: {free_port()}"
        source = self.root / "services" / name / "src"
        (source / "generated").mkdir(parents=True)
        self.write(source / "main.py", main)
        self.entries.append(f"  - {{name: {name}, type: {type_}{extra}{port}}}\n")
        self.write(self.root / "services.yml", "version: 2\nservices:\n" + "".join(self.entries))
        return source / "main.py"

    def add_with_database(self, name: str) -> Path:
        """Add a service with a table `things` and no migration yet; returns its folder."""
        folder = self.add(name, extra=", database: true").parents[1]
        self.write(folder / "src" / "models.py", MODELS)
        self.write(folder / "migrations" / "env.py", ENVIRONMENT.format(name=name))
        return folder

    def write(self, path: Path, text: str) -> None:
        """Write a file as an editor saves it: at one blow, so that nobody sees it empty meanwhile."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.draft")
        draft.write_text(text)
        draft.replace(path)

    @property
    def environment(self) -> dict[str, str]:
        """What commands in the project are started with."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "PYTHONPATH": python_path(ROOT, self.root, self.root / "shared"),
            "PYTHONPYCACHEPREFIX": BYTECODE,
            **PORTS,
            **self.settings,
        }

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `framework …` to its end in the project."""
        return subprocess.run(
            [sys.executable, "-m", "framework", *arguments],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    @contextmanager
    def running(self, *arguments: str) -> Iterator[Dev]:
        """Run `framework dev` in the project for the length of a block."""
        dev = Dev(self, arguments)
        try:
            yield dev
        except BaseException:
            print(dev.log)
            raise
        finally:
            dev.process.kill()
            dev.process.wait()


class Dev:
    """A running `framework dev`."""

    def __init__(self, project: MadeProject, arguments: tuple[str, ...]) -> None:
        self._log = project.root.parent / f"dev-{time.monotonic_ns()}.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "framework", "dev", *arguments],
                cwd=project.root,
                env=project.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        """What it has written so far."""
        return self._log.read_text()

    def wait_for(self, pattern: str, *, times: int = 1, within: float = 60.0) -> str:
        """Wait until a part of the log matches for the so-manieth time; returns its last group."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            found = list(re.finditer(pattern, self.log))
            if len(found) >= times:
                return found[times - 1][found[times - 1].re.groups]
            if self.process.poll() is not None:
                pytest.fail(f"it ended with {self.process.returncode} before {pattern!r}:\n{self.log}")
            time.sleep(0.02)
        raise AssertionError(f"no {pattern!r} in the log:\n{self.log}")

    def pid_of(self, name: str, *, times: int = 1) -> int:
        """The process id of a service, once it was started so many times."""
        return int(self.wait_for(rf"{name} started, pid (\d+)", times=times))

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Send a signal, wait for the end, return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)

    def descendants(self) -> list[int]:
        """The processes it started, and theirs."""
        found = [process.pid for process in psutil.Process(self.process.pid).children(recursive=True)]
        return sorted(pid for pid in found if is_alive(pid))
