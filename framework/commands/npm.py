"""`framework npm …`: npm in the folder of every node service, or of one, with the project's own Node."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--service", help="the service that is meant; all node services without it")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="what npm is told: run lint, install …")


def run(args: argparse.Namespace) -> int:
    """Run npm everywhere, even if it fails in between; 1 if it failed anywhere or cannot be run."""
    from framework.node.programs import NodeMissing, find_node, node_services

    folders = [each for each in node_services(args.root) if args.service in {None, each.name}]
    if args.service and not folders:
        print(f"there is no services/{args.service}/package.json", file=sys.stderr)
        return 1
    if not folders:
        print("no service has a package.json, so there is nothing for npm to do", file=sys.stderr)
        return 1
    try:
        node = find_node()
    except NodeMissing as error:
        print(error, file=sys.stderr)
        return 1
    command = node.npm_command(*args.arguments)
    done = [
        subprocess.run(command, cwd=folder, env=node.environment(folder, os.environ), check=False)
        for folder in folders
    ]
    return 1 if any(each.returncode for each in done) else 0
