"""What is looked up when Prometheus asks: how far the groups are, what waits in the outbox, what is down."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from framework.runtime.glance import Glance
from framework.runtime.transport import BrokerStatus

if TYPE_CHECKING:  # a service without a database does not load SQLAlchemy
    from framework.runtime.operations.running import RunningService
    from framework.runtime.outbox.waiting import OutboxDepth

LIMIT: Final = 1.0
"""Seconds that a scrape waits for a server. What has not answered by then is left out of that scrape."""
KEEP: Final = 1.0
"""Seconds that an answer is good for, however many scrape."""


class _Gauge(NamedTuple):
    name: str
    help: str
    labels: tuple[str, ...] = ()


_LAG = _Gauge("events_lag", "Events that were never delivered to the group.", ("event", "group"))
_PENDING = _Gauge(
    "events_pending",
    "Events delivered to the group and not acknowledged, parked ones included.",
    ("event", "group"),
)
_PARKED = _Gauge(
    "events_parked",
    "Events that wait for their next try, by how often they have failed.",
    ("event", "group", "failures"),
)
_OLDEST = _Gauge(
    "events_oldest_pending_age_seconds",
    "Time since the oldest event was published that is pending in the group.",
    ("event", "group"),
)
_CONSUMERS = _Gauge(
    "events_consumers", "Processes of the group that were seen reading lately.", ("event", "group")
)
_LETTERS = _Gauge("events_dead_letters", "Dead letters of the group.", ("group",))
_REDRIVES = _Gauge("events_redrives", "Dead letters on their way to be handled once more.", ("group",))
_WAITING = _Gauge("outbox_events", "Events that are not published yet; at most 100,000 are counted.")
_REFUSED = _Gauge("outbox_refused_events", "Events that the broker has refused, and is offered again.")
_OUTBOX_AGE = _Gauge("outbox_oldest_age_seconds", "Time since the oldest event was written that waits.")
_UP = _Gauge(
    "dependency_up", "Whether what the service needs does its work: 1, or 0 in an outage.", ("dependency",)
)
_STARTED = _Gauge("service_started", "Whether the service has started, and is not stopping: 1 or 0.")
_LOST = _Gauge(
    "events_leases_lost",
    "Events that this process handled after another one had taken them over, since it seemed dead.",
)

_GAUGES: Final = (
    _LAG,
    _PENDING,
    _PARKED,
    _OLDEST,
    _CONSUMERS,
    _LETTERS,
    _REDRIVES,
    _WAITING,
    _REFUSED,
    _OUTBOX_AGE,
    _UP,
    _STARTED,
    _LOST,
)
Value = tuple[_Gauge, Sequence[str], float]
T = TypeVar("T")


class Gauges(Collector):
    """Asked for by `refresh`, told by `collect`."""

    def __init__(self, service: RunningService) -> None:
        self._service = service
        questions = [self._broker] if service.database is None else [self._broker, self._outbox]
        self._glances = [Glance(question, limit=LIMIT, keep=KEEP) for question in questions]
        self._checks = {name: Glance(check, limit=LIMIT, keep=KEEP) for name, check in service.checks.items()}
        self._values: list[Value] = []

    async def refresh(self) -> None:
        """Look at the servers; one that does not answer is left out."""
        answers, failures = await asyncio.gather(_all(self._glances), _all(self._checks.values()))
        self._values = [
            value for answer in answers if not isinstance(answer, BaseException) for value in answer
        ]
        self._values += [
            (_UP, (name,), failure is None) for name, failure in zip(self._checks, failures, strict=True)
        ]
        self._values.append((_STARTED, (), self._service.is_started()))
        self._values.append((_LOST, (), self._service.lost_leases()))

    def collect(self) -> Iterator[Metric]:
        """The values of the last refresh."""
        families = {gauge: _family(gauge) for gauge in _GAUGES}
        for gauge, labels, value in self._values:
            families[gauge].add_metric([self._service.name, *labels], float(value))
        yield from families.values()

    async def _broker(self) -> Iterable[Value]:
        return list(_broker_values(await self._service.broker.status(self._service.name)))

    async def _outbox(self) -> Iterable[Value]:
        from framework.runtime.outbox.waiting import outbox_depth

        assert self._service.database is not None  # noqa: S101
        return list(_outbox_values(await outbox_depth(self._service.database.engine)))


def _family(gauge: _Gauge) -> Any:
    family = CounterMetricFamily if gauge is _LOST else GaugeMetricFamily
    return family(gauge.name, gauge.help, labels=["service", *gauge.labels])


async def _all(glances: Iterable[Glance[T]]) -> list[T | BaseException]:
    return await asyncio.gather(*(each.answer() for each in glances), return_exceptions=True)


def _broker_values(status: BrokerStatus) -> Iterator[Value]:
    for each in status.subscriptions:
        labels = (each.event, each.group)
        if each.lag is not None:
            yield _LAG, labels, each.lag
        yield _PENDING, labels, each.pending
        yield _OLDEST, labels, each.oldest_pending
        yield _CONSUMERS, labels, each.consumers
        for failures, count in each.parked.items():
            yield _PARKED, (*labels, str(failures)), count
    for group in status.groups:
        yield _LETTERS, (group.group,), group.dead_letters
        yield _REDRIVES, (group.group,), group.redrives


def _outbox_values(status: OutboxDepth) -> Iterator[Value]:
    yield _WAITING, (), status.waiting
    yield _REFUSED, (), status.refused
    yield _OUTBOX_AGE, (), status.oldest
