"""`framework dlq list|show|reprocess|discard`: the events that services gave up."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from framework.commands.arguments import add_table_format, count, moment

if TYPE_CHECKING:
    from framework.administration.site import Site
    from framework.runtime.dead_letters import Selection


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    shown = _add_action(actions, "list", "list them, the oldest first")
    _add_filters(shown)
    shown.add_argument("--id", action="append", default=[], dest="ids", help="only this one; may be repeated")
    shown.add_argument("--limit", type=count, default=50, help="at most so many; 50 by default")
    add_table_format(shown)

    one = _add_action(actions, "show", "print everything that is known of one")
    one.add_argument("id", help="its id in the list")
    add_table_format(one)

    again = _add_action(actions, "reprocess", "send them to their service once more, and to nobody else")
    again.add_argument("ids", nargs="*", metavar="ID", help="their ids in the list")
    _add_filters(again)
    again.add_argument("--all", action="store_true", help="all that there are")
    again.add_argument("--limit", type=count, help="at most so many, the oldest first")
    again.add_argument("--dry-run", action="store_true", help="only tell which would be sent")
    again.add_argument("--yes", action="store_true", help="send more than one without asking")

    gone = _add_action(actions, "discard", "delete them for good")
    gone.add_argument("ids", nargs="+", metavar="ID", help="their ids in the list")
    gone.add_argument("--reason", required=True, help="why nobody will need them")


def run(args: argparse.Namespace) -> int:
    """Do it; 1 when there is no such letter, no such service, or no Redis."""
    from framework.administration.site import administrate

    return administrate(args.root, lambda site: _act(site, args))


def _act(site: Site, args: argparse.Namespace) -> Awaitable[int]:
    from framework.administration import letters
    from framework.dev.errors import DevelopmentError
    from framework.runtime.dead_letters import Selection

    if args.action == "list":
        return letters.list_letters(site, args.service, _selection(args, args.ids), args.limit, args.format)
    if args.action == "show":
        return letters.show(site, args.service, args.id, args.format)
    if args.action == "discard":
        return letters.discard(site, args.service, args.ids, args.reason)
    selection = _selection(args)
    if args.ids:
        if args.all or args.limit is not None or selection != Selection():
            raise DevelopmentError("Name ids, or a filter, but not both.")
        return letters.reprocess_by_id(site, args.service, args.ids, dry_run=args.dry_run)
    if not (args.all or args.service or selection != Selection()):
        raise DevelopmentError("Say which: by their ids, by a filter such as --event, or --all.")
    return letters.reprocess_by_filter(
        site, args.service, selection, args.limit, dry_run=args.dry_run, yes=args.yes
    )


def _selection(args: argparse.Namespace, ids: list[str] | None = None) -> Selection:
    from framework.runtime.dead_letters import Selection

    return Selection(ids or (), args.event, args.operation, args.error, args.newer_than, args.older_than)


def _add_action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, purpose: str
) -> argparse.ArgumentParser:
    action = actions.add_parser(name, help=purpose, description=purpose)
    action.add_argument("--service", help="only those of this service")
    return action


def _add_filters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--event", help="only this event; user.* for several")
    parser.add_argument("--operation", help="only this operation; users.* for several")
    parser.add_argument("--error", help="only where the error, its type included, has this text in it")
    parser.add_argument("--newer-than", type=moment, help="only what failed since then: 2h ago, or a date")
    parser.add_argument("--older-than", type=moment, help="only what failed before then: 2h ago, or a date")
