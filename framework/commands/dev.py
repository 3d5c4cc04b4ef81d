"""`framework dev [--db sqlite|postgres]`: every service of the project at once, started again on save."""

from __future__ import annotations

import argparse
import signal
import sys
from contextlib import ExitStack
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.dev.project import Project


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument(
        "--db",
        choices=["sqlite", "postgres"],
        help="sqlite: files in .dev; postgres: DATABASE_URL, or a server of ours; "
        "without it DATABASE_URL, or else files",
    )


def run(args: argparse.Namespace) -> int:
    """Run everything until Ctrl-C or SIGTERM, then 0; 1 when it could not be started."""
    from framework.dev.errors import DevelopmentError
    from framework.dev.project import open_project
    from framework.servers.process import ServerError

    for number in (signal.SIGTERM, signal.SIGHUP):  # until the services run, as Ctrl-C
        signal.signal(number, _interrupt)
    try:
        _run(open_project(args.root), args.db)
    except (DevelopmentError, ServerError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _run(project: Project, database: str | None) -> None:
    import asyncio

    from framework.dev.checks import bring_up_to_date
    from framework.dev.console import Console
    from framework.dev.errors import DevelopmentError
    from framework.dev.jobs import check_ports, jobs_of, ports_of
    from framework.dev.runnable import runnable
    from framework.dev.runner import run
    from framework.dev.servers import start_servers

    console = Console([*(service.name for service in project.services), "migrate"])
    services = runnable(project.root, project.services, project.environment, console.tell)
    if not services:
        raise DevelopmentError("there is nothing to run")
    check_ports(services, project.environment)
    bring_up_to_date(project.root, console.tell)
    with ExitStack() as until:
        reserved = ports_of(services, project.environment)
        servers = start_servers(project.root, project.environment, database, reserved, until, console)
        jobs = jobs_of(project.root, services, project.services, project.environment)
        asyncio.run(run(project.root, project.environment, jobs, servers, console))
    console.tell("everything is stopped")
