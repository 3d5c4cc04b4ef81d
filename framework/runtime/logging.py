"""The log: a line for each record, readable or JSON, with the operation, the event and the trace at hand."""

from __future__ import annotations

import logging
import time
from typing import Final, Literal

from pydantic import Field

from framework.runtime.correlation import request_id
from framework.runtime.delivery import current_delivery
from framework.runtime.events import current_recorder
from framework.runtime.settings import Settings
from framework.runtime.telemetry.spans import trace_id

_FORMAT: Final = "%(asctime)s.%(msecs)03dZ %(levelname)-7s %(service)s%(where)s %(name)s: %(message)s"
_SERVERS: Final = ("uvicorn", "uvicorn.error", "uvicorn.access")
_TALKATIVE: Final = ("httpx", "httpcore", "aiosqlite")
"""The first two tell the URL of every request, and that of a Telegram bot holds its token; the last tells
every step of every statement, and hides all else."""


class LogSettings(Settings):
    """Read from `LOG_LEVEL` and `LOG_FORMAT`."""

    log_level: str = Field(
        "INFO",
        pattern=r"^(?i:debug|info|warning|error|critical)$",
        description="Write debug, info, warning, error or critical.",
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="Write json to have every line as a JSON object, else text."
    )


class _Formatter(logging.Formatter):
    converter = staticmethod(time.gmtime)

    def __init__(self, service: str) -> None:
        super().__init__(_FORMAT, datefmt="%Y-%m-%dT%H:%M:%S")
        self._service = service

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        record.service = self._service
        record.where = _where()
        # A text from outside must not be able to forge a line of its own.
        record.message = record.message.replace("\r", "\\r").replace("\n", "\\n")
        return super().formatMessage(record)


class _Handler(logging.StreamHandler):  # type: ignore[type-arg]
    """Ours, to be known again."""


def configure(service: str, settings: LogSettings) -> None:
    """Set up the log of this process, on standard error. Doing it again replaces what was set up."""
    handler = _Handler()
    handler.setFormatter(_formatter(service, settings))
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(settings.log_level.upper())
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in _SERVERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    # Uvicorn makes no line at all for a logger that nobody listens to; ours know more.
    logging.getLogger("uvicorn.access").propagate = False


def _formatter(service: str, settings: LogSettings) -> logging.Formatter:
    if settings.log_format == "text":
        return _Formatter(service)
    from framework.runtime.telemetry.json_log import json_formatter

    return json_formatter(service, context)


def context() -> dict[str, str]:
    """The operation that a line is written in, the event or request that it handles, the trace of both."""
    known: dict[str, str] = {}
    delivery, work, request, trace = current_delivery(), current_recorder(), request_id(), trace_id()
    if delivery is not None:
        known = {
            "operation": delivery.operation,
            "event_id": delivery.event.id,
            "event_type": delivery.event.type,
        }
    elif work is not None:
        known["operation"] = work.operation
    if request is not None:
        known["request_id"] = request
    if trace is not None:
        known["trace_id"] = trace
    return known


def _where() -> str:
    """The same, for people."""
    known = context()
    forms = {"operation": " {}", "event_id": " [{}]", "request_id": " request={}", "trace_id": " trace={}"}
    return "".join(form.format(known[name]) for name, form in forms.items() if name in known)
