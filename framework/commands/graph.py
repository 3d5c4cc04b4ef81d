"""`framework graph`: who talks to whom, as text that other tools draw, or drawn."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "--format", choices=("mermaid", "svg"), default="mermaid", help="what to print; mermaid if not given"
    )


def run(args: argparse.Namespace) -> int:
    """Print it; 1, after saying what is wrong, if the specs have errors."""
    from framework.commands.report import report
    from framework.connectivity import connectivity
    from framework.generators.service_map import mermaid, svg
    from framework.load import load
    from framework.resolve import resolve

    specs, diagnostics = load(args.root)
    system = resolve(specs, diagnostics)
    if diagnostics.has_errors:
        report(diagnostics, "text")
        print("Nothing was drawn.", file=sys.stderr)
        return 1
    lines = connectivity(system)
    print((svg(lines) if args.format == "svg" else mermaid(lines)).rstrip("\n"))
    return 0
