"""The service `desk`. Run it with `uvicorn services.desk.src.main:app`."""

from services.desk.src.generated.app import create_app

app = create_app()
