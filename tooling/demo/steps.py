"""The account of a run: each step with what was seen and how long it took."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

Seen = TypeVar("Seen")
POLL_SECONDS = 0.05


class StepFailed(Exception):
    """A step did not show what it had to; the message says what was expected and what was seen."""


@dataclass
class Step:
    """One step of the run."""

    title: str
    lines: list[str] = field(default_factory=list)

    def saw(self, line: str) -> None:
        """Add a line to the account of the step."""
        self.lines.append(line)


@contextmanager
def step(title: str) -> Iterator[Step]:
    """Run the block as one step and print its account."""
    colour = sys.stdout.isatty()
    started = time.monotonic()
    current = Step(title)
    if colour:
        print(f"{_paint('…', '33', colour)} {title}", end="", flush=True)
    try:
        yield current
    except BaseException:
        print(f"{_erase(colour)}{_paint('✗', '31', colour)} {title} ({time.monotonic() - started:.1f} s)")
        raise
    print(f"{_erase(colour)}{_paint('✓', '32', colour)} {title} ({time.monotonic() - started:.1f} s)")
    for line in current.lines:
        print(f"    {line}", flush=True)


def wait_for(what: str, look: Callable[[], Seen | None], *, seconds: float) -> Seen:
    """Look again and again until `look` returns something.

    Raises:
        StepFailed: nothing was seen within `seconds`.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        seen = look()
        if seen is not None:
            return seen
        time.sleep(POLL_SECONDS)
    raise StepFailed(f"expected {what} within {seconds:.0f} s, and did not see it")


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\033[{code}m{text}\033[0m" if colour else text


def _erase(colour: bool) -> str:
    return "\r\033[K" if colour else ""
