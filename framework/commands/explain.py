"""`framework explain`: what a code of a diagnostic means, or which codes there are."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping

from framework.catalogue import CATALOGUE, Severity
from framework.catalogue.code import CODE
from framework.catalogue.compatibility import COMPATIBILITY
from framework.catalogue.specs import SPECS
from framework.diagnostics import did_you_mean
from framework.exits import MISUSE
from framework.explanations import explanation

_GROUPS: Mapping[str, Mapping[str, tuple[Severity, str]]] = {
    "Mistakes in specs": SPECS,
    "Mistakes in code beside them": CODE,
    "What breaks clients and consumers": COMPATIBILITY,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "code", nargs="?", help="the word in brackets of a message; all are listed if not given"
    )


def run(args: argparse.Namespace) -> int:
    """Print the explanation of a code, or all codes; 2 if there is no such code."""
    code = args.code
    if not code:
        print("\n".join(_listing()))
        return 0
    # As the message has it: error[bad-type]
    code = code.rpartition("[")[2].rstrip("]:")
    if code not in CATALOGUE:
        hint = did_you_mean(code, CATALOGUE) or "all codes: framework explain"
        print(f"There is no code {code!r}: {hint}", file=sys.stderr)
        return MISUSE
    severity, meaning = CATALOGUE[code]
    print(f"{severity}[{code}]: {meaning}\n")
    print(explanation(code) or "")
    return 0


def _listing() -> Iterator[str]:
    width = max(map(len, CATALOGUE))
    for title, codes in _GROUPS.items():
        if codes:
            yield f"{title}:"
            yield from (f"  {code:<{width}}  {meaning}" for code, (_, meaning) in codes.items())
            yield ""
    yield "More on one: make explain code=bad-type"
