"""`/note …` publishes, `/call …` calls the service in `front.py`, `/fail` fails."""

import os

from telegram import Update
from telegram.ext import CommandHandler, ContextTypes

from framework.runtime.events import PublishFailed, publish
from framework.runtime.http_client import HttpClient
from framework.runtime.telegram import Bot
from tests.runtime.transport.bot import broker
from tests.runtime.transport.support import NOTED, Note


def add(bot: Bot) -> None:
    bot.add_handler(CommandHandler("note", note))
    bot.add_handler(CommandHandler("call", call))
    bot.add_handler(CommandHandler("fail", fail))


async def note(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    try:
        await publish(broker, NOTED, Note(id=update.update_id, text=" ".join(context.args or [])), None)
    except PublishFailed:
        await update.message.reply_text("not noted")
    else:
        await update.message.reply_text("noted")


async def call(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    async with HttpClient(os.environ["FRONT_URL"]) as front:
        await front.request("POST", "/notes/7", idempotent=False)
    await update.message.reply_text("called")


async def fail(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    raise LookupError("a secret of the bot")
