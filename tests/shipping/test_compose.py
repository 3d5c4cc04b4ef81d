"""The files of Compose: what they name is there, what is not meant to be is not; a wrong one is found out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from copy import deepcopy
from itertools import combinations
from pathlib import Path
from typing import Any

import check_jsonschema  # type: ignore[import-untyped]
import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.compiler.projects import write
from tests.copier.support import named
from tests.shipping.composition import Composition, read
from tests.shipping.projects import generated, module_set, own_services, system_of
from tests.shipping.references import hardening, problems

SCHEMA = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
WAYS = {"dev": ("base", "dev"), "prod": ("base", "prod"), "tests": ("tests",)}
MODULES = ("backend", "tg_bot", "notifications", "frontend")
MODULE_SETS = [chosen for count in range(1, 5) for chosen in combinations(MODULES, count)]
CHOSEN = [("backend",), ("tg_bot",), ("frontend",), MODULES]
"""Module sets that differ in every way that matters here; the others are tried by `make test-all`."""


@pytest.fixture(scope="session")
def schema() -> Draft202012Validator:
    """The schema of Compose."""
    return Draft202012Validator(json.loads(SCHEMA.read_text()))


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of own services, with everything that a service may say; not to be changed."""
    return own_services(tmp_path_factory.mktemp("own"))


def wrong_in(root: Path, schema: Draft202012Validator) -> list[str]:
    """What is wrong with the files of a project."""
    system = system_of(root)
    found = []
    for path in sorted((root / "infra").glob("compose.*.yml")):
        found += [
            f"{path.name}: {error.message}" for error in schema.iter_errors(yaml.safe_load(path.read_text()))
        ]
    for way, names in WAYS.items():
        if way == "tests" and not any(service.type.is_python for service in system.services):
            continue
        composition = read(root / "infra", *names)
        found += [f"{way}: {problem}" for problem in problems(composition, root, system)]
    found += hardening(read(root / "infra", "base", "prod"), root, system)
    return found


def test_own_services(project: Path, schema: Draft202012Validator) -> None:
    assert wrong_in(project, schema) == []


@pytest.mark.parametrize(
    "modules",
    [pytest.param(each, marks=[] if each in CHOSEN else pytest.mark.matrix) for each in MODULE_SETS],
    ids=named,
)
def test_module_sets(modules: tuple[str, ...], tmp_path: Path, schema: Draft202012Validator) -> None:
    assert wrong_in(module_set(tmp_path / "project", modules), schema) == []


def test_what_a_service_says_is_what_production_has(project: Path) -> None:
    services = read(project / "infra", "base", "prod")["services"]
    assert services["shop"]["ports"] == ["${SHOP_PORT:-8000}:8000"]
    assert services["shop"]["deploy"] == {"resources": {"limits": {"cpus": "0.25", "memory": "1024M"}}}
    assert services["bank"]["deploy"]["replicas"] == 2
    assert [each["target"] for each in services["bank"]["secrets"]] == ["BANK_KEY"]
    assert services["poller"]["profiles"] == services["poller-migrations"]["profiles"] == ["12", "night"]
    assert {name for name, each in services.items() if "ports" in each} == {"shop"}
    outside = {name for name, each in services.items() if any(".outside" in net for net in each["networks"])}
    assert outside == {"shop", "bank", "bot"}


def networks_of(root: Path, *services: str) -> dict[str, list[str]]:
    """The networks of each way of running services, APIs with the operation `go`; who is on them is right."""
    names = [re.findall(r"name: (\w+)", each)[0] for each in services if "python-fastapi" in each]
    operation = "domain: {}\noperations: {{go: {{rest: {{method: POST}}}}}}\n"
    files = {f"services/{name}/spec/{name}.yaml": operation.format(name) for name in names}
    text = "\n".join(["version: 2", "services:", *(f"  - {{{each}}}" for each in services), ""])
    generated(write(root, {"services.yml": text, **files}))
    found = {way: read(root / "infra", *names) for way, names in WAYS.items()}
    wrong = [problem for each in found.values() for problem in problems(each, root, system_of(root))]
    assert wrong + hardening(found["prod"], root, system_of(root)) == []
    return {way: sorted(each["networks"]) for way, each in found.items()}


def test_a_dozen_services_find_room_in_docker(tmp_path: Path) -> None:
    """There is some for about thirty networks on a machine, of all projects and ways of running them."""
    called = "auth.go, orders.go, catalog.go, users.go, search.go"
    found = networks_of(
        tmp_path,
        "name: page, type: node, port: 8080, public: true, calls: [gate, notify]",
        f"name: gate, type: python-fastapi, port: 8000, public: true, calls: [{called}]",
        "name: auth, type: python-fastapi, database: true, calls: [users.go]",
        "name: users, type: python-fastapi, database: true",
        "name: orders, type: python-fastapi, database: true, calls: [payments.go, stock.go, users.go]",
        "name: payments, type: python-fastapi, database: true, internet: true, calls: [ledger.go]",
        "name: ledger, type: python-fastapi, database: true",
        "name: stock, type: python-fastapi, database: true, calls: [catalog.go]",
        "name: catalog, type: python-fastapi, database: true",
        "name: search, type: python-fastapi, database: true, calls: [catalog.go]",
        "name: notify, type: python-faststream, database: true, internet: true",
        "name: bot, type: python-telegram, secrets: [TELEGRAM_BOT_TOKEN], calls: [orders.go, users.go]",
    )
    assert {way: len(names) for way, names in found.items()} == {"dev": 20, "prod": 22, "tests": 1}


def test_services_that_call_each_other_share_one_network_with_their_servers(tmp_path: Path) -> None:
    found = networks_of(
        tmp_path,
        "name: ping, type: python-fastapi, calls: [pong.go]",
        "name: pong, type: python-fastapi, calls: [ping.go, store.go]",
        "name: store, type: python-fastapi, database: true",
    )
    assert found["prod"] == ["ping-pong", "pong-store", "postgres-databases", "store"]


def test_what_reaches_the_world_does_so_by_its_lines_and_without_its_servers(tmp_path: Path) -> None:
    found = networks_of(
        tmp_path,
        "name: page, type: node, port: 8080, public: true, calls: [shop, mail]",
        "name: shop, type: python-fastapi, port: 8000, public: true, calls: [mail.go]",
        "name: mail, type: python-fastapi, internet: true, calls: [vault.go]",
        "name: vault, type: python-fastapi",
        "name: bank, type: python-fastapi, internet: true, calls: [vault.go]",
    )
    assert found["prod"] == [
        "bank-vault",
        "bank.outside",
        "mail-page-shop.outside",
        "mail-vault",
        "shop",
    ]


def listening(root: Path) -> dict[str, dict[str, list[str]]]:
    """What is called how, by the networks that each service listens on in production."""
    services = read(root / "infra", "base", "prod")["services"]
    return {
        name: {network: entry["aliases"] for network, entry in each["networks"].items() if entry}
        for name, each in services.items()
        if any(each["networks"].values())
    }


def test_who_is_called_listens_to_its_callers_alone(tmp_path: Path) -> None:
    networks_of(
        tmp_path,
        "name: desk, type: node, calls: [shop, mail]",
        "name: shop, type: python-fastapi, calls: [mail.go, bank.go]",
        "name: bank, type: python-fastapi, calls: [shop.go]",
        "name: mail, type: python-fastapi, replicas: 2",
        "name: idle, type: python-fastapi",
        "name: bot, type: python-telegram, secrets: [TELEGRAM_BOT_TOKEN]",
    )
    assert listening(tmp_path) == {
        "bank": {"bank-shop": ["bank.shop"]},
        "mail": {"desk-mail": ["mail.desk"], "mail-shop": ["mail.shop"]},
        "shop": {"bank-shop": ["shop.bank"], "desk-shop": ["shop.desk"]},
    }
    services = read(tmp_path / "infra", "base", "prod")["services"]
    assert services["mail"]["environment"]["LISTEN_ON"] == "127.0.0.1,mail.shop,mail.desk"
    for name in ("desk", "idle", "bot"):
        assert services[name]["environment"]["LISTEN_ON"] == "127.0.0.1"
    for name in ("shop", "idle", "bot"):
        assert services[name]["environment"]["OPERATIONS_HOST"] == "${OPERATIONS_HOST:-127.0.0.1}"


def test_what_everybody_may_call_listens_everywhere(project: Path) -> None:
    services = read(project / "infra", "base", "prod")["services"]
    assert "LISTEN_ON" not in services["shop"]["environment"]
    assert services["shop"]["environment"]["OPERATIONS_HOST"] == "${OPERATIONS_HOST:-127.0.0.1}"


def test_in_development_all_listen_everywhere_since_all_are_published(project: Path) -> None:
    for each in read(project / "infra", "base", "dev")["services"].values():
        assert not {"LISTEN_ON", "OPERATIONS_HOST"} & each.get("environment", {}).keys()


def test_a_service_starts_on_a_migrated_database(project: Path) -> None:
    services = read(project / "infra", "base")["services"]
    assert services["shop"]["depends_on"]["shop-migrations"] == {
        "condition": "service_completed_successfully"
    }
    assert services["shop-migrations"]["command"][-2:] == ["framework.runtime.migrate_process", "shop"]
    assert services["shop-migrations"]["image"] == services["shop"]["image"]


def test_a_page_follows_those_that_it_calls_to_their_new_addresses(tmp_path: Path) -> None:
    services = read(module_set(tmp_path / "project", MODULES) / "infra", "base")["services"]
    assert services["frontend"]["depends_on"]["backend"] == {"condition": "service_started", "restart": True}
    assert "restart" not in services["tg_bot"]["depends_on"]["backend"]


def test_everything_of_a_service_writes_the_same_log_in_production(project: Path) -> None:
    services = read(project / "infra", "base", "prod")["services"]
    for name in ("shop", "shop-migrations"):
        assert services[name]["environment"]["LOG_FORMAT"] == "json"


def test_health_is_asked_where_the_image_answers(project: Path) -> None:
    services = read(project / "infra", "base")["services"]
    for service in system_of(project).services:
        dockerfile = (project / "services" / service.name / "Dockerfile").read_text()
        own = re.findall(r"OPERATIONS_PORT=(\d+)", dockerfile) or [str(service.port)]
        assert [services[service.name]["healthcheck"]["test"][-1]] == own
        assert f'"{own[0]}"]' in re.findall(r"^HEALTHCHECK .*$", dockerfile, re.MULTILINE)[-1]


def test_development_leaves_no_files_of_root(project: Path) -> None:
    for names in (WAYS["dev"], WAYS["tests"]):
        for name, service in read(project / "infra", *names)["services"].items():
            if "..:/app" in service.get("volumes", []):
                assert service["user"] == "${HOST_UID:-1000}:${HOST_GID:-1000}", name


def test_what_is_stored_survives(project: Path) -> None:
    services = read(project / "infra", "base", "prod")["services"]
    assert services["redis"]["volumes"] == ["redis:/data"]
    assert services["redis"]["command"][1:3] == ["--appendonly", "yes"]
    assert services["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]


def service(composition: Composition, name: str) -> dict[str, Any]:
    found: dict[str, Any] = composition["services"][name]
    return found


BROKEN: dict[str, tuple[Callable[[Composition], Any], str]] = {
    "dangling": (
        lambda c: service(c, "shop")["depends_on"].update(ghost={"condition": "service_started"}),
        "shop waits for ghost, which is not there",
    ),
    "no health check": (
        lambda c: (
            service(c, "redis").pop("healthcheck")
            and service(c, "shop")["depends_on"].update(redis={"condition": "service_healthy"})
        ),
        "shop waits for the health of redis, which has no check",
    ),
    "never ends": (
        lambda c: service(c, "shop-migrations").update(restart="always"),
        "shop waits for the end of shop-migrations, which is started again",
    ),
    "profile": (
        lambda c: service(c, "bank").update(profiles=["money"]),
        "shop may start without bank, which has a profile",
    ),
    "network": (
        lambda c: c["networks"].pop("bank-shop.outside"),
        "bank has bank-shop.outside, which is not among the networks",
    ),
    "unused network": (
        lambda c: c["networks"].update(idle={}),
        "nobody uses idle of the networks",
    ),
    "volume": (
        lambda c: c["volumes"].pop("redis"),
        "redis has redis, which is not among the volumes",
    ),
    "secret": (
        lambda c: c["secrets"].pop("BANK_KEY"),
        "bank has BANK_KEY, which is not among the secrets",
    ),
    "context": (
        lambda c: service(c, "shop")["build"].update(context="."),
        "shop is built from ., which is not the project",
    ),
    "dockerfile": (
        lambda c: service(c, "shop")["build"].update(dockerfile="Dockerfile"),
        "shop is built by Dockerfile, which is not there",
    ),
    "stage": (
        lambda c: service(c, "shop")["build"].update(target="debug"),
        "shop is built to debug, a stage that is not there",
    ),
    "build secret": (
        lambda c: service(c, "shop")["build"].update(secrets=["npmrc"]),
        "shop is built with npmrc, which its Dockerfile does not read",
    ),
    "build argument": (
        lambda c: service(c, "shop")["build"].update(args=["NODE_IMAGE"]),
        "shop is built with ['NODE_IMAGE'], none of which its Dockerfile knows",
    ),
    "mount": (
        lambda c: service(c, "postgres-databases").update(volumes=["./databases.sh:/databases.sh"]),
        "postgres-databases mounts ./databases.sh:/databases.sh, which is not there",
    ),
    "unpinned image": (
        lambda c: service(c, "redis").update(image="redis:latest"),
        "redis runs redis:latest, which nobody builds and no version pins",
    ),
    "no common network": (
        lambda c: service(c, "bank")["networks"].pop("bank-shop.outside"),
        "bank and shop share no network",
    ),
    "undeclared line": (
        lambda c: service(c, "mail")["networks"].update({"bank-shop.outside": {}}),
        "bank and mail share a network",
    ),
    "one network for all": (
        lambda c: [each.update(networks={"shop": {}}) for each in c["services"].values()],
        "bot and mail share a network",
    ),
    "listens to whom it calls": (
        lambda c: service(c, "poller")["environment"].update(LISTEN_ON="0.0.0.0"),  # noqa: S104
        "poller listens on 0.0.0.0, which is no network",
    ),
    "listens to everybody": (
        lambda c: service(c, "poller")["environment"].pop("LISTEN_ON"),
        "poller listens to bank on bank-poller",
    ),
    "does not listen": (
        lambda c: service(c, "bank")["environment"].update(LISTEN_ON="127.0.0.1,bank.shop"),
        "bank does not listen to poller on bank-poller",
    ),
    "no name for its address": (
        lambda c: service(c, "bank")["networks"].update({"bank-poller": {}}),
        "bank listens on bank.poller, which is no network",
    ),
    "public and deaf": (
        lambda c: service(c, "shop")["environment"].update(LISTEN_ON="127.0.0.1"),
        "shop does not listen to bank on bank-shop.outside",
    ),
    "operators everywhere": (
        lambda c: service(c, "bank")["environment"].update(OPERATIONS_HOST="${OPERATIONS_HOST:-bank.shop}"),
        "operators: bank listens to shop on bank-shop.outside",
    ),
    "undeclared port": (
        lambda c: service(c, "mail").update(ports=["8004:8004"]),
        "mail publishes 8004:8004",
    ),
    "port without a way": (
        lambda c: service(c, "shop").update(networks={"poller-shop": {}}),
        "shop publishes a port on networks that lead nowhere",
    ),
    "writable": (lambda c: service(c, "mail").pop("read_only"), "mail can write to its root"),
    "capabilities": (lambda c: service(c, "mail").update(cap_drop=["NET_RAW"]), "mail keeps capabilities"),
    "privileges": (lambda c: service(c, "mail").pop("security_opt"), "mail can gain privileges"),
    "restart": (lambda c: service(c, "mail").pop("restart"), "mail stays down"),
    "limits": (lambda c: service(c, "mail").pop("deploy"), "mail has no limits"),
    "root": (lambda c: service(c, "redis").pop("user"), "redis runs as root"),
    "way out": (
        lambda c: c["networks"]["poller-shop"].update(internal=False),
        "postgres reaches the world outside",
    ),
    "no network": (lambda c: service(c, "mail").pop("networks"), "mail reaches the world outside"),
    "secret setting": (
        lambda c: service(c, "mail")["environment"].update(MAIL_KEY="x"),
        "mail has MAIL_KEY in its environment",
    ),
    "password in a URL": (
        lambda c: service(c, "shop")["environment"].update(DATABASE_URL="postgresql://shop:x@postgres/shop"),
        "shop has a password in DATABASE_URL",
    ),
    "secret elsewhere": (
        lambda c: c["secrets"].update(BANK_KEY={"file": "../.env"}),
        "the secret BANK_KEY is not among the files of secrets",
    ),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_wrong_file_is_found_out(mistake: str, project: Path) -> None:
    change, words = BROKEN[mistake]
    system = system_of(project)
    composition = deepcopy(read(project / "infra", "base", "prod"))
    change(composition)
    assert words in [*problems(composition, project, system), *hardening(composition, project, system)]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"services": {"a": {"image": "a:1", "restart": 5}}}, "5 is not of type 'string'"),
        ({"services": {"a": {"image": "a:1", "port": ["80"]}}}, "'port' was unexpected"),
        ({"services": {"a": {"depends_on": {"b": {"condition": "well"}}}}}, "'well' is not one of"),
    ],
)
def test_what_compose_does_not_know_is_found_out(
    wrong: Composition, words: str, schema: Draft202012Validator
) -> None:
    assert any(words in error.message for error in schema.iter_errors(wrong)) or any(
        words in cause.message for error in schema.iter_errors(wrong) for cause in error.context or ()
    )
