"""Projects after generation: those of the template's module sets, and one of own services only."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import Environment

from framework.load import load
from framework.plan import plan
from framework.resolve import resolve
from framework.system import System
from tests.compiler.projects import write

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "template"

OWN: Mapping[str, str] = {
    "services.yml": """
        version: 2
        services:
          - name: shop
            type: python-fastapi
            description: "Sells $HOME, \\"quotes\\" and C:\\\\temp.\\nIn two lines."
            database: true
            public: true
            port: 8000
            replicas: 3
            resources: {cpu: 0.25, memory: 1Gi}
            depends_on: {postgres: service_healthy, redis: service_started, bank: service_healthy}
            calls: [bank.pay]
          - {name: bank, type: python-fastapi, calls: [], internet: true, replicas: 2, secrets: [BANK_KEY]}
          - name: poller
            type: python
            database: true
            profiles: [night, "12"]
            calls: [bank.pay, shop.order]
          - name: bot
            type: python-telegram
            profiles: [tg]
            secrets: [TELEGRAM_BOT_TOKEN]
            calls: [shop.order]
          - {name: mail, type: python-faststream, secrets: [MAIL_KEY, BANK_KEY]}
    """,
    "services/shop/spec/orders.yaml": """
        domain: orders
        operations:
          order: {output: int, rest: {method: POST}}
    """,
    "services/bank/spec/money.yaml": """
        domain: money
        operations:
          pay: {output: int, rest: {method: POST}}
    """,
}


def system_of(root: Path) -> System:
    """The system of the project at `root`."""
    specs, diagnostics = load(root)
    system = resolve(specs, diagnostics)
    assert not diagnostics.has_errors, list(diagnostics)
    return system


def generated(root: Path) -> Path:
    """Write what follows from the specs of the project at `root`."""
    for file in plan(root).files:
        path = root / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text)
    return root


def own_services(root: Path) -> Path:
    """A project with own services only."""
    return generated(write(root, OWN))


def module_set(root: Path, modules: Sequence[str]) -> Path:
    """A project of the template's modules, without what has nothing to do with generation."""
    environment = Environment(trim_blocks=True, lstrip_blocks=True)  # noqa: S701
    services = environment.from_string((TEMPLATE / "services.yml.jinja").read_text()).render(modules=modules)
    root.mkdir(exist_ok=True)
    (root / "services.yml").write_text(services)
    shutil.copytree(TEMPLATE / "shared", root / "shared")
    for module in modules:
        shutil.copytree(TEMPLATE / "services" / module, root / "services" / module)
    if "notifications" not in modules:
        shutil.rmtree(root / "shared/spec/models")
        shutil.rmtree(root / "shared/spec/events")
    return generated(root)
