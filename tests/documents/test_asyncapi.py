"""The AsyncAPI documents say what the specs say and what the runtime writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from faststream.redis.parser import BinaryMessageFormatV1
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema import Draft202012Validator

from framework.docs.asyncapi import asyncapi, messages_of
from framework.load import load
from framework.resolve import resolve
from framework.runtime.envelope import CloudEvent, now
from framework.runtime.redis_streams.wire import encode
from framework.system import Service, System
from tests.compiler.projects import sound
from tests.generators.cases import FOLDERS

SYSTEMS = [resolve(*load(folder / "specs")) for folder in FOLDERS]
SERVICES = [(system, service) for system in SYSTEMS for service in system.services if messages_of(service)]


def document(system: System, service: Service) -> dict[str, Any]:
    """The document with an empty schema for each message."""
    return asyncapi(system, service, {name: {"type": "object"} for name in sorted(messages_of(service))})


def references(part: Any) -> Iterator[str]:
    """Every `$ref` in a document."""
    if isinstance(part, dict):
        yield from (value for key, value in part.items() if key == "$ref")
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from references(each)


@pytest.mark.parametrize(("system", "service"), SERVICES, ids=[service.name for _, service in SERVICES])
def test_documents_are_whole(system: System, service: Service) -> None:
    found = document(system, service)

    ApplicationSchema.model_validate(found)
    assert found["operations"]
    for reference in references(found):
        part: Any = found
        for name in reference.removeprefix("#/").split("/"):
            part = part[name]


SHOP = {
    "services.yml": """
    version: 2
    services:
      - name: shop
        type: python-faststream
        description: Sells.
        database: true
        publishes: [stock.low]
    events: {stream_prefix: "eu:"}
    """,
    "shared/spec/models.yaml": """
    models:
      Order: {fields: {id: {type: int}}}
      Stock: {fields: {left: {type: int}}}
    """,
    "shared/spec/events.yaml": """
    events:
      order.placed:
        {message: Order, key: id, retention: 72h, external: true, description: Somebody buys.}
      order.taken: {message: Order}
      order.refused: {message: OperationFailed}
      stock.low: {message: Stock}
    """,
    "services/shop/spec/orders.yaml": """
    domain: orders
    operations:
      take:
        description: Takes an order.
        input: Order
        output: Order
        deprecated: true
        publishes: [stock.low]
        events:
          subscribe: order.placed
          publish_on_success: order.taken
          publish_on_error: order.refused
          retry: {delays: [500ms, 90s, 2h]}
    """,
}
"""A service that receives, answers, fails and publishes by hand."""


def test_a_document_tells_what_is_sent_received_and_kept(tmp_path: Path) -> None:
    system = sound(tmp_path, SHOP)
    found = document(system, system.services[0])

    assert found["info"] == {"title": "shop", "version": "0.1.0", "description": "Sells."}
    assert found["channels"]["order.placed"] == {
        "address": "eu:order.placed",
        "description": "Somebody buys.",
        "messages": {"order.placed": {"$ref": "#/components/messages/order.placed"}},
        "x-retention": "72h",
    }
    assert found["components"]["messages"]["order.placed"]["x-ordering-key"] == "id"
    operations = found["operations"]
    assert operations["orders.take"] == {
        "action": "receive",
        "channel": {"$ref": "#/channels/order.placed"},
        "messages": [{"$ref": "#/channels/order.placed/messages/order.placed"}],
        "description": "Takes an order.\n\nDeprecated.",
        "tags": [{"name": "orders"}],
        "x-consumer-group": "shop",
        "x-retry": ["500ms", "90s", "2h"],
    }
    assert {name: each["description"] for name, each in operations.items() if each["action"] == "send"} == {
        "publish_order_refused": "Published when `orders.take` fails.",
        "publish_order_taken": "Published when `orders.take` succeeds.",
        "publish_stock_low": "Published by `orders.take`, by the service itself.",
    }


@pytest.mark.parametrize(
    "more",
    [
        {},
        {
            "partitionkey": "7",
            "sequence": 3,
            "causationid": "c",
            "traceparent": "00-1-2-03",
            "subject": "s",
            "dataschema": "d",
        },
    ],
    ids=["least", "most"],
)
async def test_the_headers_are_those_that_are_written(more: dict[str, Any]) -> None:
    event = CloudEvent(id="1", source="shop", type="order.taken", time=now(), data=b"{}", **more)
    fields = encode(event)
    message = fields[b"__data__"]
    assert isinstance(message, bytes)
    _, headers = BinaryMessageFormatV1.parse(message)
    schema = document(*SERVICES[0])["components"]["schemas"]["eventHeaders"]

    assert list(Draft202012Validator(schema).iter_errors(headers)) == []
    assert headers.keys() <= schema["properties"].keys()
    assert set(schema["required"]) <= headers.keys()
    assert json.loads(json.dumps(schema)) == schema
