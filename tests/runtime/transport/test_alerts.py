"""The alarms that a project is shipped with: Prometheus can read them, and they ask for what is told."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import promql_parser
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.service import create_fastapi_app
from framework.testkit import serve
from tests.runtime.transport.processes import ROOT

RULES = ROOT / "template" / "infra" / "prometheus" / "alerts.yml"
SUFFIXES = {"counter": ("_total",), "histogram": ("_count", "_sum", "_bucket"), "gauge": ("",)}


def alerts() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


@pytest.fixture
async def told(redis_url: str, database_url: str, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of all series that a service can have."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("METRICS", "on")
    app = create_fastapi_app(
        service="shop",
        description="",
        broker=EventBroker(),
        database=Database("shop"),
        api_router=None,
        register=lambda _: None,
    )
    async with serve(app) as address, httpx.AsyncClient(trust_env=False) as client:
        text = (await client.get(f"{address}/metrics")).text
    return {
        family.name + suffix
        for family in text_string_to_metric_families(text)
        for suffix in SUFFIXES.get(family.type, ())
    }


async def test_alarms_are_about_what_is_told(told: set[str]) -> None:
    for alert in alerts():
        asked = set(names_in(promql_parser.parse(alert["expr"])))
        assert asked, alert["alert"]
        assert asked <= told, (alert["alert"], asked - told)
    assert {"events_lag", "events_dead_letters", "events_consumers", "outbox_oldest_age_seconds"} <= {
        name for alert in alerts() for name in names_in(promql_parser.parse(alert["expr"]))
    }


def names_in(expression: Any) -> Iterator[str]:
    found: list[Any] = []
    promql_parser.walk(expression, found.append)
    for node in found:
        selector = getattr(node, "vector_selector", node)
        if isinstance(selector, promql_parser.VectorSelector) and selector.name:
            yield selector.name


def test_alarms_say_what_to_do_and_name_only_what_they_know() -> None:
    names = [alert["alert"] for alert in alerts()]
    assert len(set(names)) == len(names)
    for alert in alerts():
        assert alert.keys() <= {"alert", "expr", "for", "labels", "annotations"}, alert["alert"]
        assert alert["labels"]["severity"] in {"warning", "critical"}
        known = set(re.findall(r"\w+", " ".join(re.findall(r"by \(([^)]*)\)", alert["expr"]))))
        for text in (alert["annotations"]["summary"], alert["annotations"]["description"]):
            assert set(re.findall(r"\$labels\.(\w+)", text)) <= known, alert["alert"]
            assert set(re.findall(r"\| (\w+)\}\}", text)) <= {"humanizeDuration", "humanizePercentage"}
        assert re.fullmatch(r"\d+m", alert.get("for", "1m"))
