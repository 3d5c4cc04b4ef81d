from __future__ import annotations

import itertools
import os
import random
import shutil
from pathlib import Path

import pytest

from framework.breaking.events import _DEFAULT_RETENTION
from framework.breaking.rules import findings
from framework.breaking.version import compare, read_version
from framework.runtime.events import RETENTION
from tests.compiler.projects import sound, write
from tooling.fuzz.mutation import mutated

CASES = Path(__file__).parent.parent / "cases"
VERSIONS = {
    "-".join(path.parts[-3:-1]): version
    for path in sorted(CASES.glob("*/*/services.yml"))
    if path.parts[-2] in {"specs", "before"}
    and not (version := read_version(path.parent)).diagnostics.has_errors
}

FUZZED = Path(__file__).parent.parent / "compiler" / "fuzzed_project"
ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "150"))

SERVICES = "services.yml"
MODELS = "shared/spec/models.yaml"
EVENTS = "shared/spec/events.yaml"
ORDERS = "services/shop/spec/orders.yaml"
PROJECT = {
    SERVICES: """
        version: 2
        services:
          - {name: shop, type: python-fastapi, database: true}
    """,
    MODELS: """
        models:
          Order:
            fields:
              id: {type: int, readonly: true}
              item: {type: string, min_length: 1}
              count: {type: int, ge: 1, le: 10}
              note: {type: string, optional: true}
              total: {type: decimal, readonly: true}
              lines: {type: "list[Line]"}
              state: {type: enum, values: [open, paid], default: open}
            variants:
              Create: {}
              Read: {}
          Line:
            fields:
              text: {type: string}
              below: {type: "list[Line]"}
    """,
    EVENTS: """
        events:
          order.placed: {message: OrderRead, key: id}
    """,
    ORDERS: """
        domain: orders
        config:
          rest: {prefix: /orders}
        operations:
          list_orders:
            output: list[OrderRead]
            params:
              - {name: limit, type: int, le: 50, default: 20}
            rest: {method: GET}
          get_order:
            output: OrderRead
            params: [{name: order_id, type: int}]
            rest: {method: GET, path: "/{order_id}"}
            errors: {NotFound: 404}
          place_order:
            input: OrderCreate
            output: OrderRead
            rest: {method: POST, status: 201}
            errors: {NotFound: 404}
            events: {publish_on_success: order.placed}
          on_order:
            input: OrderRead
            events: {subscribe: order.placed}
          count_orders:
            schedule: {every: 1h}
    """,
}

COMPATIBLE = {
    "a service": (SERVICES, "database: true}", "database: true}\n  - {name: mail, type: python-faststream}"),
    "a database": (SERVICES, "database: true}", "database: true, replicas: 3}"),
    "a description": (MODELS, "{type: decimal", "{description: Sum., type: decimal"),
    "a model": (MODELS, "Line:\n", "Other: {fields: {id: {type: int}}}\n  Line:\n"),
    "a variant": (MODELS, "Read: {}", "Read: {}\n      Brief: {only: [id]}"),
    "an optional field": (MODELS, "total:", "hint: {type: string, optional: true}\n      total:"),
    "a field with a default": (MODELS, "total:", "rank: {type: int, default: 0}\n      total:"),
    "a field of answers": (
        MODELS,
        "note: {type: string, optional: true}",
        "note: {type: string, optional: true}\n      size: {type: int, readonly: true, optional: true}",
    ),
    "a limit said in another way": (MODELS, "ge: 1, le: 10", "gt: 0, lt: 11"),
    "fields in another order": (
        MODELS,
        "item: {type: string, min_length: 1}\n      count: {type: int, ge: 1, le: 10}",
        "count: {type: int, ge: 1, le: 10}\n      item: {type: string, min_length: 1}",
    ),
    "an event": (EVENTS, "  order.placed", "  order.paid: {message: OrderRead}\n  order.placed"),
    "a longer retention": (EVENTS, "key: id", "key: id, retention: 30d"),
    "an operation": (ORDERS, "  get_order:", "  ping: {rest: {method: GET, path: /ping}}\n  get_order:"),
    "an optional parameter": (
        ORDERS,
        "default: 20}",
        "default: 20}\n      - {name: item, type: string, required: false}",
    ),
    "a wider parameter": (ORDERS, "le: 50", "le: 100"),
    "a parameter of any text": (ORDERS, "{name: order_id, type: int}", "{name: order_id, type: string}"),
    "operations in another order": (
        ORDERS,
        "    output: OrderRead\n    params: [{name: order_id, type: int}]",
        "    params: [{name: order_id, type: int}]\n    output: OrderRead",
    ),
    "an error less": (ORDERS, "\n    errors: {NotFound: 404}", ""),
    "deprecation": (ORDERS, "  get_order:\n", "  get_order:\n    deprecated: true\n"),
    "a retry": (ORDERS, "{subscribe: order.placed}", "{subscribe: order.placed, retry: {delays: [1s]}}"),
    "another schedule": (ORDERS, "every: 1h", 'cron: "0 3 * * *", timezone: Europe/Berlin'),
    "a schedule more": (ORDERS, "default: 20}", "default: 20}\n    schedule: {every: 1m}"),
    "an operation of the clock less": (ORDERS, "  count_orders:\n    schedule: {every: 1h}\n", ""),
    "an operation of the clock by another name": (ORDERS, "count_orders", "tell_orders"),
    "an event by hand": (ORDERS, "{method: GET}", "{method: GET}\n    publishes: [order.placed]"),
}


@pytest.mark.parametrize("change", COMPATIBLE)
def test_what_is_compatible_gives_nothing(change: str, tmp_path: Path) -> None:
    name, old, new = COMPATIBLE[change]
    files = {
        path: "\n".join(line[8:] for line in text.splitlines()).lstrip() for path, text in PROJECT.items()
    }
    assert files[name].count(old) >= 1
    before = sound(tmp_path / "before", files)
    after = sound(tmp_path / "after", {**files, name: files[name].replace(old, new, 1)})
    assert list(findings(before, after)) == []


@pytest.mark.parametrize("name", VERSIONS)
def test_no_project_breaks_itself(name: str) -> None:
    assert list(compare(VERSIONS[name], VERSIONS[name])) == []


def test_every_project_can_be_held_against_every_other() -> None:
    """Nothing raises, whatever is compared; what is gone has a place all the same."""
    for old, new in itertools.permutations(VERSIONS.values(), 2):
        assert all(found.place.path for found in compare(old, new))


def test_whatever_is_changed_can_be_compared(tmp_path: Path) -> None:
    shutil.copytree(FUZZED, tmp_path, dirs_exist_ok=True)
    before = read_version(tmp_path)
    files = sorted([tmp_path / "services.yml", *tmp_path.rglob("*.yaml")])
    compared = 0
    for number in range(ROUNDS):
        chance = random.Random(number)  # noqa: S311 - no secret is made of it
        path = chance.choice(files)
        text = path.read_bytes()
        path.write_bytes(mutated(text.decode(), chance))
        after = read_version(tmp_path)
        path.write_bytes(text)
        if not after.diagnostics.has_errors:
            compared += 1
            assert all(found.message for found in [*compare(before, after), *compare(after, before)])
    assert compared > ROUNDS / 100


def test_models_that_contain_each_other_are_compared_once(tmp_path: Path) -> None:
    def models(kind: str) -> dict[str, str]:
        return {
            MODELS: f"""
                models:
                  Left: {{fields: {{rights: {{type: "list[Right]"}}, size: {{type: {kind}}}}}}}
                  Right: {{fields: {{left: {{type: Left, optional: true}}}}}}
            """,
            ORDERS: """
                domain: orders
                operations:
                  show: {output: Left, rest: {method: GET, path: /a}}
                  pick: {output: "dict[string, list[Right]]", rest: {method: GET, path: /b}}
            """,
        }

    before, after = sound(tmp_path / "a", models("int")), sound(tmp_path / "b", models("string"))
    [found] = findings(before, after)
    assert (found.code, found.name) == ("response-type-changed", "Left.size")
    assert found.whom == "clients of shop.pick and shop.show"


def test_a_model_by_another_name_is_compared_by_its_fields(tmp_path: Path) -> None:
    def files(model: str, extra: str) -> dict[str, str]:
        return {
            MODELS: f"models: {{{model}: {{fields: {{id: {{type: int}}{extra}}}}}}}",
            ORDERS: f"""
                domain: orders
                operations:
                  add: {{input: {model}, rest: {{method: POST, path: /a}}}}
            """,
        }

    before = sound(tmp_path / "a", files("Order", ""))
    same = sound(tmp_path / "b", files("Purchase", ""))
    more = sound(tmp_path / "c", files("Purchase", ", sum: {type: int}"))
    assert [found.code for found in findings(before, same)] == ["class-removed"]
    assert [found.code for found in findings(before, more)] == ["request-field-required", "class-removed"]


def test_an_operation_is_known_by_its_route_when_its_name_is_gone(tmp_path: Path) -> None:
    def files(name: str, status: int) -> dict[str, str]:
        rest = f"{{method: POST, path: /a, status: {status}}}"
        return {ORDERS: f"domain: orders\noperations: {{{name}: {{rest: {rest}}}}}"}

    before, after = sound(tmp_path / "a", files("add", 200)), sound(tmp_path / "b", files("create", 202))
    assert [found.code for found in findings(before, after)] == ["status-changed", "operation-renamed"]


def test_another_prefix_is_told_once(tmp_path: Path) -> None:
    files = {MODELS: PROJECT[MODELS], EVENTS: PROJECT[EVENTS], ORDERS: PROJECT[ORDERS]}
    before = read_version(write(tmp_path / "a", files))
    files[ORDERS] = files[ORDERS].replace("prefix: /orders", "prefix: /v2/orders")
    [found] = compare(before, read_version(write(tmp_path / "b", files)))
    assert found.message == "the paths of shop.orders began with / and begin with /v2"
    assert found.place.excerpt == "  rest: {prefix: /v2/orders}"
    assert found.hint == "breaks clients of shop.get_order, shop.list_orders and shop.place_order"


def test_what_others_publish_does_not_change_with_the_catalogue(tmp_path: Path) -> None:
    def files(kind: str) -> dict[str, str]:
        return {
            MODELS: f"models: {{Fact: {{fields: {{id: {{type: {kind}}}}}}}}}",
            EVENTS: "events: {fact.told: {message: Fact, external: true}}",
            ORDERS: "domain: orders\noperations: {note: {input: Fact, events: {subscribe: fact.told}}}",
        }

    before, after = sound(tmp_path / "a", files("int")), sound(tmp_path / "b", files("string"))
    assert [found.code for found in findings(before, after)] == ["replay-type-changed"]


def test_the_default_retention_is_that_of_the_runtime() -> None:
    assert _DEFAULT_RETENTION == RETENTION


def test_in_a_chain_of_models_each_is_told_once(tmp_path: Path) -> None:
    count = 60

    def files(kind: str) -> dict[str, str]:
        models = "".join(
            f"\n  M{number}: {{fields: {{size: {{type: {kind}}}, next: {{type: M{number + 1}}}}}}}"
            for number in range(count)
        )
        operations = "".join(
            f"\n  get_{number}: {{output: M{number}, rest: {{method: GET, path: /m{number}}}}}"
            for number in range(count)
        )
        last = f"\n  M{count}: {{fields: {{id: {{type: int}}}}}}"
        return {MODELS: f"models:{models}{last}", ORDERS: f"domain: orders\noperations:{operations}"}

    before = read_version(write(tmp_path / "a", files("int")))
    after = read_version(write(tmp_path / "b", files("string")))
    assert len(compare(before, after)) == count
