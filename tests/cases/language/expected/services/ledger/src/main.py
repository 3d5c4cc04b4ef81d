"""The service `ledger`. Run it with `uvicorn services.ledger.src.main:app`."""

from services.ledger.src.generated.app import create_app

app = create_app()
