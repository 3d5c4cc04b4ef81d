"""What each service is told by its environment."""

from dataclasses import replace
from pathlib import Path

import pytest

from framework.dev.environment import database_url, port_of, read_environment, service_environment
from framework.dev.errors import DevelopmentError
from framework.dev.jobs import jobs_of
from framework.system import Client, Resources, Service, ServiceType

ROOT = Path("/project")


def service(name: str, *, port: int = 8000, database: bool = False, calls: tuple[str, ...] = ()) -> Service:
    return Service(
        name=name,
        type=ServiceType.FASTAPI,
        description="",
        database=database,
        port=port,
        is_public=False,
        replicas=1,
        resources=Resources(1_000, 512),
        profiles=(),
        secrets=(),
        depends_on=(),
        domains=(),
        clients=tuple(Client(target, ()) for target in calls),
        publishes=(),
        custom=frozenset(),
    )


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ({}, "sqlite:////project/.dev/shop.db"),
        ({"DATABASE_URL": ""}, "sqlite:////project/.dev/shop.db"),
        ({"DATABASE_URL": "postgresql://u:p@host:5432"}, "postgresql://u:p@host:5432/shop"),
        ({"DATABASE_URL": "postgresql://u:p@host/"}, "postgresql://u:p@host/shop"),
        ({"DATABASE_URL": "postgresql://u:p%40@host/app?ssl=on"}, "postgresql://u:p%40@host/app_shop?ssl=on"),
        ({"DATABASE_URL": "postgres://host/app"}, "postgres://host/app_shop"),
        ({"DATABASE_URL": "postgresql://host/app", "SHOP_DATABASE_URL": "sqlite:///x.db"}, "sqlite:///x.db"),
    ],
)
def test_where_a_database_is(settings: dict[str, str], url: str) -> None:
    assert database_url(ROOT, "shop", settings) == url


def test_one_sqlite_file_for_all_is_refused() -> None:
    with pytest.raises(DevelopmentError, match="<SERVICE>_DATABASE_URL"):
        database_url(ROOT, "shop", {"DATABASE_URL": "sqlite:///x.db"})


def test_only_a_service_with_a_database_is_told_of_one() -> None:
    plain, shop = service("plain"), service("shop", database=True)
    settings = {"DATABASE_URL": "postgresql://host/app"}

    assert "DATABASE_URL" not in service_environment(ROOT, plain, (plain, shop), settings)
    own = service_environment(ROOT, shop, (plain, shop), settings)
    assert own["DATABASE_URL"] == "postgresql://host/app_shop"


def test_a_service_is_told_where_those_are_that_it_calls() -> None:
    backend, billing = service("backend", port=8000), service("billing", port=8001)
    caller = service("caller", port=8002, calls=("backend", "billing"))
    services = (backend, billing, caller)

    own = service_environment(ROOT, caller, services, {"BILLING_PORT": "9000"})
    assert own["API_BASE_URL"] == "http://127.0.0.1:8000"
    assert own["BILLING_API_BASE_URL"] == "http://127.0.0.1:9000"

    own = service_environment(ROOT, caller, services, {"API_BASE_URL": "http://elsewhere"})
    assert own["API_BASE_URL"] == "http://elsewhere"


def test_a_service_is_told_where_those_will_be_that_are_left_out_now() -> None:
    billing, caller = service("billing", port=8001), service("caller", port=8002, calls=("billing",))
    (job,) = jobs_of(ROOT, [caller], (billing, caller), {})
    assert job.command.environment["BILLING_API_BASE_URL"] == "http://127.0.0.1:8001"


def test_services_on_one_machine_do_not_share_a_port_for_their_operators() -> None:
    shop = service("shop")
    bot = replace(service("bot", port=8001), type=ServiceType.TELEGRAM)

    def port_in(told: Service, settings: dict[str, str]) -> str | None:
        return service_environment(ROOT, told, (shop, bot), settings).get("OPERATIONS_PORT")

    assert port_in(shop, {"OPERATIONS_PORT": "9000"}) is None
    assert port_in(shop, {"SHOP_OPERATIONS_PORT": "9001"}) == "9001"
    # A bot has no other port.
    assert port_in(bot, {}) == "8001"
    assert port_in(bot, {"BOT_PORT": "9002"}) == "9002"
    assert port_in(bot, {"BOT_PORT": "9002", "BOT_OPERATIONS_PORT": "9003"}) == "9003"
    with pytest.raises(DevelopmentError, match="BOT_OPERATIONS_PORT must be a port"):
        port_in(bot, {"BOT_OPERATIONS_PORT": "none"})


@pytest.mark.parametrize("value", ["0", "65536", "http", "-1", "²"])
def test_a_port_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(DevelopmentError, match="SHOP_PORT must be a port"):
        port_of(service("shop"), {"SHOP_PORT": value})


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("# comment\nFIRST=file\nexport SECOND='of the file'  # comment\nTHIRD\n")
    monkeypatch.setenv("FIRST", "environment")
    monkeypatch.delenv("SECOND", raising=False)

    environment = read_environment(tmp_path)

    assert environment["FIRST"] == "environment"
    assert environment["SECOND"] == "of the file"
    assert "THIRD" not in environment


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfe")
    with pytest.raises(DevelopmentError, match="cannot be read"):
        read_environment(tmp_path)
