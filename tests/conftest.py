"""Real servers for every test that asks for one; and Ctrl+C ends what tests start, wherever they run."""

import logging
import signal
from collections.abc import Iterator

import pytest

pytest_plugins = ["framework.pytest_plugin"]

# A shell has what it puts in the background ignore Ctrl+C, and each process hands that on to those it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

CONFIGURED = ("", "aiosqlite", "httpcore", "httpx", "uvicorn", "uvicorn.access", "uvicorn.error")
"""The loggers that a service changes when it begins."""


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """Keep a service that began in a test from writing the log of those after it."""
    loggers = [logging.getLogger(name) for name in CONFIGURED]
    before = [(list(each.handlers), each.level, each.propagate) for each in loggers]
    yield
    for logger, (handlers, level, propagate) in zip(loggers, before, strict=True):
        logger.handlers[:] = handlers
        logger.setLevel(level)
        logger.propagate = propagate
