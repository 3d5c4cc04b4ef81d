"""When schedules tick, above all while clocks go forward and back."""

import random
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from framework.runtime.schedules.schedule import Cron, Every, Schedule

BERLIN = ZoneInfo("Europe/Berlin")
FORWARD = datetime(2026, 3, 29, 1, tzinfo=UTC)
"""02:00 in Berlin becomes 03:00."""
BACK = datetime(2026, 10, 25, 1, tzinfo=UTC)
"""03:00 in Berlin becomes 02:00."""
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "America/Havana", "Africa/Casablanca", "Pacific/Apia"]
EXPRESSIONS = [
    *("30 2 * * *", "0 3 * * *", "0 0 * * *", "30 0 * * *", "59 23 * * *", "0 2-4 * * *", "0,30 2 * * *"),
    *("30 1,2,3 * * *", "5 0,1 * * *", "0 0 1 * *", "0 0 L * *", "0 12 * * MON", "*/15 * * * *"),
    *("15 * * * *", "0 */2 * * *", "* 2 * * *", "*/30 0 * * *"),
]


def ticks(schedule: Schedule, start: datetime, count: int) -> list[datetime]:
    found = [schedule.next(start)]
    while len(found) < count:
        found.append(schedule.next(found[-1]))
    return found


def in_berlin(schedule: Schedule, start: datetime, count: int) -> list[str]:
    """The ticks after `start` in local time, with the offset that tells the repeated hours apart."""
    return [tick.astimezone(BERLIN).strftime("%d %H:%M %z") for tick in ticks(schedule, start, count)]


def test_equal_distances_are_counted_from_1970_by_everybody() -> None:
    schedule = Every(timedelta(minutes=7))
    now = datetime(2026, 1, 1, 12, 3, 4, 500_000, tzinfo=UTC)
    last = schedule.last(now)
    assert last.timestamp() % 420 == 0
    assert last <= now < schedule.next(now) == last + timedelta(minutes=7)
    assert schedule.last(last) == last
    assert schedule.next(last) == last + timedelta(minutes=7)


def test_a_cron_expression_is_read_in_utc_unless_a_zone_is_said() -> None:
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    assert Cron("0 3 * * *").next(now) == datetime(2026, 6, 2, 3, tzinfo=UTC)
    assert Cron("0 3 * * *", "Europe/Berlin").next(now) == datetime(2026, 6, 2, 1, tzinfo=UTC)
    assert Cron("0 3 * * *", "Europe/Berlin").last(now) == datetime(2026, 6, 1, 1, tzinfo=UTC)


def test_what_is_due_at_a_skipped_time_is_due_when_the_clocks_have_gone_forward() -> None:
    nightly = Cron("30 2 * * *", "Europe/Berlin")
    found = in_berlin(nightly, FORWARD - timedelta(hours=12), 2)
    assert found == ["29 03:00 +0200", "30 02:30 +0200"]
    assert nightly.last(FORWARD + timedelta(minutes=5)) == FORWARD


def test_what_is_due_at_a_repeated_time_is_due_the_first_time_only() -> None:
    nightly = Cron("30 2 * * *", "Europe/Berlin")
    found = in_berlin(nightly, BACK - timedelta(hours=12), 2)
    assert found == ["25 02:30 +0200", "26 02:30 +0100"]
    first = BACK - timedelta(minutes=30)
    for minutes in (0, 15, 30, 45, 59, 60, 120):
        assert nightly.last(BACK + timedelta(minutes=minutes)) == first
        assert nightly.next(BACK + timedelta(minutes=minutes)) == first + timedelta(hours=25)


def test_what_is_due_every_hour_is_due_every_hour_whatever_the_clocks_say() -> None:
    hourly = Cron("0 * * * *", "Europe/Berlin")
    for change in (FORWARD, BACK):
        found = ticks(hourly, change - timedelta(hours=3), 6)
        assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(hours=1)}


def test_where_clocks_are_set_by_half_an_hour_a_time_comes_once_a_day() -> None:
    back = datetime(2026, 4, 4, 15, tzinfo=UTC)  # 02:00 becomes 01:30 again
    forward = datetime(2026, 10, 3, 15, 30, tzinfo=UTC)  # 02:00 becomes 02:30
    for change in (back, forward):
        for due in ("45 1 * * *", "15 2 * * *"):
            found = ticks(Cron(due, "Australia/Lord_Howe"), change - timedelta(hours=12), 2)
            assert found[0].date() == change.date()
            assert found[1].date() == change.date() + timedelta(days=1)
        hourly = Cron("0 * * * *", "Australia/Lord_Howe")
        distances = [
            later - earlier for earlier, later in pairwise(ticks(hourly, change - timedelta(hours=3), 6))
        ]
        assert sorted(distances) == [*[timedelta(hours=1)] * 4, timedelta(hours=1.5)]


def test_what_is_due_all_through_a_repeated_hour_is_due_in_both() -> None:
    often = Cron("*/30 2 * * *", "Europe/Berlin")
    found = in_berlin(often, BACK - timedelta(hours=12), 5)
    assert found == ["25 02:00 +0200", "25 02:30 +0200", "25 02:00 +0100", "25 02:30 +0100", "26 02:00 +0100"]
    assert in_berlin(often, FORWARD - timedelta(hours=12), 1) == ["30 02:00 +0200"]


@pytest.mark.parametrize("expression", EXPRESSIONS)
@pytest.mark.parametrize(
    "zone",
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "America/Havana",
        "Africa/Casablanca",
        "Pacific/Apia",
    ],
)
def test_no_tick_lies_between_the_last_and_the_next(zone: str, expression: str) -> None:
    """At random moments around the changes of the clocks, midnights that do not exist among them."""
    schedule, seeded = Cron(expression, zone), random.Random(f"{zone} {expression}")  # noqa: S311
    for change in _changes(ZoneInfo(zone))[:6]:
        for _ in range(10):
            now = change + timedelta(seconds=seeded.uniform(-4, 4) * 3600)
            last, following = schedule.last(now), schedule.next(now)
            assert last <= now < following
            assert schedule.next(last) == schedule.last(following) == following
            assert schedule.last(following - timedelta(microseconds=1)) == last


@cache
def _changes(zone: ZoneInfo) -> list[datetime]:
    """When the clocks of a zone were set; some moments of one that never sets them."""
    hours = [datetime(2009, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(3 * 366 * 24)]
    offsets = ((hour, hour.astimezone(zone).utcoffset()) for hour in hours)
    return [hour for (_, before), (hour, after) in pairwise(offsets) if before != after] or hours[:144:24]


def test_another_schedule_has_another_definition() -> None:
    schedules: list[Schedule] = [
        Every(timedelta(seconds=30)),
        Every(timedelta(minutes=30)),
        Cron("0 3 * * *"),
        Cron("0 4 * * *"),
        Cron("0 3 * * *", "Europe/Berlin"),
    ]
    assert len({schedule.definition for schedule in schedules}) == len(schedules)
