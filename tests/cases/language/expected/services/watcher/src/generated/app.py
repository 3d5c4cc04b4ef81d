# Generated from services.yml by `make generate-from-spec`. Do not edit.
"""Everything that the service `watcher` consists of, wired."""

from framework.runtime.process import Process, Work, create_process
from framework.runtime.settings import load
from services.watcher.src.generated.clients.desk import DeskSettings
from services.watcher.src.generated.registry import database
from shared.generated.events import broker


def create_app(work: Work) -> Process:
    """Make the service `watcher`."""
    # What is missing is told now, and not at the first call.
    load(DeskSettings)
    broker.source = "watcher"
    return create_process(
        service="watcher",
        broker=broker,
        database=database,
        port=8006,
        work=work,
    )
