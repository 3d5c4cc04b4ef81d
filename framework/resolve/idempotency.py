"""Idempotency keys: which operations can keep their answers under them."""

from __future__ import annotations

from framework.resolve.scope import Scope
from framework.resolve.site import Site

_KEY = "idempotency_key"


def check_idempotency(site: Site, scope: Scope) -> None:
    """Tell why an operation cannot be `idempotent`, or what contradicts it."""
    if not site.spec.idempotent:
        return
    _check_rest(site, scope)
    _check_transaction(site, scope)
    for param in site.spec.params:
        if param.name == _KEY:
            message = f"the parameter {_KEY!r} is read and described by the framework"
            hint = "remove it; the controller needs no key"
            place, related = site.param_spot(_KEY).place, (site.spot / "idempotent").key
            scope.diagnostics.add("bad-idempotency", place, message, hint=hint, related=related)
            return


def _check_rest(site: Site, scope: Scope) -> None:
    rest = site.spec.rest
    place = (site.spot / "idempotent").key
    if rest is None:
        if not site.may_have("rest"):
            message = "only HTTP has idempotency keys"
            hint = "remove it; an event and a tick take effect once by themselves"
            scope.diagnostics.add("bad-idempotency", place, message, hint=hint)
    elif rest.method == "GET":
        message = "a GET request changes nothing, and may be repeated without a key"
        hint = "remove it, or give the operation another method"
        related = (site.spot / "rest" / "method").place
        scope.diagnostics.add(
            "bad-idempotency", place, message, hint=hint, related=related, note="the method"
        )


def _check_transaction(site: Site, scope: Scope) -> None:
    place = (site.spot / "idempotent").key
    if not site.spec.transaction:
        message = "without a transaction nothing keeps answer and effect together"
        hint = "remove one of the two"
        related = (site.spot / "transaction").place
        scope.diagnostics.add(
            "bad-idempotency", place, message, hint=hint, related=related, note="the transaction"
        )
    elif site.entry and not site.entry.spec.database and not site.entry.may_have("database"):
        message = f"answers are kept in the database of the service, and {site.service!r} has none"
        hint = "remove it, or write database: true for the service"
        related = (site.entry.spot / "name").place
        scope.diagnostics.add(
            "bad-idempotency", place, message, hint=hint, related=related, note="the service"
        )
