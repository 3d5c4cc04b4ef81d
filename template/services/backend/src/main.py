"""The service `backend`. Run it with `uvicorn services.backend.src.main:app`."""

from services.backend.src.generated.app import create_app
from services.backend.src.routes import router

app = create_app()
app.include_router(router)
