"""`framework migrate [service]`: bring the databases up to date."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("service", nargs="?", help="the service whose database is meant; all by default")


def run(args: argparse.Namespace) -> int:
    """Migrate; 0 when every database is up to date, 1 after the first that failed."""
    from framework.dev.errors import DevelopmentError
    from framework.dev.migrations import migrate
    from framework.dev.project import open_project

    try:
        project = open_project(args.root)
        for service in project.with_database(args.service):
            steps = migrate(project.root, service.name, project.database_url(service))
            for step in steps:
                print(f"{service.name}: {step}")
            print(f"{service.name}: the database is up to date")
    except DevelopmentError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
