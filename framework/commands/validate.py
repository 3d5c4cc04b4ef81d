"""`framework validate`: everything that is wrong with the specs, and nothing written."""

from __future__ import annotations

import argparse

from framework.catalogue import Severity
from framework.commands.arguments import add_format, remarks
from framework.commands.report import report
from framework.load import load
from framework.resolve import resolve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_format(parser)
    parser.add_argument("--notes", action="store_true", help="tell also what is sound and could be better")


def run(args: argparse.Namespace) -> int:
    """Read the specs and tell what was found; 1 if there are errors."""
    specs, diagnostics = load(args.root)
    system = resolve(specs, diagnostics)
    report(diagnostics, args.format, least=Severity.NOTE if args.notes else Severity.WARNING)
    if diagnostics.has_errors:
        return 1
    operations = sum(len(domain.operations) for service in system.services for domain in service.domains)
    message = f"The specs are sound: services {len(system.services)}, operations {operations}."
    print(message, file=remarks(args.format))
    return 0
