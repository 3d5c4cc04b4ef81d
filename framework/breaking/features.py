"""What breaks clients when keys of an operation come or go that change how it is spoken with."""

from __future__ import annotations

from collections.abc import Iterator

from framework.breaking.change import Change, Pair
from framework.breaking.finding import Finding
from framework.breaking.rest import on_http, told
from framework.system import Operation, Pagination, ParamRole


def pagination(change: Change) -> Iterator[Finding]:
    """Lists that come in pages now, no longer do, or do in another order, which old cursors do not fit."""
    for pair in on_http(change):
        old, new = pair.old.operation.pagination, pair.new.operation.pagination
        if old is None and new is not None:
            yield _new(pair, "paginate", f"{pair.old.name} is answered in pages now, and was as one list")
        elif old is not None and new is None:
            message = f"{pair.old.name} is no longer answered in pages"
            yield told(pair, "pagination-changed", message, "paginate")
        elif old is not None and new is not None and _words(old) != _words(new):
            message = f"{pair.old.name} was ordered by {_words(old)} and is by {_words(new)}"
            yield told(pair, "pagination-changed", message, "paginate")


def versions(change: Change) -> Iterator[Finding]:
    """Operations that demand a condition now, or tell or heed versions no longer."""
    for pair in on_http(change):
        old, new = pair.old.operation, pair.new.operation
        if _needs_match(new) and not _needs_match(old):
            message = f"{pair.old.name} answers 428 without If-Match now"
            yield _new(pair, "versioned", message, code="versioning-changed")
        elif _needs_match(old) and not _needs_match(new):
            message = f"{pair.old.name} no longer heeds If-Match, and changes what clients have not seen"
            yield told(pair, "versioning-changed", message, "versioned")
        elif old.has_tag and not new.has_tag:
            message = f"{pair.old.name} is no longer answered with an ETag"
            yield told(pair, "versioning-changed", message, "versioned")


def _needs_match(operation: Operation) -> bool:
    return any(param.role is ParamRole.IF_MATCH for param in operation.params)


def _words(order: Pagination) -> str:
    keys = ", ".join(field.name for field in order.keys)
    return f"{keys} downwards" if order.is_descending else keys


def _new(pair: Pair, key: str, message: str, code: str = "pagination-changed") -> Finding:
    """A finding of a key that the old specs did not have."""
    whom = f"clients of {pair.old.name}"
    return Finding(code, pair.old.name, message, whom, pair.new.subject / key, None)
