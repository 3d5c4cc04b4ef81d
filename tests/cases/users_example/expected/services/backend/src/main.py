"""The service `backend`. Run it with `uvicorn services.backend.src.main:app`."""

from services.backend.src.generated.app import create_app

app = create_app()
