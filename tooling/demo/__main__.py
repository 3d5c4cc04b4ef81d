"""Run the demo: `python -m tooling.demo` in the checkout of the template."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import closing
from pathlib import Path
from types import FrameType

from framework.servers.ports import free_port
from framework.servers.process import ServerError
from framework.servers.telegram import TelegramApi
from tooling.demo.project import Project
from tooling.demo.scenario import Scenario
from tooling.demo.steps import StepFailed, step

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run every step; 0 when all of them showed what they should."""
    signal.signal(signal.SIGTERM, _end_like_ctrl_c)
    started = time.monotonic()
    try:
        with closing(TelegramApi()) as telegram:
            project = _project(telegram)
            _make(project)
            _play(project, telegram)
    except (StepFailed, ServerError) as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; nothing of the demo is running any more.", file=sys.stderr)
        return 130
    print(
        f"\nDone in {time.monotonic() - started:.0f} s. The project is in build/demo: try `make dev` there."
    )
    return 0


def _project(telegram: TelegramApi) -> Project:
    own = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}
    return Project(
        ROOT / "build" / "demo",
        own
        | {
            "BACKEND_PORT": str(free_port()),
            "NOTIFICATIONS_PORT": str(free_port()),
            "TG_BOT_PORT": str(free_port()),
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.url,
            "NOTIFICATIONS_CHANNEL": "telegram",
            # What was on its way to a killed process is taken over after its lease, 30 s by default.
            "EVENTS_LEASE": "5",
            "NO_PROXY": "127.0.0.1,localhost",
            "TOOLS": str(ROOT / ".tools"),  # the uv of this checkout will do
        },
    )


def _make(project: Project) -> None:
    with step("copier copy: a new project with all modules") as current:
        current.saw(f"{project.copy(ROOT)} files in build/demo, committed to a fresh git repository")
    with step("make setup: its environment, and the code generated from its specs") as current:
        project.make("setup")
        generated = [
            path
            for path in project.path.rglob("*.py")
            if "generated" in path.parts[len(project.path.parts) : -1]
        ]
        current.saw(f"{len(generated)} generated modules")
    with step("make migrate: one database per service that owns one"):
        project.make("migrate")


def _play(project: Project, telegram: TelegramApi) -> None:
    environment = project.environment
    scenario = Scenario(
        project,
        telegram,
        backend=f"http://127.0.0.1:{environment['BACKEND_PORT']}",
        notifications=f"http://127.0.0.1:{environment['NOTIFICATIONS_PORT']}",
    )
    try:
        scenario.play()
        with step("Ctrl-C: everything that was started is stopped") as current:
            project.stop()
            scenario.require_stopped()
            current.saw("`make dev` has ended, and nobody answers on its ports")
    except StepFailed:
        print("\nThe last lines of its log:\n" + "\n".join(project.last_log_lines()), file=sys.stderr)
        raise
    finally:
        project.stop()


_NOT_PASSED_ON = frozenset({"REDIS_URL", "DATABASE_URL", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "VIRTUAL_ENV"})
"""The demo brings its own servers, and its `make` is not a part of the one that started it."""


def _end_like_ctrl_c(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
