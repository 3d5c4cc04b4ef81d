"""`framework compose dev start`: run the project in containers."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from framework.shipping.engine import Way

DEEDS = ("start", "stop", "logs", "run")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("way", choices=("dev", "prod", "tests"), help="which containers are meant")
    parser.add_argument("deed", choices=DEEDS, help="what to do with them; run is for tests")
    parser.add_argument("service", nargs="?", help="the service that is meant; all by default")


def run(args: argparse.Namespace) -> int:
    """Do it; 1, with the reason, where something is missing."""
    from framework.shipping.engine import Way, require_docker
    from framework.shipping.errors import ShippingError

    root = args.root.resolve()
    way = Way(args.way)
    try:
        require_docker()
        if args.deed == "start":
            return _start(root, way)
        if args.deed == "run":
            return _test(root, args.service)
        return _attend(root, way, args.deed, args.service)
    except (ShippingError, OSError) as error:
        print(error, file=sys.stderr)
        return 1


def _start(root: Path, way: Way) -> int:
    from framework.shipping.diagnosis import obstacles
    from framework.shipping.engine import Way, compose
    from framework.shipping.locks import require_locks
    from framework.shipping.project import open_system, require_profiles
    from framework.shipping.secrets import make_up_secrets, refuse_exposed, require_secrets

    system = open_system(root)
    require_profiles(system, os.environ.get("COMPOSE_PROFILES", ""))
    require_locks(root, system)
    if way is Way.PRODUCTION:
        refuse_exposed(root, system, way.settings)
        for path in make_up_secrets(root, system):
            print(f"{path}: made up; keep it")
        require_secrets(root, system)
    status = compose(root, way, "up", "--detach", "--build", "--remove-orphans")
    if status:
        for obstacle in obstacles(root, way):
            print(obstacle, file=sys.stderr)
        return status
    # In development one goes on writing meanwhile.
    ailments = list(_await_health(root)) if way is Way.PRODUCTION else []
    compose(root, way, "ps")
    for ailment in ailments:
        print(ailment, file=sys.stderr)
    print(f"The log: make {way}-logs. Stop it: make {way}-stop. What it stores is kept.")
    return 1 if ailments else 0


def _await_health(root: Path) -> Iterator[str]:
    from framework.shipping.engine import Way
    from framework.shipping.health import ailing

    print("Waiting until every container is healthy; Ctrl-C leaves them running.", flush=True)
    return ailing(root, Way.PRODUCTION)


def _test(root: Path, service: str | None) -> int:
    from framework.shipping.engine import Way, compose
    from framework.shipping.locks import require_locks
    from framework.shipping.project import open_system, python_services

    system = open_system(root)
    require_locks(root, system)
    results = [
        compose(root, Way.TESTS, "run", "--build", "--rm", f"{each.name}-tests")
        for each in python_services(system, service)
    ]
    compose(root, Way.TESTS, "down", "--volumes", all_profiles=True)
    return max(results, default=0)


def _attend(root: Path, way: Way, deed: str, service: str | None) -> int:
    from framework.shipping.engine import compose, remove_unused_networks

    if deed == "stop":
        status = compose(root, way, "down", "--remove-orphans", all_profiles=True)
        remove_unused_networks(root, way)
        return status
    which = [service] if service else []
    return compose(root, way, "logs", "--follow", "--tail=100", *which, all_profiles=True)
