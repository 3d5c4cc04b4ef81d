"""The log as JSON, an object in a line. This module is loaded only where `LOG_FORMAT=json` asks for it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter
from structlog.types import EventDict, Processor

_NOT_TOLD: Final = frozenset({"color_message", "taskName", "_record", "_from_structlog"})
"""What uvicorn, asyncio and structlog add to every record for others."""


def json_formatter(service: str, context: Callable[[], Mapping[str, str]]) -> logging.Formatter:
    """What writes the records of `logging`, and of structlog where code uses that itself.

    `context` tells what every line says besides: the operation, the event and the trace at hand.
    """

    def in_order(_: Any, __: str, record: EventDict) -> EventDict:
        """The same fields first in every line; nothing that a caller adds can stand in their place."""
        ours = {
            "time": _time(record["_record"]),
            "level": record.pop("level", "info"),
            "service": service,
            "logger": record.pop("logger", ""),
            "message": record.pop("message", ""),
            **context(),
        }
        added = {name: value for name, value in record.items() if name not in _NOT_TOLD | ours.keys()}
        return {**ours, **added}

    message: list[Processor] = [
        structlog.processors.EventRenamer("message"),
        structlog.contextvars.merge_contextvars,
    ]
    origin: list[Processor] = [structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name]
    structlog.configure(
        processors=[*message, *origin, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return ProcessorFormatter(
        foreign_pre_chain=[*message, ExtraAdder(), *origin],
        processors=[
            # As text: a traceback as data would hold the local variables, and so perhaps secrets.
            structlog.processors.format_exc_info,
            in_order,
            structlog.processors.JSONRenderer(_dumps),
        ],
    )


def _dumps(line: Mapping[str, Any], **options: Any) -> str:
    """Readable in any language; half a surrogate pair, which UTF-8 cannot hold, is spelled out."""
    return json.dumps(line, ensure_ascii=False, **options).encode(errors="backslashreplace").decode()


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
