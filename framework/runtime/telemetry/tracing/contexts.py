"""W3C trace context: the form in which an event and a request carry a trace."""

from __future__ import annotations

from typing import Final

from opentelemetry.context import Context
from opentelemetry.trace import SpanContext, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR: Final = TraceContextTextMapPropagator()


def parent(traceparent: str | None) -> Context | None:
    """The context that a span belongs into; None, for that at hand, if nothing was carried."""
    return _PROPAGATOR.extract({"traceparent": traceparent}, Context()) if traceparent else None


def is_sampled(context: Context) -> bool:
    """Whether somebody wants to see the trace."""
    return get_current_span(context).get_span_context().trace_flags.sampled


def traceparent(context: SpanContext) -> str:
    """The same as text."""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"
