"""Cycles of names that need each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set


def cycles(needs: Mapping[str, Set[str]]) -> Iterator[tuple[str, ...]]:
    """One cycle of each group of names that need each other.

    Takes away what needs nothing, again and again; without recursion and in linear time, since chains can be
    long. What is left when nothing can be taken away leads into a cycle.
    """
    left = {name: set(targets & needs.keys()) for name, targets in needs.items()}
    needed_by: defaultdict[str, list[str]] = defaultdict(list)
    for name, targets in left.items():
        for target in targets:
            needed_by[target].append(name)
    free = [name for name, targets in left.items() if not targets]
    while left:
        while free:
            gone = free.pop()
            left.pop(gone, None)
            for name in needed_by.pop(gone, ()):
                if name in left:
                    left[name].discard(gone)
                    free.extend(() if left[name] else (name,))
        if left:
            cycle = _first_cycle(left)
            yield cycle
            free.extend(cycle)


def _first_cycle(left: dict[str, set[str]]) -> tuple[str, ...]:
    """Walk until a name comes again; the cycle begins with the first of its names."""
    path: dict[str, None] = {}
    name = min(left)
    while name not in path:
        path[name] = None
        name = min(left[name])
    cycle = list(path)[list(path).index(name) :]
    first = cycle.index(min(cycle))
    return (*cycle[first:], *cycle[:first])
