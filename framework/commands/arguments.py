"""Arguments of several commands; nothing heavy is imported, since a command may leave early."""

from __future__ import annotations

import argparse
import sys
from typing import TextIO


def add_format(parser: argparse.ArgumentParser) -> None:
    """Declare `--format`."""
    parser.add_argument(
        "--format",
        choices=("text", "json", "github", "sarif"),
        default="text",
        help="how mistakes are told: text for people on stderr; json, github (workflow commands) and sarif "
        "for machines on stdout",
    )


def remarks(format_: str) -> TextIO:
    """Where a command tells how it went: on the standard output, unless that is for machines alone."""
    return sys.stdout if format_ == "text" else sys.stderr
