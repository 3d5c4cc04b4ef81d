"""The spans of a service, named as the semantic conventions of OpenTelemetry name them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Final

from opentelemetry import propagate
from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer, get_current_span

from framework.runtime.delivery import Delivery
from framework.runtime.subscription import Subscription
from framework.runtime.telemetry.observer import Observer
from framework.runtime.telemetry.spans import Note, Spans
from framework.runtime.telemetry.tracing.contexts import parent, traceparent

if TYPE_CHECKING:
    import httpx

TELEGRAM: Final = "telegram"


def messaging(system: str, operation: str, destination: str) -> dict[str, str]:
    """What every span about a message says."""
    return {
        "messaging.system": system,
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": destination,
    }


@contextmanager
def _failing(span: Span) -> Iterator[None]:
    """Note the type of an error that goes through; OpenTelemetry itself notes the rest."""
    try:
        yield
    except Exception as error:
        span.set_attribute("error.type", type(error).__name__)
        raise


class OtelSpans(Spans):
    """Makes spans where the runtime begins something."""

    are_made = True

    def __init__(self, tracer: Tracer, system: str) -> None:
        """`system` is the broker, in the words of the semantic conventions."""
        self._tracer = tracer
        self._system = system

    @contextmanager
    def publishing(self, event: str, *, is_sent: bool) -> Iterator[Note]:
        """`create user.created` for what waits in the outbox then, `send command_received` for the rest."""
        operation = "send" if is_sent else "create"
        with (
            self._tracer.start_as_current_span(
                f"{operation} {event}",
                kind=SpanKind.PRODUCER,
                attributes=messaging(self._system, operation, event),
            ) as span,
            _failing(span),
        ):
            yield lambda id_: span.set_attribute("messaging.message.id", id_)

    @contextmanager
    def calling(self, request: httpx.Request) -> Iterator[Note]:
        """`POST`, with the trace in the headers of the request."""
        url = request.url
        attributes: dict[str, str | int] = {
            "http.request.method": request.method,
            "server.address": url.host,
            "server.port": url.port or {"http": 80, "https": 443}[url.scheme],
            # Without its query, which may hold what is nobody's business.
            "url.full": str(url.copy_with(query=None, username=None, password=None)),
        }
        with (
            self._tracer.start_as_current_span(
                request.method, kind=SpanKind.CLIENT, attributes=attributes
            ) as span,
            _failing(span),
        ):
            propagate.inject(request.headers)

            def note(status: int) -> None:
                span.set_attribute("http.response.status_code", status)
                if status >= 400:
                    span.set_attribute("error.type", str(status))
                    span.set_status(StatusCode.ERROR)

            yield note

    def updating(self, update: int | None) -> AbstractContextManager[object]:
        """`process update`."""
        attributes = messaging(TELEGRAM, "process", "update")
        if update is not None:
            attributes["messaging.message.id"] = str(update)
        return self._tracer.start_as_current_span(
            "process update", kind=SpanKind.CONSUMER, attributes=attributes
        )

    def traceparent(self) -> str | None:
        """That of the current span, the service's own ones included."""
        context = get_current_span().get_span_context()
        return traceparent(context) if context.is_valid else super().traceparent()


class HandlingSpans(Observer):
    """Makes a span of every try to handle an event, in the trace that the event was written in."""

    def __init__(self, tracer: Tracer, system: str) -> None:
        self._tracer = tracer
        self._system = system

    @contextmanager
    def handling(self, delivery: Delivery, subscription: Subscription) -> Iterator[None]:
        """`process user.created`."""
        attributes = messaging(self._system, "process", delivery.event.type)
        attributes["messaging.message.id"] = delivery.event.id
        attributes["messaging.consumer.group.name"] = subscription.group
        with (
            self._tracer.start_as_current_span(
                f"process {delivery.event.type}",
                context=parent(delivery.event.traceparent),
                kind=SpanKind.CONSUMER,
                attributes=attributes,
            ) as span,
            _failing(span),
        ):
            yield
