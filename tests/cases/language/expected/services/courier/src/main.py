"""The service `courier`. Run it with `uvicorn services.courier.src.main:app`."""

from services.courier.src.generated.app import create_app

app = create_app()
