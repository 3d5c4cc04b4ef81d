"""`framework outbox status|replay`: what waits to be published, and what is to be published again."""

from __future__ import annotations

import argparse
import asyncio
import sys

from framework.commands.arguments import add_table_format, moment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    purpose = "tell what waits, what was refused, what is kept, and which relays are at work"
    told = actions.add_parser("status", help=purpose, description=purpose)
    told.add_argument("--service", help="only that of this service")
    add_table_format(told)

    purpose = "publish again what was published, where the broker has lost it"
    again = actions.add_parser("replay", help=purpose, description=purpose)
    again.add_argument("--service", help="only from the outbox of this service")
    again.add_argument("--since", type=moment, help="published since: 2h ago, or a date")
    again.add_argument("--event", help="only events of this name")
    again.add_argument("--id", help="only the event of this id")
    again.add_argument("--dry-run", action="store_true", help="only tell how many there are")
    again.add_argument("--yes", action="store_true", help="do it for many without asking")


def run(args: argparse.Namespace) -> int:
    """Do it; 1 when there is no such service or database, or nothing says which events are meant."""
    from framework.administration.outboxes import outboxes, publish_again, tell_status
    from framework.dev.errors import DevelopmentError
    from framework.runtime.outbox.replay import Selection

    try:
        if args.action == "status":
            return asyncio.run(tell_status(outboxes(args.root, args.service), args.format))
        selection = Selection(args.since, args.event, args.id)
        if selection.is_everything:
            raise DevelopmentError(
                "Say which events: --since 2h, --event user.created, --id …, or several of these."
            )
        found = outboxes(args.root, args.service)
        return asyncio.run(publish_again(found, selection, dry_run=args.dry_run, yes=args.yes))
    except DevelopmentError as error:
        print(error, file=sys.stderr)
        return 1
