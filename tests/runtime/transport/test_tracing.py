"""Traces of real processes, as the console exporter prints them."""

import gzip
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from framework.runtime.broker import EventBroker
from framework.runtime.migrate import migrate_runtime
from framework.runtime.redis_streams.wire import decode
from framework.servers.telegram import TelegramApi
from framework.testkit import serve
from tests.runtime.transport.processes import ROOT, START, STOPPED, Process, kept
from tests.runtime.transport.support import Note, publish, until

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
CALLER = "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{CALLER}-01"

pytestmark = pytest.mark.timeout(900)


class Span:
    """One line of the console exporter."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.name: str = told["name"]
        self.kind: str = told["kind"].removeprefix("SpanKind.")
        self.trace: str = told["context"]["trace_id"].removeprefix("0x")
        self.id: str = told["context"]["span_id"].removeprefix("0x")
        self.parent: str | None = (told["parent_id"] or "").removeprefix("0x") or None
        self.service: str = told["resource"]["attributes"]["service.name"]
        self.attributes: dict[str, Any] = told["attributes"]
        self.start: str = told["start_time"]
        self.status: str = told["status"]["status_code"]


def spans_in(*logs: str) -> list[Span]:
    # A line without an end is being written.
    lines = (line for log in logs for line in log.splitlines(keepends=True) if line.endswith("\n"))
    told = (json.loads(line) for line in lines if line.startswith('{"name"'))
    return sorted(map(Span, told), key=lambda span: span.start)


def as_tree(spans: list[Span]) -> str:
    """What a person sees of a trace."""
    depth: dict[str | None, int] = {}
    lines = []
    for span in spans:
        depth[span.id] = depth.get(span.parent, -1) + 1
        lines.append(
            f"{span.trace}  {'  ' * depth[span.id]}{span.name}  [{span.service}, {span.kind.lower()}]"
        )
    return "\n".join(lines)


def one(spans: list[Span], name: str) -> Span:
    (found,) = (span for span in spans if span.name == name)
    return found


@pytest.fixture
async def front(tmp_path: Path, run: Callable[..., Process]) -> Process:
    """The service in `front.py`, with traces and a database of its own."""
    url = f"sqlite:///{tmp_path / 'front.db'}"
    await migrate_runtime(url)
    return run("front", DATABASE_URL=url, OTEL_TRACES_EXPORTER="console")


@pytest.fixture
def archive(run: Callable[..., Process]) -> Process:
    """The service in `worker.py`, with traces."""
    return run(OTEL_TRACES_EXPORTER="console")


async def test_one_trace_from_a_request_through_outbox_and_broker_into_another_service(
    front: Process, archive: Process, database: Path, broker: EventBroker
) -> None:
    await until(front.is_ready, START)
    await until(archive.is_ready, START)
    answer = await front.post("/notes/7?secret=1", {"traceparent": TRACEPARENT})
    assert answer.status_code == 201
    await until(lambda: kept(database) == {7: 1})
    await until(lambda: len(spans_in(front.log, archive.log)) >= 4)
    spans = spans_in(front.log, archive.log)
    sys.stdout.write(as_tree(spans))
    assert {span.trace for span in spans} == {TRACE}
    request, create = one(spans, "POST /notes/{note_id}"), one(spans, "create note.taken")
    send, process = one(spans, "send note.taken"), one(spans, "process note.taken")
    assert len(spans) == 4, "health checks make none"
    assert (request.parent, request.kind, request.service) == (CALLER, "SERVER", "front")
    assert (create.parent, create.kind, create.service) == (request.id, "PRODUCER", "front")
    assert (send.parent, send.kind, send.service) == (create.id, "CLIENT", "front")
    assert (process.parent, process.kind, process.service) == (create.id, "CONSUMER", "archive")
    assert request.attributes["http.route"] == "/notes/{note_id}"
    assert request.attributes["http.response.status_code"] == 201
    ((_, fields),) = await broker.redis.xrange("note.taken")  # type: ignore[misc]
    event = decode(fields)  # type: ignore[arg-type]
    assert event.traceparent == f"00-{TRACE}-{create.id}-01"
    for span, operation in ((create, "create"), (send, "send"), (process, "process")):
        assert span.attributes["messaging.system"] == "redis"
        assert span.attributes["messaging.operation.type"] == operation
        assert span.attributes["messaging.destination.name"] == "note.taken"
        assert span.attributes["messaging.message.id"] == event.id
    assert process.attributes["messaging.consumer.group.name"] == "archive"


async def test_a_trace_goes_from_the_bot_to_the_backend(
    front: Process,
    tmp_path: Path,
    redis_url: str,
    telegram_api: TelegramApi,
) -> None:
    await until(front.is_ready, START)
    telegram_api.push_text("/call")
    environment = {
        **os.environ,
        "REDIS_URL": redis_url,
        "TELEGRAM_API_URL": telegram_api.url,
        "TELEGRAM_BOT_TOKEN": telegram_api.token,
        "FRONT_URL": front.address,
        "OTEL_TRACES_EXPORTER": "console",
    }
    log = tmp_path / "bot.log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "tests.runtime.transport.bot"]
        bot = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=output, stderr=output)  # noqa: ASYNC220
    try:
        await telegram_api.wait_for_message(containing="called", within=START)
        await until(lambda: len(spans_in(front.log, log.read_text())) >= 5)
    finally:
        bot.kill()
        bot.wait()
    spans = spans_in(front.log, log.read_text())
    sys.stdout.write(as_tree(spans))
    update, call, request = (one(spans, name) for name in ("process update", "POST", "POST /notes/{note_id}"))
    assert {span.trace for span in spans} == {update.trace}
    assert update.parent is None
    assert (call.parent, call.kind) == (update.id, "CLIENT")
    assert call.attributes["http.response.status_code"] == 201
    assert call.attributes["url.full"] == f"{front.address}/notes/7"
    assert (request.parent, request.service) == (call.id, "front")
    assert telegram_api.token not in log.read_text()


async def test_a_handler_that_fails_is_seen_in_the_trace(
    run: Callable[..., Process], broker: EventBroker
) -> None:
    archive = run(OTEL_TRACES_EXPORTER="console", RETRY="3600")
    await until(archive.is_ready, START)
    await publish(broker, Note(id=1, text="fail"), Note(id=2, text="refuse"))

    def failed() -> dict[str, Span]:
        return {
            span.attributes["error.type"]: span for span in spans_in(archive.log) if span.status == "ERROR"
        }

    await until(lambda: {"LookupError", "Conflict"} <= set(failed()))
    refused = failed()["Conflict"]
    report = one(spans_in(archive.log), "create note.failed")
    assert (report.trace, report.parent) == (refused.trace, refused.id)


class Collector:
    """Takes what the OTLP exporter sends over HTTP, unless it is down."""

    def __init__(self) -> None:
        self.is_down = False
        self.spans: list[tuple[str, str]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope, receive)
            body = await request.body()
            if not self.is_down and request.url.path == "/v1/traces":
                self.spans += [
                    (span.name, span.trace_id.hex())
                    for resource in ExportTraceServiceRequest.FromString(
                        self._plain(request, body)
                    ).resource_spans
                    for scope_spans in resource.scope_spans
                    for span in scope_spans.spans
                ]
            await Response(status_code=400 if self.is_down else 200)(scope, receive, send)

    def _plain(self, request: Request, body: bytes) -> bytes:
        return gzip.decompress(body) if request.headers.get("content-encoding") == "gzip" else body


async def test_a_collector_gets_the_spans_and_its_outage_is_told_once(
    tmp_path: Path, run: Callable[..., Process]
) -> None:
    url = f"sqlite:///{tmp_path / 'front.db'}"
    await migrate_runtime(url)
    collector = Collector()
    async with serve(collector) as address:
        settings = {
            "OTEL_TRACES_EXPORTER": "otlp",
            "OTEL_EXPORTER_OTLP_ENDPOINT": address,
            "OTEL_EXPORTER_OTLP_TIMEOUT": "600",
        }
        front = run("front", DATABASE_URL=url, OTEL_BSP_SCHEDULE_DELAY="100", **settings)
        await until(front.is_ready, START)
        await front.post("/notes/1", {"traceparent": TRACEPARENT})
        for name in ("send note.taken", "POST /notes/{note_id}"):
            await until(lambda: (name, TRACE) in collector.spans)  # noqa: B023
        collector.is_down = True
        await front.post("/notes/2", {})
        await until(lambda: "the collector does not take traces" in front.log)
        collector.is_down = False
        await front.post("/notes/3", {})
        await until(lambda: "the collector takes traces again" in front.log)
        await front.post("/notes/4", {})
        front.send(signal.SIGTERM)
        # Ours hangs while nobody runs its loop.
        assert front.popen.wait(20) == STOPPED, "it does not wait for a collector that hangs"
    assert "opentelemetry" not in front.log
    assert "Traceback" not in front.log


async def test_a_protocol_that_is_not_installed_is_refused_in_words(run: Callable[..., Process]) -> None:
    service = run(OTEL_TRACES_EXPORTER="jaeger", OTEL_EXPORTER_OTLP_PROTOCOL="grpc")
    assert service.popen.wait(START) == 1
    told = [line.split(": ")[0] for line in service.log.splitlines()]
    assert sorted(told) == ["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_TRACES_EXPORTER"], service.log
