"""What the generated `create_app()` of a Telegram bot calls."""

from __future__ import annotations

import asyncio
import logging
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field, HttpUrl, SecretStr
from telegram import Update
from telegram.error import InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder, ContextTypes

from framework.runtime.calls.targets import targets
from framework.runtime.logging import LogSettings, configure
from framework.runtime.operations.port import OperationsPort, OperationsSettings
from framework.runtime.operations.running import RunningService
from framework.runtime.outage import Dependency
from framework.runtime.settings import BrokerSettings, load
from framework.runtime.tasks import end
from framework.runtime.telemetry.spans import spans
from framework.runtime.telemetry.watching import Telemetry, TelemetrySettings, start_telemetry
from framework.runtime.transport import BrokerUnavailable
from framework.runtime.trimming import keep_trimmed

if TYPE_CHECKING:
    from framework.runtime.broker import EventBroker

logger = logging.getLogger(__name__)

APOLOGY: Final = "Something went wrong. Please try again later."
"""What a chat is told when a handler fails without having said so itself."""

_WAIT_FOR_EVER: Final = -1


class BotSettings(BrokerSettings):
    """The settings of a bot; one that needs more of them subclasses it."""

    telegram_bot_token: SecretStr = Field(
        min_length=1, description="Write the token that @BotFather gave you, such as 123456:ABC-DEF."
    )
    telegram_api_url: HttpUrl = Field(
        HttpUrl("https://api.telegram.org"), description="Write the address of the Bot API without the token."
    )


class Bot(Application):  # type: ignore[type-arg]
    """An application of python-telegram-bot that waits for Telegram at its start, and tells so."""

    __slots__ = ("_connection", "_is_known", "_is_run", "_is_waiting")

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self._connection: _Connection | None = None
        self._is_known = True
        self._is_run = False
        self._is_waiting = False

    async def initialize(self) -> None:
        """Introduce the bot to Telegram; python-telegram-bot tries again, silently, when that fails."""
        if self._connection is not None and self._is_run:
            await self._connection.listen()
        try:
            await super().initialize()
        except NetworkError as error:
            if not self._is_waiting:
                logger.warning("Telegram is out of reach, waiting for it: %s", error)
            self._is_waiting = True
            raise
        except InvalidToken:
            self._is_known = False
            # Ends the run in order; the error itself would be logged with its traceback.
            raise SystemExit(1) from None
        if self._is_waiting:
            logger.info("Telegram is within reach again")
            self._is_waiting = False

    async def process_update(self, update: object) -> None:
        """Let the handlers deal with an update of Telegram."""
        with spans().updating(getattr(update, "update_id", None)):
            await super().process_update(update)

    def run_beside(self, connection: _Connection) -> None:
        """Let the operators of a bot that is run reach it by `connection`, from the first moment on."""
        self._connection = connection

    def run_polling(self, *args: Any, **options: Any) -> None:
        """Run until SIGINT or SIGTERM. Options as for `telegram.ext.Application.run_polling`.

        Raises SystemExit, after saying so on standard error, if Telegram does not know the token.
        """
        options.setdefault("bootstrap_retries", _WAIT_FOR_EVER)
        self._is_run = True
        super().run_polling(*args, **options)
        if not self._is_known:
            sys.stderr.write(
                "TELEGRAM_BOT_TOKEN: Telegram does not know this token. Ask @BotFather for it.\n"
            )
            raise SystemExit(1)


def create_bot(
    *,
    service: str,
    broker: EventBroker,
    settings: type[BotSettings] = BotSettings,
    handlers: ModuleType,
    port: int | None = None,
) -> Bot:
    """A bot with the handlers of a package: each of its modules has a function `add(bot: Bot) -> None`.

    While it is run it answers health checks, metrics and administration on `port`, unless `OPERATIONS_PORT`
    names another; without either there are none.
    Modules are taken in the order of their names; those that begin with an underscore are left out.
    Raises SystemExit, after saying on standard error what to set, if a setting is missing or malformed.
    """
    configure(service, load(LogSettings))
    values = load(settings)
    operations = load(OperationsSettings)
    address = str(values.telegram_api_url).rstrip("/")
    connection = _Connection(broker, start_telemetry(service, broker.system, load(TelemetrySettings)))
    builder: Any = ApplicationBuilder().application_class(Bot)
    bot: Bot = (
        builder.token(values.telegram_bot_token.get_secret_value())
        .base_url(f"{address}/bot")
        .base_file_url(f"{address}/file/bot")
        .post_init(connection.open)
        .post_shutdown(connection.close)
        .build()
    )
    running = _running(service, broker, bot)
    connection.operations_port = OperationsPort(running, operations, connection.telemetry, port)
    bot.run_beside(connection)
    bot.add_error_handler(_tell)
    for module in _modules(handlers):
        module.add(bot)
    return bot


def _running(service: str, broker: EventBroker, bot: Bot) -> RunningService:
    """The bot as its operators see it; Telegram is told by its start alone, and not asked each time."""
    return RunningService(
        name=service,
        broker=broker,
        database=None,
        handles_events=False,
        checks={"broker": broker.check},
        is_started=lambda: bot.running,
        ended=lambda: None,
    )


class _Connection:
    """What is open beside the bot while it runs: the broker, and the port of its operators."""

    def __init__(self, broker: EventBroker, telemetry: Telemetry) -> None:
        self.operations_port: OperationsPort | None = None
        self.telemetry = telemetry
        self._broker = broker
        self._tasks: list[asyncio.Task[None]] = []
        self._open = AsyncExitStack()
        self._is_listening = False

    async def listen(self) -> None:
        """Answer health checks, also while Telegram is out of reach; again it does nothing."""
        if not self._is_listening and self.operations_port is not None:
            await self._open.enter_async_context(self.operations_port.listening())
            self._is_listening = True

    async def open(self, _: Bot) -> None:
        """Without its broker a bot still answers; the log tells that Redis is down, and when it is back."""
        await self._open.enter_async_context(targets().kept())
        self._tasks.append(asyncio.create_task(keep_trimmed(self._broker)))
        try:
            await self._broker.connect()
        except BrokerUnavailable:
            dependency = Dependency("Redis", self._broker.check)
            self._tasks.append(asyncio.create_task(dependency.wait()))

    async def close(self, _: Bot) -> None:
        await end(self._tasks, 0)
        await self._broker.close()
        await self._open.aclose()
        await self.telemetry.close()


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for name in sorted(each.name for each in pkgutil.iter_modules(package.__path__)):
        if not name.startswith("_"):
            module = import_module(f"{package.__name__}.{name}")
            if not callable(getattr(module, "add", None)):
                raise TypeError(f"{module.__name__} has no function `add(bot)` that adds its handlers")
            yield module


async def _tell(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Whatever a handler did not deal with: logged, and told to the chat."""
    error = context.error
    if update is None and isinstance(error, NetworkError):
        logger.warning("Telegram is out of reach, trying again: %s", error)
        return
    logger.error("an update could not be handled", exc_info=error)
    if isinstance(update, Update) and update.effective_chat is not None:
        try:
            await context.bot.send_message(update.effective_chat.id, APOLOGY)
        except TelegramError as failure:
            logger.warning("the chat could not be told: %s", failure)
