"""Whether values within one set of constraints are within another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from framework.system import Constraints


def exceeded(written: Constraints, read: Constraints, *, whole: bool) -> Iterator[str]:
    """The names of the limits of `read` that values within `written` may be outside of.

    `whole` says that all values are whole numbers, of which none is between 4 and 5.
    """
    for limit in Constraints._fields:
        value = getattr(read, limit)
        if value is not None and not _HOLDS[limit](written, value, 1 if whole else 0):
            yield limit


def _is_at_least(written: Constraints, least: float, step: int) -> bool:
    by_ge = written.ge is not None and written.ge >= least
    return by_ge or (written.gt is not None and written.gt >= least - step)


def _is_above(written: Constraints, bound: float, step: int) -> bool:
    by_gt = written.gt is not None and written.gt >= bound
    return by_gt or (written.ge is not None and written.ge > bound)


def _is_at_most(written: Constraints, most: float, step: int) -> bool:
    by_le = written.le is not None and written.le <= most
    return by_le or (written.lt is not None and written.lt <= most + step)


def _is_below(written: Constraints, bound: float, step: int) -> bool:
    by_lt = written.lt is not None and written.lt <= bound
    return by_lt or (written.le is not None and written.le < bound)


def _is_multiple(written: Constraints, factor: float, step: int) -> bool:
    base = written.multiple_of or step
    # As they are written: 0.3 is a multiple of 0.1, although the floats are not.
    return base != 0 and (Fraction(str(base)) / Fraction(str(factor))).denominator == 1


def _no_less(name: str) -> Callable[[Constraints, int, int], bool]:
    return lambda written, least, _: (getattr(written, name) or 0) >= least


def _no_more(name: str) -> Callable[[Constraints, int, int], bool]:
    def holds(written: Constraints, most: int, step: int) -> bool:
        value = getattr(written, name)
        return value is not None and value <= most

    return holds


_HOLDS: Mapping[str, Callable[[Constraints, Any, int], bool]] = {
    "ge": _is_at_least,
    "gt": _is_above,
    "le": _is_at_most,
    "lt": _is_below,
    "multiple_of": _is_multiple,
    "min_length": _no_less("min_length"),
    "max_length": _no_more("max_length"),
    # Whether one regular expression matches all that another one does is not worked out.
    "pattern": lambda written, pattern, _: bool(written.pattern == pattern),
    "min_items": _no_less("min_items"),
    "max_items": _no_more("max_items"),
}
"""For each limit, whether values within some constraints are always within it."""
