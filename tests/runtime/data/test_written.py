"""Values in requests are what they look like: numbers are numbers, and times are written as such."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from framework.runtime.types import (
    CalendarDate,
    LocalTime,
    StorableDatetime,
    StorableDuration,
    StrictFiniteFloat,
    StrictInt64,
)

TAKEN = [
    (CalendarDate, "2024-02-29", dt.date(2024, 2, 29)),
    (CalendarDate, dt.date(2024, 2, 29), dt.date(2024, 2, 29)),
    (StorableDatetime, "2024-02-29T12:30:00.5+01:00", None),
    (StorableDatetime, "2024-02-29 12:30Z", None),
    (LocalTime, "12:30", dt.time(12, 30)),
    (StorableDuration, "-PT0.5S", dt.timedelta(seconds=-0.5)),
    (StorableDuration, "P1Y2DT3H", None),
    (StrictInt64, 1, 1),
    (StrictInt64, 1.0, 1),
    (StrictFiniteFloat, 1, 1.0),
]
REFUSED = [
    *((CalendarDate, value) for value in ("0", 0, True, "2024-02-30", "2024-02-29T00:00:00")),
    *((StorableDatetime, value) for value in ("0.5", 0, "2024-02-29", "2024-02-29T12:30:00", "now")),
    *((LocalTime, value) for value in ("0.5", 0, "12", "12:30:00Z", "24:00")),
    *((StorableDuration, value) for value in ("1", 0, True, "1 day", "10:00", "P", "PT")),
    *((StrictInt64, value) for value in ("1", True, 1.5, 2**63, None)),
    *((StrictFiniteFloat, value) for value in ("1", True, float("nan"))),
]


@pytest.mark.parametrize(("type_", "value", "expected"), TAKEN)
def test_what_is_taken(type_: Any, value: object, expected: object) -> None:
    read = TypeAdapter(type_).validate_python(value)

    assert expected is None or (read, type(read)) == (expected, type(expected))


@pytest.mark.parametrize(("type_", "value"), REFUSED)
def test_what_is_refused(type_: Any, value: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(type_).validate_python(value)
