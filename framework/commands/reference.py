"""`framework reference`: what a spec may say, every key of every file."""

from __future__ import annotations

import argparse

from framework.reference import reference


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command: there are none."""


def run(args: argparse.Namespace) -> int:
    """Print it."""
    print(reference(), end="")
    return 0
