"""`framework relay --service NAME`: the relay of a service in a process of its own, beside `make dev`."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from framework.dev.child import Command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--service", required=True, help="the service whose outbox is published")


def run(args: argparse.Namespace) -> int:
    """Become the relay; 1 when there is no such service, or it has no database."""
    from framework.administration.relay import relay_command
    from framework.dev.errors import DevelopmentError

    try:
        command = relay_command(args.root, args.service)
    except DevelopmentError as error:
        print(error, file=sys.stderr)
        return 1
    return _become(command)


def _become(command: Command) -> NoReturn:
    """Signals reach the relay itself, and there is no second process to wait for it."""
    os.chdir(command.root)
    program, *_ = command.arguments
    os.execve(program, list(command.arguments), dict(command.environment))  # noqa: S606
