"""Where spans go: to a collector, or to standard output."""

from __future__ import annotations

import os

from opentelemetry import trace
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor


def tracer_provider(service: str, exporter: str) -> TracerProvider:
    """The provider of this process, made at the first call; one that somebody has set before is kept.

    `exporter` is `otlp` or `console`. The rest is read from the standard variables `OTEL_…`.
    """
    known = trace.get_tracer_provider()
    if isinstance(known, TracerProvider):
        return known
    named = {} if os.environ.get("OTEL_SERVICE_NAME") else {SERVICE_NAME: service}
    # Its own farewell at the end of the process would wait for a collector that is down.
    provider = TracerProvider(resource=Resource.create(named), shutdown_on_exit=False)
    provider.add_span_processor(_processor(exporter))
    trace.set_tracer_provider(provider)
    return provider


def _processor(exporter: str) -> SpanProcessor:
    if exporter == "console":
        return SimpleSpanProcessor(ConsoleSpanExporter(formatter=_in_one_line))
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    from framework.runtime.telemetry.tracing.outages import OutageTellingExporter

    return BatchSpanProcessor(OutageTellingExporter(OTLPSpanExporter()))


def _in_one_line(span: ReadableSpan) -> str:
    return f"{span.to_json(indent=None)}\n"
