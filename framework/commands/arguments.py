"""Arguments of several commands; nothing heavy is imported, since a command may leave early."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    import argparse
    from datetime import datetime


def add_format(parser: argparse.ArgumentParser) -> None:
    """Declare `--format`."""
    parser.add_argument(
        "--format",
        choices=("text", "json", "github", "sarif"),
        default="text",
        help="how mistakes are told: text for people on stderr; json, github (workflow commands) and sarif "
        "for machines on stdout",
    )


def add_table_format(parser: argparse.ArgumentParser) -> None:
    """Declare `--format` of a command that tells what there is."""
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="text for people, json for machines"
    )


def count(text: str) -> int:
    """Read how many. Raises `argparse.ArgumentTypeError` for anything less than 1."""
    if not text.isdecimal() or int(text) < 1:
        import argparse

        raise argparse.ArgumentTypeError(f"{text!r} is no number of 1 or more")
    return int(text)


def moment(text: str) -> datetime:
    """Read a time: `2h` ago, or a date. Raises `argparse.ArgumentTypeError`, with how to write it."""
    import argparse
    from datetime import UTC, datetime

    from framework.runtime import moments

    try:
        return moments.moment(text, datetime.now(UTC))
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def remarks(format_: str) -> TextIO:
    """Where a command tells how it went: on the standard output, unless that is for machines alone."""
    return sys.stdout if format_ == "text" else sys.stderr
