"""`/note …` publishes, `/fail` fails."""

from typing import Any

from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes

from framework.runtime.events import PublishFailed, publish
from tests.runtime.transport import bot
from tests.runtime.transport.support import NOTED, Note


def add(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    application.add_handler(CommandHandler("note", note))
    application.add_handler(CommandHandler("fail", fail))


async def note(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    try:
        await publish(bot.broker, NOTED, Note(id=update.update_id, text=" ".join(context.args or [])), None)
    except PublishFailed:
        await update.message.reply_text("not noted")
    else:
        await update.message.reply_text("noted")


async def fail(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    raise LookupError("a secret of the bot")
