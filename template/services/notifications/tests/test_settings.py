"""The settings: what they choose, and what is said about those that are missing or wrong."""

import pytest

from services.notifications.src.channels import LogChannel, TelegramChannel, create_channel
from services.notifications.src.controllers.notifications import NotificationsController
from services.notifications.src.settings import ChannelName


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NOTIFICATIONS_CHANNEL", "TELEGRAM_BOT_TOKEN", "TELEGRAM_API_URL"):
        monkeypatch.delenv(name, raising=False)


def test_the_log_needs_nothing() -> None:
    NotificationsController()

    assert isinstance(create_channel(ChannelName.LOG), LogChannel)


def test_telegram_needs_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "42:token")

    assert isinstance(create_channel(ChannelName.TELEGRAM), TelegramChannel)


@pytest.mark.parametrize(
    ("variables", "complaint"),
    [
        ({"NOTIFICATIONS_CHANNEL": "pigeon"}, "NOTIFICATIONS_CHANNEL: "),
        ({"NOTIFICATIONS_CHANNEL": "telegram"}, "TELEGRAM_BOT_TOKEN: "),
        (
            {
                "NOTIFICATIONS_CHANNEL": "telegram",
                "TELEGRAM_BOT_TOKEN": "42:token",
                "TELEGRAM_API_URL": "nowhere",
            },
            "TELEGRAM_API_URL: ",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_named_with_what_to_write(
    variables: dict[str, str],
    complaint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SystemExit):
        NotificationsController()

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(complaint)
    assert "Write " in line
