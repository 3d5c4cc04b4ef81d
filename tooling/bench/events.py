"""What events cost: `python -m tooling.bench.events`, or `make bench name=events`.

What is compared runs in turn, round after round; figures are medians, ratios medians of the rounds.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from framework.servers.postgres import start_postgres
from framework.servers.redis import start_redis
from tooling.bench import consumption, latency, outbox, parking
from tooling.bench.report import Part, Report

HEADINGS: Final = ("what", "figure", "ratio")


PARTS: Final[Mapping[str, Callable[[int], Part]]] = {
    "outbox": partial(outbox.measure, partial(start_postgres, settings=outbox.SETTINGS), start_redis),
    "consumption": partial(consumption.measure, start_redis),
    "latency": partial(latency.measure, start_redis),
    "parking": partial(parking.measure, start_redis),
}


def main() -> int:
    """Measure, and print what was found; 1 if a bar does not hold."""
    args = _arguments()
    logging.disable(logging.CRITICAL)
    parts = [measure(args.rounds) for name, measure in PARTS.items() if not args.part or name in args.part]
    report = Report(
        HEADINGS,
        [row for part in parts for row in part.rows],
        [bar for part in parts for bar in part.bars],
        [note for part in parts for note in part.notes],
    )
    print(report.json() if args.json else report.markdown())
    return 0 if report.holds else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tooling.bench.events", description=__doc__)
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument("--rounds", type=int, default=7, help="how often each subject is measured")
    parser.add_argument("--part", action="append", choices=list(PARTS), help="only this; may be repeated")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
