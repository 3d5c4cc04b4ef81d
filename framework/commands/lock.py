"""`framework lock [service]`: pin what the images of the services hold; `--check` tells of a drift."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("service", nargs="?", help="the service whose lock is meant; all by default")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if a lock has fallen behind"
    )
    parser.add_argument("--python", default="python3", help="the Python that has pip, and its settings")
    parser.add_argument("--tools", default=".tools", help="where uv is kept")


def run(args: argparse.Namespace) -> int:
    """Lock; 1 if that cannot be done, or something has fallen behind."""
    from framework.shipping.errors import ShippingError
    from framework.shipping.locks import lock_of, outdated, write_lock
    from framework.shipping.project import open_system, python_services

    root = args.root.resolve()
    uv = [args.python, "-I", ".framework/framework/bootstrap.py", "--tools", args.tools, "uv"]
    try:
        system = open_system(root)
        if args.check:
            return _told(list(outdated(root, system)))
        for service in python_services(system, args.service):
            changed = write_lock(root, service, uv)
            name = lock_of(root, service).relative_to(root).as_posix()
            print(f"{name}: {'written' if changed else 'is up to date'}")
    except (ShippingError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _told(problems: list[str]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print("Run `make lock`.", file=sys.stderr)
    return 1 if problems else 0
