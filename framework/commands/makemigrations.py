"""`framework makemigrations NAME [--service S]`: write migrations from what changed in the models."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("name", help="what the migration does, such as add_phone")
    parser.add_argument("--service", help="the service whose models are meant; all by default")


def run(args: argparse.Namespace) -> int:
    """Compare and write; 0 also when nothing changed, 1 when a database or its models cannot be read."""
    from framework.dev.errors import DevelopmentError
    from framework.dev.migrations import migrate, write_migration
    from framework.dev.project import open_project

    try:
        project = open_project(args.root)
        for service in project.with_database(args.service):
            url = project.database_url(service)
            migrate(project.root, service.name, url)
            path = write_migration(project.root, service.name, url, args.name)
            if path:
                print(f"{service.name}: wrote {path.relative_to(project.root)}; read it, then `make migrate`")
            else:
                print(f"{service.name}: nothing to write, the models are as the migrations have them")
    except DevelopmentError as error:
        print(error, file=sys.stderr)
        return 1
    return 0
