"""The service `ledger`, wired by hand: `custom: [app]` in services.yml."""

from fastapi import FastAPI

from framework.runtime.service import create_worker_app
from services.ledger.src.generated.registry import database
from shared.generated.events import broker


def create_app() -> FastAPI:
    """Make the service `ledger`, which neither handles events nor tells of any."""
    broker.source = "ledger"
    return create_worker_app(service="ledger", broker=broker, database=database, register=None)
