"""What watches a service: nothing, unless settings ask for it. What is off is not even loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, Literal, Protocol

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from pydantic import Field
from starlette.routing import BaseRoute

from framework.runtime.settings import Settings
from framework.runtime.telemetry.observer import Observer

if TYPE_CHECKING:
    from framework.runtime.operations.running import RunningService
    from framework.runtime.outbox.drain import BatchPublisher


UNWATCHED: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "auto_configure": False,
}
"""FastAPI looks for somebody to tell at every request, unless it is told that there is nobody."""


class TelemetrySettings(Settings):
    """Read from `METRICS` and the standard variables of OpenTelemetry."""

    metrics: bool = Field(False, description="Write on to have metrics for Prometheus at /metrics, else off.")
    otel_traces_exporter: Literal["otlp", "console", "none"] = Field(
        "none", description="Write otlp to send traces to OTEL_EXPORTER_OTLP_ENDPOINT, console or none."
    )
    otel_exporter_otlp_protocol: Literal["http/protobuf"] = Field(
        "http/protobuf", description="Leave it out: no other protocol is installed."
    )


class Instrument(Protocol):
    """Metrics, or traces: what it watches it stands around, so that where there is none there is nothing."""

    @property
    def observer(self) -> Observer:
        """What the consumer tells of its work."""

    def watch(self, app: FastAPI) -> None:
        """Stand around the requests of an application."""

    def publisher(self, inner: BatchPublisher) -> BatchPublisher:
        """Stand around what a relay publishes."""

    def routes(self, service: RunningService) -> Iterator[BaseRoute]:
        """What it answers to operators."""

    async def close(self) -> None:
        """Hand on what has not been handed on yet."""


class Telemetry:
    """The instruments of one service."""

    def __init__(self, instruments: Sequence[Instrument] = (), requests: TelemetryConfig = UNWATCHED) -> None:
        self._instruments = instruments
        self.requests = requests
        """What FastAPI itself is to tell of requests."""

    @property
    def observers(self) -> Sequence[Observer]:
        """Whom the consumer tells of its work."""
        return [each.observer for each in self._instruments]

    def watch(self, app: FastAPI) -> None:
        """Have all instruments watch the requests of an application."""
        for each in self._instruments:
            each.watch(app)

    def publisher(self, broker: BatchPublisher) -> BatchPublisher:
        """The broker as a relay is to see it."""
        for each in self._instruments:
            broker = each.publisher(broker)
        return broker

    def routes(self, service: RunningService) -> Iterator[BaseRoute]:
        """What the instruments answer to operators."""
        for each in self._instruments:
            yield from each.routes(service)

    async def close(self) -> None:
        """Hand on what has not been handed on yet."""
        for each in self._instruments:
            await each.close()


def start_telemetry(service: str, system: str, settings: TelemetrySettings) -> Telemetry:
    """Make the instruments that the settings ask for; `system` is the broker's name in traces."""
    instruments: list[Instrument] = []
    requests = UNWATCHED
    if settings.metrics:
        from framework.runtime.telemetry.metrics.instrument import Metrics

        instruments.append(Metrics(service))
    if settings.otel_traces_exporter != "none":
        from framework.runtime.telemetry.tracing.instrument import REQUESTS, Traces

        instruments.append(Traces(service, settings.otel_traces_exporter, system))
        requests = REQUESTS
    return Telemetry(instruments, requests)
