"""`python -m tooling.fuzz [--rounds N] [--seed S]`: 0 when nothing raised, hung, or failed to be imported.

Whatever a spec holds, `framework validate` answers with diagnostics; whatever it accepts becomes code that
can be imported and describes itself.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed

from tooling.fuzz.rounds import Account, play

PORTION = 500
"""Rounds that a process plays before it says how they went."""


def main() -> int:
    """Play all rounds, as many at a time as there are processors, and tell what came of them."""
    args = _arguments()
    started, account = time.monotonic(), Account()
    portions = [
        range(start, min(start + PORTION, args.first + args.rounds))
        for start in range(args.first, args.first + args.rounds, PORTION)
    ]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(args.jobs, mp_context=context) as pool:
        for done in as_completed([pool.submit(play, portion, args.seed) for portion in portions]):
            account.add(done.result())
            print(_summary(account, started), flush=True)
            for number, failure in sorted(done.result().failures.items()):
                again = f"--seed {args.seed} --first {number} --rounds 1"
                print(f"\n--- round {number} (again: {again})\n{failure}", flush=True)
    return 1 if account.failures else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tooling.fuzz", description=__doc__)
    parser.add_argument("--rounds", type=int, default=100_000, help="how many specs are broken")
    parser.add_argument("--first", type=int, default=0, help="the number of the first round")
    parser.add_argument("--seed", type=int, default=0, help="another seed breaks them in other ways")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes at a time")
    return parser.parse_args()


def _summary(account: Account, started: float) -> str:
    parts = ", ".join(f"{outcome} {count}" for outcome, count in sorted(account.outcomes.items()))
    return f"{account.outcomes.total()} rounds in {time.monotonic() - started:.0f} s: {parts}"


if __name__ == "__main__":
    raise SystemExit(main())
