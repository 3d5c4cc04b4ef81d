"""`framework …`: what every make target calls. It finds the command, and imports that one only."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol, cast

from framework.exits import status_of

COMMANDS: Mapping[str, str] = {
    "generate": "write what the specs ask for",
    "validate": "tell what is wrong with the specs",
    "breaking": "tell what the specs break for clients, consumers and code",
    "explain": "print what the code of a message means",
    "lint": "tell what is wrong with specs, generated code and your own code",
    "reference": "print what a spec may say",
    "graph": "print who talks to whom, as Mermaid or SVG",
    "docs": "write the OpenAPI and AsyncAPI documents of the services",
    "sync": "make the services that services.yml lists and that have no code yet",
    "lock": "pin the packages of the services' images",
    "migrate": "bring databases to the newest revision",
    "makemigrations": "write a migration for what changed in the models",
    "dev": "run all services, reloading on save",
    "secrets": "make up the passwords of a deployment, tell which other secrets it needs",
    "compose": "run the project in containers",
    "npm": "run npm in the folders of the node services",
    "dlq": "list, show, send again or discard the events that services gave up",
    "outbox": "tell what waits to be published, or publish again what was",
    "relay": "publish the outbox of a service, in a process of its own",
    "groups": "list and remove consumer groups, or give one again what it has handled",
    "update": "bring the project to a newer version of its template",
    "check-update": "tell whether the template has a newer version, and what it would bring",
    "add-module": "add a service that the template has",
    "remove-module": "remove a service that came from the template",
    "chaos": "kill and stop the services at random, then account for every event",
    "fuzz": "ask the services what their OpenAPI documents allow and forbid",
}
"""The commands and what each is for; `framework.commands` has a module for each."""

COMPILING = frozenset({"generate", "validate", "breaking", "reference", "graph"})
"""The commands that read specs, say what they have to say, and end."""


class Command(Protocol):
    """What a module of `framework.commands` offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments of the command."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it; the exit status is 0, or 1 if something is wrong."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; misuse ends with status 2 by SystemExit."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    parser = _parser(arguments)
    args = parser.parse_args(arguments)
    if not args.root.is_dir():
        parser.error(f"--root: {str(args.root)!r} is not a folder")
    return status_of(lambda: _command(args.command).run(args))


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """A parser that knows the command that is asked for, with its arguments; all commands if none is."""
    parser = argparse.ArgumentParser(prog="framework", description="The compiler of this project's specs.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    asked = [name for name in arguments[:1] if name in COMMANDS]
    for name in asked or COMMANDS:
        purpose = COMMANDS[name]
        subparser = commands.add_parser(name, help=purpose, description=purpose)
        subparser.add_argument(
            "--root",
            type=Path,
            default=Path(),
            help="the folder of the project; the current one if not given",
        )
        if name in arguments:
            _command(name).add_arguments(subparser)
    return parser


def _command(name: str) -> Command:
    return cast("Command", importlib.import_module(f"framework.commands.{name.replace('-', '_')}"))
