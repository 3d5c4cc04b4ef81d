"""What a file has and could not be read, so that nothing is said of what only follows from that."""

from __future__ import annotations

Loc = tuple[str | int, ...]
"""The way from the root of a file to a value: keys of mappings and positions in lists."""


class Gaps:
    """The parts of one file that were left out because of a mistake that was told."""

    def __init__(self) -> None:
        self.lost: set[Loc] = set()
        self._around: set[Loc] = set()

    def note(self, loc: Loc) -> None:
        """Note that what stands at `loc`, or would stand there were it not for a slip, was left out."""
        self.lost.add(loc)
        self._around.update(loc[:end] for end in range(len(loc) + 1))

    def touch(self, loc: Loc) -> bool:
        """Whether what stands at `loc` was left out, or a part of it."""
        return loc in self._around
