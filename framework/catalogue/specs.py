"""What can be wrong with specs."""

from __future__ import annotations

from collections.abc import Mapping

from framework.catalogue.severity import Severity

SPECS: Mapping[str, tuple[Severity, str]] = {
    # files
    "missing-file": (Severity.ERROR, "A file or folder that a project must have is not there."),
    "unreadable-file": (Severity.ERROR, "A spec cannot be read: it is no regular file, or too large."),
    "not-utf8": (Severity.ERROR, "A spec is not UTF-8 text."),
    "file-name": (Severity.ERROR, "A spec's name is not `<name>.yaml`, or not that of the domain it holds."),
    "stray-spec": (Severity.ERROR, "There are specs for a service that services.yml does not know."),
    "more-mistakes": (Severity.WARNING, "A file has more mistakes than are shown."),
    # YAML
    "yaml-syntax": (Severity.ERROR, "A file is not YAML, or holds more than one document."),
    "yaml-feature": (Severity.ERROR, "Anchors, aliases and tags are not used in specs."),
    "too-deep": (Severity.ERROR, "YAML nests deeper than any spec needs."),
    "duplicate-key": (Severity.ERROR, "A mapping has one key twice."),
    "bad-key": (Severity.ERROR, "A key of a mapping is not a plain word."),
    "bad-number": (Severity.ERROR, "A number is too large to be represented."),
    # shape
    "unknown-key": (Severity.ERROR, "A key that the spec language does not have."),
    "missing-key": (Severity.ERROR, "A key that must be there is not."),
    "bad-shape": (Severity.ERROR, "A value is of the wrong kind, such as a list where a mapping belongs."),
    "bad-value": (Severity.ERROR, "A value is not one of those allowed."),
    "not-supported": (Severity.ERROR, "Part of the spec language whose runtime is not built yet."),
    # names
    "bad-name": (Severity.ERROR, "A name breaks the rules for names of its kind."),
    "reserved-name": (Severity.ERROR, "A name means something in Python or in generated code."),
    "duplicate-name": (Severity.ERROR, "Two things would have one name."),
    "event-name": (Severity.NOTE, "An event is not named `<entity>.<action>`."),
    # references
    "unknown-model": (Severity.ERROR, "A model, variant or enum that does not exist."),
    "unknown-event": (Severity.ERROR, "An event that the catalogue does not have."),
    "unknown-field": (Severity.ERROR, "A field that the model does not have."),
    "unknown-service": (Severity.ERROR, "A service that services.yml does not have."),
    "unknown-operation": (Severity.ERROR, "An operation that the service does not have."),
    # models
    "bad-type": (Severity.ERROR, "A type expression cannot be read, or the type is not possible here."),
    "bad-constraint": (Severity.ERROR, "A constraint does not fit its type."),
    "empty-range": (Severity.ERROR, "Constraints that no value satisfies."),
    "bad-pattern": (Severity.ERROR, "A pattern is not a regular expression that validation can use."),
    "bad-default": (Severity.ERROR, "A default that is not of the type, or breaks the constraints."),
    "bad-example": (Severity.ERROR, "An example that is not of the type, or breaks the constraints."),
    "bad-enum": (Severity.ERROR, "The values of an enum are missing, repeated or out of place."),
    "bad-variant": (Severity.ERROR, "The rules of a variant or of a field contradict each other."),
    "model-cycle": (Severity.ERROR, "Models that require each other, so that none can be built."),
    # events
    "event-key": (Severity.ERROR, "The ordering key of an event is no field that always has a value."),
    "event-kind": (Severity.ERROR, "An event does not carry what its kind promises."),
    "external-event": (Severity.ERROR, "An event is published that is said to come from outside."),
    "unpublished-event": (Severity.WARNING, "An event is subscribed to that nothing here publishes."),
    # operations
    "error-status": (Severity.ERROR, "An error has another status elsewhere."),
    "no-transport": (Severity.ERROR, "An operation that nothing can call."),
    "wrong-transport": (Severity.ERROR, "A transport that services of this type do not have."),
    "bad-path": (Severity.ERROR, "A path that is not a path, or that the service itself answers."),
    "unknown-placeholder": (Severity.ERROR, "A placeholder in a path for which there is no parameter."),
    "unplaced-param": (Severity.ERROR, "A path parameter that the path does not name."),
    "bad-param": (Severity.ERROR, "A parameter whose type, requiredness or place is impossible."),
    "duplicate-route": (Severity.ERROR, "Two operations answer one method and path."),
    "shadowed-route": (Severity.ERROR, "A route that is never reached, since an earlier one matches first."),
    "bad-input": (Severity.ERROR, "An operation's input is of a kind that cannot be sent."),
    "input-not-allowed": (Severity.ERROR, "A GET request has no body."),
    "output-not-allowed": (Severity.ERROR, "The status says that the answer has no body."),
    "missing-input": (Severity.ERROR, "A subscribing operation must take the event's message as input."),
    "duplicate-subscription": (Severity.ERROR, "One service subscribes to one event twice."),
    "bad-retry": (Severity.ERROR, "Delays for an operation that neither an event nor the clock calls."),
    "bad-idempotency": (Severity.ERROR, "Idempotency keys where no answer can be kept under them."),
    "bad-pagination": (Severity.ERROR, "An operation that cannot give pages, or not in this order."),
    "bad-version": (Severity.ERROR, "An operation that cannot tell or heed a version."),
    "bad-schedule": (Severity.ERROR, "A schedule that says no times, or says them in two ways."),
    "unknown-timezone": (Severity.ERROR, "A time zone that the IANA database does not have."),
    "event-loop": (Severity.ERROR, "An operation publishes the event that calls it."),
    "unfilled-message": (Severity.ERROR, "A message has a field that nothing can fill."),
    "unfilled-input": (Severity.ERROR, "The clock brings no value for what an operation takes."),
    "unfilled-param": (Severity.ERROR, "An event, or the clock, brings no value for a required parameter."),
    "message-mismatch": (Severity.ERROR, "What an operation takes or gives is not the event's message."),
    # services
    "wrong-service-type": (Severity.ERROR, "Services of this type do not have what the specs ask of one."),
    "duplicate-port": (Severity.ERROR, "Two services want one port."),
    "bad-call": (Severity.ERROR, "A call that cannot be made: to itself, or to an operation without REST."),
}
