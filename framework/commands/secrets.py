"""`framework secrets`: the files of secrets that a deployment needs, made up or asked for."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There are none of its own."""


def run(args: argparse.Namespace) -> int:
    """Make up what only machines need; 1, and what is missing, if people must write the rest."""
    from framework.shipping.errors import ShippingError
    from framework.shipping.project import open_system
    from framework.shipping.secrets import make_up_secrets, require_secrets

    root = args.root.resolve()
    try:
        system = open_system(root)
        for path in make_up_secrets(root, system):
            print(f"{path}: made up; keep it")
        require_secrets(root, system)
    except (ShippingError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print("Every secret is there.")
    return 0
