"""`/start`: says hello."""

from typing import Any

from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes

WELCOME = "Hello!"


def add(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Add the handler of `/start`."""
    application.add_handler(CommandHandler("start", welcome))


async def welcome(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Greet whoever opened the chat."""
    if message := update.effective_message:
        await message.reply_text(WELCOME)
