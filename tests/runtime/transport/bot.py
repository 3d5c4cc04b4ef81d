"""A bot as a process of its own: `python -m tests.runtime.transport.bot`."""

from framework.runtime.broker import EventBroker
from framework.runtime.telegram import create_bot

broker = EventBroker()

if __name__ == "__main__":
    from tests.runtime.transport import bot, bot_handlers

    create_bot(service="bot", broker=bot.broker, handlers=bot_handlers).run_polling()
