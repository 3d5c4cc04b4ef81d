"""`/command …`: publishes what was typed as the event `command_received`."""

import logging
from datetime import UTC, datetime

from telegram import Update
from telegram.ext import CommandHandler, ContextTypes

from framework.runtime.events import PublishFailed
from framework.runtime.telegram import Bot
from shared.generated.events import publish_command_received
from shared.generated.schemas import CommandReceived

PUBLISHED = "Your command was passed on."
NOT_PUBLISHED = "Your command could not be passed on. Please send it again later."

logger = logging.getLogger(__name__)


def add(bot: Bot) -> None:
    """Add the handler of `/command`."""
    bot.add_handler(CommandHandler("command", receive))


async def receive(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Publish the command, and tell the chat how it went."""
    person, message = update.effective_user, update.effective_message
    if person is None or message is None:
        return
    event = CommandReceived(
        command=message.text or "/command",
        args=context.args or [],
        user_id=person.id,
        timestamp=datetime.now(UTC),
    )
    try:
        await publish_command_received(event)
    except PublishFailed:
        logger.exception("a command of user %d of Telegram could not be published", person.id)
        await message.reply_text(NOT_PUBLISHED)
    else:
        await message.reply_text(PUBLISHED)
