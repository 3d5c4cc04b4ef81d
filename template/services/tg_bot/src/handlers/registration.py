"""`/start`, besides the welcome: registers the person as a user of the backend."""

import logging
from contextlib import suppress

from telegram import Update, User
from telegram.ext import CommandHandler, ContextTypes

from framework.runtime.errors import OperationError
from framework.runtime.http_client import RetryPolicy, ServiceError
from framework.runtime.telegram import Bot
from services.tg_bot.src.generated.clients.backend import BackendClient
from shared.generated.errors import UserExists
from shared.generated.schemas import UserCreate

GROUP = 1
"""Handlers of one group exclude each other; `welcome` is in group 0."""

FIRST_DELAY = 1.0
"""Seconds before a call of the backend is tried again; doubled each time."""

REGISTERED = "You are registered."
NOT_REGISTERED = "You could not be registered. Please send /start again later."

logger = logging.getLogger(__name__)


def add(bot: Bot) -> None:
    """Add the handler; it does not block, since its retries take seconds."""
    bot.add_handler(CommandHandler("start", register, block=False), group=GROUP)


async def register(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Register whoever sent the command, and tell them how it went."""
    person, message = update.effective_user, update.effective_message
    if person is None or message is None:
        return
    try:
        await _register(person)
    except (ServiceError, OperationError):
        logger.exception("user %d of Telegram could not be registered", person.id)
        await message.reply_text(NOT_REGISTERED)
    else:
        await message.reply_text(REGISTERED)


async def _register(person: User) -> None:
    """Create the user, unless there is one. A second attempt is harmless because telegram_id is unique."""
    client = BackendClient(max_retries=3, initial_delay=FIRST_DELAY, retry_server_errors=RetryPolicy.ALWAYS)
    async with client as backend:
        with suppress(UserExists):
            await backend.create_user(payload=UserCreate(name=person.full_name, telegram_id=person.id))
