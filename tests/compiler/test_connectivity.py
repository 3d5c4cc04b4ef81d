"""Who talks to whom, as it follows from specs."""

from __future__ import annotations

from pathlib import Path

from framework.connectivity import Connectivity, Flow, connectivity
from framework.system import Operation
from tests.compiler.projects import sound

FILES = {
    "services.yml": """
        version: 2
        services:
          - {name: shop, type: python-fastapi, database: true, calls: [bank.pay, bank.refund]}
          - {name: bank, type: python-fastapi}
          - {name: bot, type: python-telegram, calls: [shop.order], publishes: [user.spoke]}
          - {name: mail, type: python-faststream, database: true, internet: true}
    """,
    "shared/spec/models.yaml": """
        models:
          Thing: {fields: {id: {type: int}}}
    """,
    "shared/spec/events.yaml": """
        events:
          order.placed: {message: Thing}
          order.failed: {message: OperationFailed}
          rate.changed: {message: Thing, external: true}
          user.spoke: {message: Thing}
          nobody.cares: {message: Thing}
    """,
    "services/shop/spec/orders.yaml": """
        domain: orders
        operations:
          order:
            output: Thing
            publishes: [order.placed]
            rest: {method: POST}
            events: {publish_on_error: order.failed}
          tidy: {schedule: {every: 1h}}
    """,
    "services/bank/spec/money.yaml": """
        domain: money
        operations:
          pay: {output: Thing, rest: {method: POST}}
          refund: {output: Thing, rest: {method: POST, path: /refunds}}
          adjust: {input: Thing, events: {subscribe: rate.changed}}
    """,
    "services/mail/spec/letters.yaml": """
        domain: letters
        operations:
          confirm: {input: Thing, events: {subscribe: order.placed}}
          reply:
            input: Thing
            output: Thing
            events: {subscribe: user.spoke, publish_on_success: order.placed}
    """,
}


def lines(root: Path) -> Connectivity:
    return connectivity(sound(root, FILES))


def named(operations: tuple[Operation, ...]) -> list[str]:
    return [operation.qualified_name for operation in operations]


def handlers(flow: Flow) -> dict[str, str]:
    return {service: operation.qualified_name for service, operation in flow.handlers.items()}


def test_calls_name_their_operations(tmp_path: Path) -> None:
    found = lines(tmp_path)
    assert [(call.caller, call.callee, named(call.operations)) for call in found.calls] == [
        ("bot", "shop", ["orders.order"]),
        ("shop", "bank", ["money.pay", "money.refund"]),
    ]
    assert found.callees("shop") == ("bank",)
    assert found.callers("shop") == ("bot",)
    assert found.callers("mail") == ()


def test_events_come_from_all_who_publish_and_go_to_all_who_handle(tmp_path: Path) -> None:
    flows = {flow.event.name: flow for flow in lines(tmp_path).flows}
    assert flows["order.placed"].publishers == ("mail", "shop")
    assert handlers(flows["order.placed"]) == {"mail": "letters.confirm"}
    assert flows["order.failed"].publishers == ("shop",)
    assert handlers(flows["order.failed"]) == {}
    assert flows["rate.changed"].publishers == ()
    assert handlers(flows["rate.changed"]) == {"bank": "money.adjust"}
    assert flows["user.spoke"].publishers == ("bot",)
    assert "nobody.cares" not in flows


def test_the_clock_calls_operations(tmp_path: Path) -> None:
    (clock,) = lines(tmp_path).clocks
    assert (clock.service, named(clock.operations)) == ("shop", ["orders.tidy"])


def test_servers_are_for_those_who_use_them(tmp_path: Path) -> None:
    found = lines(tmp_path)
    assert found.with_database == ("mail", "shop")
    assert found.on_broker == ("bank", "bot", "mail", "shop")
    assert found.servers("shop") == ("postgres", "redis")
    assert found.servers("bot") == ("redis",)


def test_the_internet_is_for_bots_and_for_those_who_ask(tmp_path: Path) -> None:
    assert lines(tmp_path).on_internet == ("bot", "mail")
