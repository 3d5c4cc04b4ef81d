"""The service `notifications`. Run it with `uvicorn services.notifications.src.main:app`."""

from services.notifications.src.generated.app import create_app
from services.notifications.src.routes import router

app = create_app()
app.include_router(router)
