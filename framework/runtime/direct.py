"""Failures of a service without a database: published straight to the broker."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager

from framework.runtime.events import PublishFunction
from framework.runtime.failures import OperationFailed, reporting


class DirectFailures:
    """What `UnitOfWorkFactory.report_failure` is for a service with a database."""

    def report_failure(
        self, operation: str, publish: PublishFunction[OperationFailed]
    ) -> AbstractAsyncContextManager[None]:
        """Publish what fails for good in the block; the failure goes on.

        Without a message everything fails for good; with one an `OperationError` does, and any failure
        of the last attempt. A message that fails twice is reported twice, under one id.
        """

        async def report(failure: OperationFailed) -> None:
            await publish(failure)

        return reporting(operation, report)
