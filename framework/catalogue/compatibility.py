"""What a change of the specs can break for those who were built against them as they were before."""

from __future__ import annotations

from collections.abc import Mapping

from framework.catalogue.severity import Severity

COMPATIBILITY: Mapping[str, tuple[Severity, str]] = {
    # services
    "service-removed": (Severity.ERROR, "A service is gone, or has another name."),
    "service-type-changed": (Severity.WARNING, "A service is built on something else."),
    "database-dropped": (Severity.ERROR, "A service has lost its database, and with it outbox and inbox."),
    # clients: operations
    "operation-removed": (Severity.ERROR, "An operation is gone, or no longer called over HTTP."),
    "route-changed": (Severity.ERROR, "An operation has another method or path."),
    "status-changed": (Severity.ERROR, "An operation says success by another status."),
    "error-added": (Severity.WARNING, "An operation may be refused for a reason that clients do not know."),
    "error-status-changed": (Severity.ERROR, "An error is answered by another status."),
    "pagination-changed": (
        Severity.ERROR,
        "A list comes in pages now, or no longer, or in another order.",
    ),
    "versioning-changed": (Severity.ERROR, "A change needs If-Match now, or a version is no longer told."),
    "param-removed": (Severity.ERROR, "A parameter is gone: what clients send in it is ignored."),
    "param-required": (Severity.ERROR, "A parameter must be given that clients may leave out."),
    "param-moved": (Severity.ERROR, "A parameter is expected in another part of the request."),
    "idempotency-removed": (Severity.ERROR, "Requests repeated under an idempotency key take effect again."),
    # clients: what they send
    "request-field-removed": (Severity.ERROR, "A field is gone that requests may have: it is refused now."),
    "request-field-required": (Severity.ERROR, "A field must be sent that clients may leave out."),
    "request-type-changed": (Severity.ERROR, "What clients send is not of the type expected now."),
    "request-enum-value-removed": (Severity.ERROR, "A value that clients may send is refused now."),
    "request-constraint-tightened": (Severity.ERROR, "Values that clients may send are out of limits now."),
    "request-default-changed": (Severity.WARNING, "What clients leave out means something else now."),
    # clients: what they are answered
    "response-field-removed": (Severity.ERROR, "A field is gone that answers had."),
    "response-field-optional": (Severity.ERROR, "A field may be absent that answers always had."),
    "response-type-changed": (Severity.ERROR, "What clients are answered is not of the type they expect."),
    "response-enum-value-added": (Severity.WARNING, "Answers may have a value that clients do not know."),
    "response-constraint-loosened": (Severity.WARNING, "Answers may be out of the limits clients check."),
    # consumers: messages published now, read by the code of before
    "message-field-removed": (Severity.ERROR, "A field is gone that messages had."),
    "message-field-optional": (Severity.ERROR, "A field may be absent that messages always had."),
    "message-type-changed": (Severity.ERROR, "What messages carry is not of the type consumers expect."),
    "message-enum-value-added": (Severity.WARNING, "Messages may have a value that consumers do not know."),
    "message-constraint-loosened": (Severity.WARNING, "Messages may be out of the limits consumers check."),
    # consumers: messages published before, read by the code of now
    "replay-field-required": (Severity.ERROR, "Messages published before lack a field that is required now."),
    "replay-type-changed": (Severity.ERROR, "Messages published before are not of the type expected now."),
    "replay-enum-value-removed": (Severity.ERROR, "Messages published before have a value refused now."),
    "replay-constraint-tightened": (Severity.ERROR, "Messages published before are out of limits now."),
    # events
    "event-removed": (Severity.ERROR, "An event is gone, or has another name."),
    "event-key-changed": (Severity.ERROR, "The events are ordered by another field, or by none."),
    "retention-shortened": (Severity.WARNING, "An event is kept for a shorter time."),
    "event-unpublished": (Severity.ERROR, "An event is no longer published by anybody."),
    "publication-removed": (Severity.WARNING, "Fewer publish an event than before."),
    "subscription-removed": (Severity.WARNING, "A service no longer handles an event."),
    "handler-renamed": (Severity.ERROR, "The inbox knows the handler of an event by another name."),
    "stream-prefix-changed": (Severity.ERROR, "The streams of all events have other names."),
    # code written against the generated modules
    "operation-renamed": (Severity.WARNING, "A method of the generated clients has another name."),
    "param-renamed": (Severity.WARNING, "An argument of the generated clients has another name."),
    "class-removed": (Severity.WARNING, "A generated class is gone, or has another name."),
}
"""Errors break someone who keeps to the old specs; warnings may, depending on how they were built."""
