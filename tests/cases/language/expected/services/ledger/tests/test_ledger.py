"""The operations of the domain `ledger`."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from services.ledger.src.controllers.ledger import LedgerController


async def test_the_log_is_greeted(
    session: AsyncSession,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")

    await LedgerController().say_hello(session)

    assert "hello" in caplog.text
