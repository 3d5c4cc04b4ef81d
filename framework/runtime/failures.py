"""What is told to others about an operation that failed for good."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from pydantic import AwareDatetime

from framework.runtime.delivery import AlreadyHandled, current_delivery
from framework.runtime.envelope import now, uuid7
from framework.runtime.errors import OperationError
from framework.runtime.events import with_event_id
from framework.runtime.idempotency.refusals import NOT_TRIED
from framework.runtime.schema import Schema

logger = logging.getLogger(__name__)

INTERNAL_CODE: Final = "internal"
INTERNAL_MESSAGE: Final = "The operation failed for an internal reason."


class OperationFailed(Schema):
    """An operation failed for good; sent by `publish_on_error`, holds nothing that must stay inside."""

    operation: str
    """The operation with its domain: `users.process_user_import`."""
    code: str
    """The code of the `OperationError` raised, else `internal`."""
    message: str
    event_id: str | None
    """The id of the event that was being handled; None when no event was."""
    time: AwareDatetime


@asynccontextmanager
async def reporting(
    operation: str, report: Callable[[OperationFailed], Awaitable[None]]
) -> AsyncIterator[None]:
    """Call `report` when the block fails for good; the failure goes on in any case.

    A report that cannot be sent is logged: it must not hide what happened.
    """
    try:
        yield
    except (AlreadyHandled, *NOT_TRIED):
        raise
    except Exception as error:
        if is_final(error):
            with with_event_id(_failure_id(operation)):
                await _report_or_log(operation, report, describe_failure(operation, error))
        raise


async def _report_or_log(
    operation: str, report: Callable[[OperationFailed], Awaitable[None]], failure: OperationFailed
) -> None:
    try:
        await report(failure)
    except Exception:
        logger.exception("the failure of %s could not be published", operation)


def is_final(error: Exception) -> bool:
    """Tell whether what failed with `error` is not tried again by the runtime: nobody repeats a request."""
    delivery = current_delivery()
    return delivery is None or delivery.ends_with(error)


def describe_failure(operation: str, error: Exception) -> OperationFailed:
    """Word a failure for others: an `OperationError` speaks for itself, all else is internal."""
    delivery = current_delivery()
    code, message = INTERNAL_CODE, INTERNAL_MESSAGE
    if isinstance(error, OperationError):
        code, message = error.code, error.message
    event_id = delivery.event.id if delivery else None
    return OperationFailed(operation=operation, code=code, message=message, event_id=event_id, time=now())


def _failure_id(operation: str) -> str:
    """Derive the id from the cause, so that an event which fails twice is reported once."""
    delivery = current_delivery()
    if delivery is None:
        return str(uuid7())
    return str(uuid5(NAMESPACE_URL, f"failure\n{operation}\n{delivery.event.source}\n{delivery.event.id}"))
