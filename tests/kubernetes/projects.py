"""A system with everything that a manifest may have to say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from framework.generators.kubernetes import FOLDER, generate
from tests.compiler.projects import sound

FILES = {
    "services.yml": """
        version: 2
        services:
          - name: shop
            type: python-fastapi
            database: true
            port: 9000
            public: true
            replicas: 2
            calls: [bank_account.pay]
            resources: {cpu: 0.25, memory: 1Gi}
            secrets: [MAIL_TOKEN]
          - {name: bank_account, type: python-fastapi, port: 8001}
          - {name: bot, type: python-telegram, calls: [shop.order], secrets: [TELEGRAM_BOT_TOKEN]}
          - {name: mail, type: python-faststream, database: true, internet: true}
          - {name: poller, type: python, replicas: 2, calls: [shop.order]}
          - {name: page, type: node, public: true, port: 3000, calls: [shop.order, mail]}
          - {name: "on", type: python-faststream}
    """,
    "shared/spec/models.yaml": """
        models:
          Thing: {fields: {id: {type: int}}}
    """,
    "services/shop/spec/orders.yaml": """
        domain: orders
        operations:
          order: {output: Thing, rest: {method: POST}}
    """,
    "services/bank_account/spec/money.yaml": """
        domain: money
        operations:
          pay: {output: Thing, rest: {method: POST}}
    """,
}


def manifests(root: Path, files: Mapping[str, str] = FILES) -> Path:
    """Write the manifests of a project; returns their folder."""
    for file in generate(sound(root, files)):
        path = root / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text)
    return root / FOLDER
