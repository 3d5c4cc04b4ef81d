"""The service `worker`. Run it with `uvicorn services.worker.src.main:app`."""

from services.worker.src.generated.app import create_app

app = create_app()
