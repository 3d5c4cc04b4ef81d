from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from framework.system import Argument, Operation, OperationKind, ParamSource, ScheduleBinding, System
from tests.compiler.projects import compiled, sound

MODELS = """
    models:
      User:
        fields:
          id: {type: int}
          name: {type: string}
          nick: {type: string, optional: true}
        variants:
          Create: {exclude: [id]}
          Update: {exclude: [id], optional: all}
          Read: {}
      Named:
        fields:
          user_id: {type: int}
          name: {type: string}
          note: {type: string, optional: true}
"""

EVENTS = """
    events:
      user.created: {message: UserRead, key: id}
      user.named: {message: Named, key: user_id}
      user.failed: {message: OperationFailed}
"""


def files(operations: str, config: str = "") -> dict[str, str]:
    lines = "".join(f"      {line}\n" for line in operations.strip().split("\n"))
    return {
        "shared/spec/models.yaml": MODELS,
        "shared/spec/events.yaml": EVENTS,
        "services/shop/spec/users.yaml": f"    domain: users\n{config}    operations:\n{lines}",
    }


def operation(system: System, name: str = "act") -> Operation:
    found = [each for service in system.services for domain in service.domains for each in domain.operations]
    return next(each for each in found if each.name == name)


def codes(root: Path, operations: str) -> list[str]:
    return [found.code for found in compiled(root, files(operations))[1]]


@pytest.mark.parametrize(
    ("spec", "path", "status", "kind"),
    [
        ("{output: UserRead, rest: {method: GET}}", "/", 200, OperationKind.QUERY),
        ("{rest: {method: DELETE, path: /all}}", "/all", 204, OperationKind.COMMAND),
        ("{input: UserCreate, rest: {method: POST, status: 202}}", "/", 202, OperationKind.COMMAND),
    ],
)
def test_a_rest_operation_has_path_status_and_kind(
    tmp_path: Path, spec: str, path: str, status: int, kind: OperationKind
) -> None:
    found = operation(sound(tmp_path, files(f"act: {spec}")))
    assert found.rest
    assert (found.rest.path, found.rest.status, found.kind) == (path, status, kind)
    assert found.rest.tags == ("users",)


def test_the_prefix_of_the_domain_begins_the_path(tmp_path: Path) -> None:
    config = "    config:\n      rest: {prefix: '/teams/{team_id}/users', tags: [people]}\n"
    params = (
        "[{name: user_id, type: int}, {name: deep, type: bool, required: false}, {name: team_id, type: uuid}]"
    )
    spec = f"act: {{output: UserRead, params: {params}, rest: {{method: GET, path: '/{{user_id}}'}}}}"
    found = operation(sound(tmp_path, files(spec, config)))
    assert found.rest
    assert (found.rest.path, found.rest.tags) == ("/teams/{team_id}/users/{user_id}", ("people",))
    assert [(param.name, param.source, param.required, param.nullable) for param in found.params] == [
        ("team_id", ParamSource.PATH, True, False),
        ("user_id", ParamSource.PATH, True, False),
        ("deep", ParamSource.QUERY, False, True),
    ]


def test_the_output_is_published_where_it_is_the_message(tmp_path: Path) -> None:
    spec = "act: {output: UserRead, rest: {method: POST}, events: {publish_on_success: user.created}}"
    found = operation(sound(tmp_path, files(spec)))
    assert found.on_success
    assert (found.on_success.event.name, found.on_success.arguments) == ("user.created", None)
    assert found.is_dual


def test_a_message_is_filled_by_name_from_params_input_and_output(tmp_path: Path) -> None:
    spec = """
act:
  input: UserCreate
  output: UserRead
  params: [{name: user_id, type: int}]
  rest: {method: PUT, path: "/{user_id}"}
  events: {publish_on_success: user.named, message_model: Named, publish_on_error: user.failed}
"""
    found = operation(sound(tmp_path, files(spec)))
    assert found.on_success
    assert found.on_success.arguments == (Argument("user_id", "user_id"), Argument("name", "payload.name"))
    assert found.on_error
    assert found.on_error.function == "publish_user_failed"


def test_a_field_that_may_be_absent_fills_no_field_that_must_be_there(tmp_path: Path) -> None:
    spec = """
act:
  input: UserUpdate
  params: [{name: user_id, type: int}]
  rest: {method: PATCH, path: "/{user_id}"}
  events: {publish_on_success: user.named}
"""
    assert codes(tmp_path, spec) == ["unfilled-message"]


def test_a_background_operation_has_an_event_and_nothing_else(tmp_path: Path) -> None:
    external = {"shared/spec/events.yaml": "events:\n  user.created: {message: UserRead, external: true}\n"}
    spec = files("act: {input: UserRead, events: {subscribe: user.created}}")
    found = operation(sound(tmp_path, {**spec, **external}))
    assert (found.kind, found.is_event_only, found.params) == (OperationKind.BACKGROUND, True, ())


def test_an_operation_of_the_clock_needs_no_other_transport(tmp_path: Path) -> None:
    spec = "act: {schedule: {cron: ' 0  3 * * *'}, events: {retry: {delays: [1m]}}}"
    found = operation(sound(tmp_path, files(spec)))
    assert found.schedule == ScheduleBinding("0 3 * * *", "UTC")
    assert found.retry == (timedelta(minutes=1),)
    assert found.kind is OperationKind.BACKGROUND
    assert (found.is_rest_only, found.is_event_only, found.is_dual) == (False, False, False)


def test_the_clock_makes_a_command_of_what_would_be_a_query(tmp_path: Path) -> None:
    """Its ticks are recorded in the inbox, and a query writes nothing."""
    found = operation(sound(tmp_path, files("act: {rest: {method: GET}, schedule: {every: 90s}}")))
    assert found.schedule == ScheduleBinding(timedelta(seconds=90))
    assert (found.kind, found.is_rest_only) == (OperationKind.COMMAND, False)


@pytest.mark.parametrize(
    "cron",
    [
        *("*/5 * * * *", "0 3 * * MON-FRI", "0,30 8-18/2 1,15 JAN,JUL *", "0 0 L * *", "0 0 29 2 *"),
        *("0 12 * * 1#2", "0 12 * * 7", "5 4 LW * *", "0 0 * * 5L", "0 0 31 * 1"),
    ],
)
def test_what_cron_expressions_may_say(tmp_path: Path, cron: str) -> None:
    assert codes(tmp_path, f"act: {{schedule: {{cron: '{cron}'}}}}") == []


@pytest.mark.parametrize(
    "cron",
    [
        *("60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 8", "*/0 * * * *"),
        *("5-1 * * * *", "1#2/3 * * * *", "* * * * MON,5L/2", "0 0 30 2 *", "? * * * *", "٣ * * * *"),
        *("1- * * * *", ", * * * *", f"{'9' * 150} * * * *", "-1 * * * *", "a b c d e"),
    ],
)
def test_what_they_may_not_say(tmp_path: Path, cron: str) -> None:
    assert set(codes(tmp_path, f"act: {{schedule: {{cron: '{cron}'}}}}")) == {"bad-schedule"}


def test_services_get_ports_from_8000_up_that_nobody_asks_for(tmp_path: Path) -> None:
    services = """
        version: 2
        services:
          - {name: zoo, type: python-fastapi}
          - {name: farm, type: python-faststream, port: 8001}
          - {name: bot, type: python-telegram}
    """
    system = sound(tmp_path, {"services.yml": services})
    assert [(service.name, service.port) for service in system.services] == [
        ("bot", 8002),
        ("farm", 8001),
        ("zoo", 8000),
    ]


def test_a_client_has_the_operations_that_are_called(tmp_path: Path) -> None:
    services = """
        version: 2
        services:
          - {name: shop, type: python-fastapi}
          - {name: bot, type: python-telegram, calls: [shop.act]}
    """
    spec = files("act: {output: UserRead, rest: {method: GET}}\nother: {rest: {method: POST}}")
    system = sound(tmp_path, {**spec, "services.yml": services})
    client = next(service for service in system.services if service.name == "bot").clients[0]
    assert (client.target, [each.name for each in client.operations]) == ("shop", ["act"])


def test_a_mistake_in_one_model_does_not_hide_or_cause_others(tmp_path: Path) -> None:
    project = {
        **files("act: {input: UserCreate, output: UserRaed, rest: {method: POST}}"),
        "shared/spec/models.yaml": "models:\n  User: {feilds: {}}\n  Named: {fields: {id: {type: itn}}}\n",
    }
    _, diagnostics = compiled(tmp_path, project)
    assert sorted({found.code for found in diagnostics}) == ["bad-type", "unknown-key"]


def test_many_routes_with_many_segments_are_compared_in_time(tmp_path: Path) -> None:
    start = "".join(f"/{{p{n}}}/s{n}" for n in range(20))
    params = ", ".join(f"{{name: p{n}, type: int}}" for n in range(20))
    operations = (
        f"act{n}: {{params: [{params}], rest: {{method: POST, path: '{start}/end{n}'}}}}" for n in range(50)
    )
    sound(tmp_path, files("\n".join(operations)))
