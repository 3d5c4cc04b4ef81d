"""Publishing without a database: straight to the broker, and without loading what only databases need."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from framework.runtime.delivery import current_delivery, handling
from framework.runtime.events import PublishFailed
from tests.runtime.data.support import (
    ORDER_FAILED,
    ORDER_PLACED,
    OrderPlaced,
    broker,
    delivery_of,
    incoming,
    message_of,
    publish_order_placed,
)

ORDER = OrderPlaced(customer="ann", number=1)


async def test_an_event_is_wrapped() -> None:
    delivery = delivery_of(incoming(traceparent="00-1-2-01"))
    with handling(delivery):
        assert current_delivery() is delivery
        await publish_order_placed(ORDER)
    assert current_delivery() is None
    (event,) = broker.events
    assert (event.type, event.source, event.subject, event.partitionkey) == (
        "order.placed",
        "shop",
        "ann",
        "ann",
    )
    assert (event.causationid, event.traceparent) == (delivery.event.id, "00-1-2-01")
    assert message_of(event) == ORDER


async def test_the_broker_that_fails_is_told() -> None:
    broker.error = ConnectionError("nobody answers")
    with pytest.raises(PublishFailed, match=r"`order.placed` could not be published: nobody answers"):
        await publish_order_placed(ORDER)


def test_another_message_is_refused() -> None:
    with pytest.raises(TypeError, match=r"`order.failed` carries a OperationFailed, not a OrderPlaced"):
        ORDER_FAILED.envelope(ORDER, source="shop")  # type: ignore[arg-type]


def test_a_message_is_taken_as_it_is_now() -> None:
    message = OrderPlaced(customer="ann", number=1)
    event = ORDER_PLACED.envelope(message, source="shop")
    message.number = 2
    assert message_of(event).number == 1


def test_a_service_without_a_database_does_not_load_sqlalchemy() -> None:
    modules = ["types", "schema", "errors", "failures", "envelope", "events", "settings", "direct", "broker"]
    imports = "; ".join(f"import framework.runtime.{module}" for module in modules)
    program = f"import sys; {imports}; sys.exit('sqlalchemy' in sys.modules)"
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 0
