"""A collector that is down: told once, and once more when it is back."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

logger = logging.getLogger(__name__)

_TALKATIVE: Final = "opentelemetry.exporter"
"""It tells of every batch that is lost, for as long as an outage lasts."""


class OutageTellingExporter(SpanExporter):
    """Hands spans on to another exporter."""

    def __init__(self, inner: SpanExporter) -> None:
        self._inner = inner
        self._is_down = False
        logging.getLogger(_TALKATIVE).setLevel(logging.CRITICAL)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export, and tell if that begins or ceases to fail."""
        result = self._inner.export(spans)
        is_down = result is not SpanExportResult.SUCCESS
        if is_down and not self._is_down:
            logger.warning("the collector does not take traces, which are lost until it does")
        elif self._is_down and not is_down:
            logger.info("the collector takes traces again")
        self._is_down = is_down
        return result

    def shutdown(self) -> None:
        """End the other one."""
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Flush the other one."""
        return self._inner.force_flush(timeout_millis)
