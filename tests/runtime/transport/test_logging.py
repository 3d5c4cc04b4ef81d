"""The log as JSON: every line of a process, whoever wrote it."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
import structlog
from alembic.runtime.migration import log as alembic_log

from framework.runtime.broker import EventBroker
from framework.runtime.delivery import Delivery, handling
from framework.runtime.events import recording
from framework.runtime.logging import LogSettings, configure
from framework.runtime.migrate import migrate_runtime
from framework.runtime.unit_of_work import UnitOfWork
from tests.runtime.transport.processes import START, Process, kept
from tests.runtime.transport.support import NOTED, Note, until

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
EVENT = NOTED.envelope(Note(id=1), source="x").model_copy(
    update={"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
)
DELIVERY = Delivery(EVENT, "notes.keep", records=True, is_final=False)
log = logging.getLogger("controllers.notes")

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(autouse=True)
def _structlog_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


class Log:
    """What was written since it was set up."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        configure("shop", LogSettings(log_format="json"))

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._capsys.readouterr().err.splitlines()]


def test_a_line_tells_when_who_what_and_whereabouts(capsys: pytest.CaptureFixture[str]) -> None:
    written = Log(capsys)
    with handling(DELIVERY):
        log.warning("kept %d of %s", 3, "ten", extra={"shelf": "é", "event": "of theirs"})
    with recording(UnitOfWork("notes.create", None)):  # type: ignore[arg-type]
        log.info("in an operation")
    log.info("outside")
    inside, operation, outside = written.lines()
    assert list(inside)[:5] == ["time", "level", "service", "logger", "message"]
    assert datetime.fromisoformat(inside.pop("time")).utcoffset() is not None
    assert inside == {
        "level": "warning",
        "service": "shop",
        "logger": "controllers.notes",
        "message": "kept 3 of ten",
        "operation": "notes.keep",
        "event_id": EVENT.id,
        "event_type": "note.taken",
        "trace_id": TRACE,
        "shelf": "é",
        "event": "of theirs",
    }
    assert operation["operation"] == "notes.create"
    assert not {"operation", "event_id", "trace_id"} & outside.keys()


def test_nothing_can_forge_a_line_or_break_one(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger().handlers.clear()  # those of pytest would report half a pair, which breaks a worker
    written = Log(capsys)
    log.info(
        'one\n{"level": "error"}',
        extra={"service": "other", "level": "none", "odd": object(), "raw": b"\xff"},
    )
    log.info("half a pair \ud800")
    forged, half = written.lines()
    assert (forged["message"], forged["service"], forged["level"]) == (
        'one\n{"level": "error"}',
        "shop",
        "info",
    )
    assert forged["odd"].startswith("<object object")
    assert half["level"] == "info"


def test_a_traceback_is_text_without_local_variables(capsys: pytest.CaptureFixture[str]) -> None:
    written = Log(capsys)
    password = "hunter" + "2"
    try:
        raise LookupError(f"of {len(password)} letters")
    except LookupError:
        log.exception("it failed")
    (line,) = written.lines()
    assert line["exception"].startswith("Traceback (most recent call last)")
    assert "LookupError: of 7 letters" in line["exception"]
    assert "hunter2" not in json.dumps(line)


def test_code_that_uses_structlog_itself_writes_the_same_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    written = Log(capsys)
    with handling(DELIVERY), structlog.contextvars.bound_contextvars(tenant="acme"):
        structlog.get_logger("theirs").info("bound", shelf=3)
        log.info("plain")
    bound, plain = written.lines()
    assert (bound["message"], bound["shelf"], bound["tenant"], bound["logger"]) == (
        "bound",
        3,
        "acme",
        "theirs",
    )
    assert bound["trace_id"] == TRACE
    assert plain["tenant"] == "acme"


async def test_the_lines_of_alembic_and_uvicorn_are_no_others(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    written = Log(capsys)
    await migrate_runtime(f"sqlite:///{tmp_path / 'x.db'}")
    logging.getLogger("uvicorn.error").info("Started", extra={"color_message": "\x1b[1mStarted"})
    told = written.lines()
    assert any(each["logger"] == alembic_log.name and "Running upgrade" in each["message"] for each in told)
    assert told[-1]["logger"] == "uvicorn.error"
    assert "color_message" not in told[-1]


async def test_the_drivers_steps_are_nobodys_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure("shop", LogSettings(log_level="debug"))
    async with aiosqlite.connect(":memory:") as connection:
        await connection.execute("SELECT 1")
    log.debug("mine")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("shop controllers.notes: mine")


def test_a_readable_line_tells_the_trace_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure("shop", LogSettings())
    with handling(DELIVERY):
        log.info("kept")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(f" INFO    shop notes.keep [{EVENT.id}] trace={TRACE} controllers.notes: kept")


async def test_every_line_of_a_process_is_json_and_tells_its_trace(
    tmp_path: Path, database: Path, broker: EventBroker, run: Callable[..., Process]
) -> None:
    url = f"sqlite:///{tmp_path / 'front.db'}"
    await migrate_runtime(url)
    settings = {"LOG_FORMAT": "json", "ACCESS_LOG": "on", "OTEL_TRACES_EXPORTER": "otlp"}
    # Nobody listens there, which must not be anyone's trouble.
    nowhere = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_BSP_SCHEDULE_DELAY": "600000"}
    front = run("front", DATABASE_URL=url, **settings, **nowhere)
    archive = run(**settings, **nowhere)
    await until(front.is_ready, START)
    await until(archive.is_ready, START)
    sent = f"00-{TRACE}-00f067aa0ba902b7-01"
    assert (await front.post("/notes/7", {"traceparent": sent})).status_code == 201
    await until(lambda: kept(database) == {7: 1})
    front.stop()  # the line of a request comes after its answer
    here, there = ([json.loads(line) for line in log.splitlines()] for log in (front.log, archive.log))
    (taken,) = (line for line in here if line["logger"] == "controller")
    assert (taken["trace_id"], taken["operation"], taken["note_id"]) == (TRACE, "notes.create_note", 7)
    (access,) = (line for line in here if "POST /notes/7" in line["message"])
    assert (access["trace_id"], access["logger"]) == (TRACE, "framework.access")
    assert (access["method"], access["route"], access["status"]) == ("POST", "/notes/{note_id}", 201)
    (begun,) = (line for line in there if "is begun" in line["message"])
    assert (begun["trace_id"], begun["event_type"]) == (TRACE, "note.taken")
    assert any(line["logger"] == "uvicorn.error" for line in here)
    sys.stdout.write(json.dumps(begun))
