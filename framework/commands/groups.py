"""`framework groups list|remove|replay`: the consumer groups on the broker, named as their services."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from framework.commands.arguments import add_table_format, moment

if TYPE_CHECKING:
    from framework.administration.site import Site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    purpose = "tell how far each has got in each stream"
    add_table_format(actions.add_parser("list", help=purpose, description=purpose))

    purpose = "forget a group that nobody runs any more, so that its streams can be trimmed"
    removed = actions.add_parser("remove", help=purpose, description=purpose)
    removed.add_argument("group", help="its name: that of its service")
    removed.add_argument("--yes", action="store_true", help="do it, whatever is lost")

    purpose = "send a group once more, and nobody else, the events that it has handled"
    replayed = actions.add_parser("replay", help=purpose, description=purpose)
    replayed.add_argument("group", help="its name: that of its service")
    replayed.add_argument("--since", type=moment, required=True, help="published since: 2h ago, or a date")
    replayed.add_argument("--event", help="only this event; user.* for several")
    replayed.add_argument(
        "--again",
        action="store_true",
        help="run them although they were handled; else the inbox suppresses them, where there is one",
    )
    replayed.add_argument("--dry-run", action="store_true", help="only tell how many there are")
    replayed.add_argument("--yes", action="store_true", help="do it")


def run(args: argparse.Namespace) -> int:
    """Do it; 1 when there is no such group, it lives, or there is no Redis."""
    from framework.administration.site import administrate

    return administrate(args.root, lambda site: _act(site, args))


def _act(site: Site, args: argparse.Namespace) -> Awaitable[int]:
    from framework.administration import groups
    from framework.runtime.groups import Past

    if args.action == "list":
        return groups.list_groups(site, args.format)
    if args.action == "remove":
        return groups.remove(site, args.group, yes=args.yes)
    past = Past(args.since, args.event)
    return groups.replay(site, args.group, past, again=args.again, dry_run=args.dry_run, yes=args.yes)
