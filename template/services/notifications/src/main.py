"""The service `notifications`. Run it with `uvicorn services.notifications.src.main:app`."""

from services.notifications.src.generated.app import create_app

app = create_app()
