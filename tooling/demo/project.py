"""The demo's project: made by Copier, set up by its own Makefile, started by its own `make dev`."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import copier
from copier.errors import DirtyLocalWarning

from tooling.demo.steps import StepFailed

STOP_SECONDS = 60.0
SHOWN_LOG_LINES = 30
MODULES = ("backend", "tg_bot", "notifications")


@dataclass
class Project:
    """A made project in `path` and, once `start` was called, its running `make dev`."""

    path: Path
    environment: dict[str, str]
    _dev: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def log(self) -> Path:
        """The file that `make dev` writes to."""
        return self.path / ".dev" / "demo.log"

    def copy(self, template: Path) -> int:
        """Render the template with all modules into a fresh git repository; returns the number of files."""
        shutil.rmtree(self.path, ignore_errors=True)
        with warnings.catch_warnings():
            # Whoever runs the demo on a changed checkout wants to see just that.
            warnings.simplefilter("ignore", DirtyLocalWarning)
            self._copy(template)
        identity = ("-c", "user.name=demo", "-c", "user.email=demo@localhost")
        self._run("git", "init", "-q")
        self._run("git", "add", "-A")
        self._run("git", *identity, "commit", "-q", "-m", "A new project")
        return sum(1 for path in self.path.rglob("*") if path.is_file() and ".git" not in path.parts)

    def _copy(self, template: Path) -> None:
        copier.run_copy(
            str(template),
            self.path,
            data={
                "project_name": "demo",
                "project_description": "What `make demo` shows.",
                "modules": list(MODULES),
            },
            defaults=True,
            quiet=True,
            vcs_ref="HEAD" if (template / ".git").exists() else None,
        )

    def make(self, *arguments: str) -> str:
        """Run a make target of the project and return what it printed.

        Raises:
            StepFailed: the target ended non-zero; the message ends with its last lines.
        """
        return self._run("make", "--no-print-directory", *arguments)

    def start(self) -> None:
        """Start `make dev` in a process group of its own, so that Ctrl-C reaches us first."""
        self.log.parent.mkdir(exist_ok=True)
        with self.log.open("wb") as log:
            self._dev = subprocess.Popen(
                ["make", "--no-print-directory", "dev"],
                cwd=self.path,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def stop(self) -> None:
        """Stop `make dev` as Ctrl-C would, if it is running.

        Raises:
            StepFailed: it did not end by itself and had to be killed.
        """
        if self._dev is None:
            return
        dev, self._dev = self._dev, None
        if dev.poll() is None:
            os.killpg(dev.pid, signal.SIGINT)
        try:
            dev.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            raise StepFailed(f"`make dev` did not stop within {STOP_SECONDS:.0f} s of Ctrl-C") from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(dev.pid, signal.SIGKILL)

    @contextlib.contextmanager
    def held_up(self) -> Iterator[None]:
        """Have `make dev` do nothing for the length of a block; what it has started goes on."""
        if self._dev is None:
            raise StepFailed("`make dev` was not started")
        os.killpg(self._dev.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self._dev.pid, signal.SIGCONT)

    def require_running(self) -> None:
        """Raises StepFailed if `make dev` has ended."""
        if self._dev is not None and self._dev.poll() is not None:
            raise StepFailed(f"`make dev` ended with status {self._dev.returncode}")

    def log_text(self) -> str:
        """What `make dev` has written so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def last_log_lines(self) -> list[str]:
        """The end of it."""
        return self.log_text().splitlines()[-SHOWN_LOG_LINES:]

    def _run(self, *command: str) -> str:
        finished = subprocess.run(
            command,
            cwd=self.path,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if finished.returncode != 0:
            tail = "\n".join(finished.stdout.splitlines()[-SHOWN_LOG_LINES:])
            raise StepFailed(f"`{' '.join(command)}` ended with status {finished.returncode}:\n{tail}")
        return finished.stdout
