"""Arguments of several commands; nothing heavy is imported, since a command may leave early."""

from __future__ import annotations

import argparse


def add_format(parser: argparse.ArgumentParser) -> None:
    """Declare `--format`."""
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="how mistakes are told: text for people on stderr, json for machines on stdout",
    )
