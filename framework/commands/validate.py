"""`framework validate`: everything that is wrong with the specs, and nothing written."""

from __future__ import annotations

import argparse

from framework.commands.arguments import add_format
from framework.commands.report import report
from framework.load import load
from framework.resolve import resolve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    """Read the specs and tell what was found; 1 if there are errors."""
    specs, diagnostics = load(args.root)
    system = resolve(specs, diagnostics)
    report(diagnostics, args.format)
    if diagnostics.has_errors:
        return 1
    if args.format == "text":
        operations = sum(len(domain.operations) for service in system.services for domain in service.domains)
        print(f"The specs are sound: services {len(system.services)}, operations {operations}.")
    return 0
