"""`/start`: says what the bot can do."""

from telegram import Update
from telegram.ext import CommandHandler, ContextTypes

from framework.runtime.telegram import Bot

WELCOME = "Hello! Send /command with some words, and the other services will hear of it."


def add(bot: Bot) -> None:
    """Add the handler of `/start`."""
    bot.add_handler(CommandHandler("start", welcome))


async def welcome(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Greet whoever opened the chat."""
    if message := update.effective_message:
        await message.reply_text(WELCOME)
