# Generated from services.yml by `make generate-from-spec`. Do not edit.
"""Everything that the service `bot` consists of, wired."""

from framework.runtime.settings import load
from framework.runtime.telegram import Bot, create_bot
from services.bot.src import handlers
from services.bot.src.generated.clients.desk import DeskSettings
from shared.generated.events import broker


def create_app() -> Bot:
    """Make the service `bot`."""
    # What is missing is told now, and not at the first call.
    load(DeskSettings)
    broker.source = "bot"
    return create_bot(
        service="bot",
        broker=broker,
        handlers=handlers,
        port=8004,
    )
