"""What Dockerfiles, Compose and Kubernetes are told of a service, and all of them alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from framework import deployment
from framework.connectivity import Connectivity, connectivity
from framework.runtime.operations import paths
from framework.system import Service
from tests.compiler.projects import sound

FILES = {
    "services.yml": """
        version: 2
        services:
          - {name: shop, type: python-fastapi, database: true, port: 9000, secrets: [MAIL_TOKEN]}
          - {name: bot, type: python-telegram, secrets: [TELEGRAM_BOT_TOKEN], calls: [shop.list_orders]}
          - {name: worker, type: python-faststream}
          - {name: page, type: node, calls: [shop.list_orders]}
    """,
    "services/shop/spec/orders.yaml": """
        domain: orders
        operations:
          list_orders: {output: "list[string]", rest: {method: GET}}
    """,
}


@pytest.fixture
def lines(tmp_path: Path) -> Connectivity:
    return connectivity(sound(tmp_path, FILES))


def service(lines: Connectivity, name: str) -> Service:
    return next(each for each in lines.services if each.name == name)


def settings(lines: Connectivity, name: str) -> dict[str, str]:
    return dict(deployment.settings(service(lines, name), lines, lambda host: f"{host}.test"))


def test_a_service_is_told_where_everything_is_that_it_speaks_to(lines: Connectivity) -> None:
    assert settings(lines, "shop") == {
        "DATABASE_URL": "postgresql://shop@postgres.test:5432/shop",
        "REDIS_URL": "redis://redis.test:6379/0",
    }
    assert settings(lines, "bot") == {
        "REDIS_URL": "redis://redis.test:6379/0",
        "SHOP_API_BASE_URL": "http://shop.test:9000",
    }
    assert settings(lines, "page") == {"SHOP_API_BASE_URL": "http://shop.test:9000"}


def test_no_secret_is_a_setting(lines: Connectivity) -> None:
    assert deployment.secrets(service(lines, "shop")) == ("DATABASE_PASSWORD", "MAIL_TOKEN")
    assert deployment.secrets(service(lines, "bot")) == ("TELEGRAM_BOT_TOKEN",)
    assert deployment.secrets(service(lines, "worker")) == ()


def test_operators_ask_elsewhere_than_those_who_use_an_api(lines: Connectivity) -> None:
    ports = {each.name: deployment.operations_port(each) for each in lines.services}
    assert ports == {
        "shop": 9001,
        "bot": service(lines, "bot").port,
        "worker": service(lines, "worker").port,
        "page": service(lines, "page").port,
    }
    assert ("OPERATIONS_PORT", "9001") in deployment.image_settings(service(lines, "shop"))
    assert deployment.image_settings(service(lines, "worker")) == (("OPERATIONS_HOST", "0.0.0.0"),)  # noqa: S104


def test_a_service_listens_where_its_environment_says(lines: Connectivity) -> None:
    assert "--host" not in deployment.command(service(lines, "shop"))
    assert "framework.runtime.serve" in deployment.command(service(lines, "worker"))


def test_an_image_has_what_the_service_needs(lines: Connectivity) -> None:
    extras = [deployment.extras(service(lines, name)) for name in ("shop", "bot", "worker")]
    assert extras == [("database", "runtime"), ("runtime", "telegram"), ("runtime",)]


def test_health_is_asked_where_the_runtime_answers_it() -> None:
    assert (deployment.LIVE, deployment.READY) == (paths.LIVE, paths.READY)
