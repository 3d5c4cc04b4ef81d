"""The secrets of production: what can be made up is, the rest is asked for; none is in the environment."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from framework.shipping.errors import ShippingError
from framework.shipping.secrets import FOLDER, make_up_secrets, refuse_exposed, require_secrets
from framework.system import System
from tests.compiler.projects import write
from tests.shipping.projects import OWN, system_of

KNOWN_TO_PEOPLE = ("BANK_KEY", "MAIL_KEY", "TELEGRAM_BOT_TOKEN")


@pytest.fixture
def system(tmp_path: Path) -> System:
    (tmp_path / "infra").mkdir()
    return system_of(write(tmp_path, OWN))


def test_passwords_are_made_up_once(tmp_path: Path, system: System) -> None:
    for name in KNOWN_TO_PEOPLE:
        (tmp_path / FOLDER).mkdir(exist_ok=True)
        (tmp_path / FOLDER / name).touch()
    made = make_up_secrets(tmp_path, system)
    assert [Path(each).name for each in made] == [
        "POSTGRES_PASSWORD",
        "poller_DATABASE_PASSWORD",
        "shop_DATABASE_PASSWORD",
    ]
    values = [(tmp_path / each).read_text() for each in made]
    assert len(set(values)) == 3
    assert all(re.fullmatch("[0-9a-f]{48}", value) for value in values)
    assert make_up_secrets(tmp_path, system) == []
    assert [(tmp_path / each).read_text() for each in made] == values


def test_nobody_else_on_the_machine_gets_at_them(tmp_path: Path, system: System) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir(mode=0o755)
    for name in KNOWN_TO_PEOPLE:
        (folder / name).touch(mode=0o600)
    make_up_secrets(tmp_path, system)
    require_secrets(tmp_path, system)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}


def test_what_only_a_person_knows_is_asked_for_all_at_once(tmp_path: Path, system: System) -> None:
    with pytest.raises(ShippingError) as caught:
        require_secrets(tmp_path, system)
    told = str(caught.value)
    assert [line.strip() for line in told.splitlines() if line.startswith("  ")] == [
        f"infra/secrets/{name}" for name in KNOWN_TO_PEOPLE
    ]
    assert "leave a file empty where the service does without" in told


def test_a_secret_among_the_settings_is_refused(tmp_path: Path, system: System) -> None:
    refuse_exposed(tmp_path, system, ".env.production")
    (tmp_path / ".env.production").write_text("# MAIL_KEY=x\nLOG_LEVEL=info\nexport BANK_KEY = x\n")
    with pytest.raises(
        ShippingError, match=r"^\.env\.production holds what is secret: BANK_KEY\. Take that out"
    ):
        refuse_exposed(tmp_path, system, ".env.production")
