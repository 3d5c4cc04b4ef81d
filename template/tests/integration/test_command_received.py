"""tg_bot -> notifications: a command is answered by another service."""

from collections.abc import Awaitable, Callable

from framework.servers.telegram import TelegramApi


async def test_a_command_is_answered(
    start_service: Callable[[str], Awaitable[str]],
    start_program: Callable[[str], None],
    telegram_api: TelegramApi,
) -> None:
    await start_service("notifications")
    start_program("services.tg_bot.src.main")

    telegram_api.push_text("/command hello", user_id=43)

    await telegram_api.wait_for_message(containing="/command hello", chat_id=43, within=20)
