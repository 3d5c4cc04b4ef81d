"""The service `shop`. Run it with `uvicorn services.shop.src.main:app`."""

from services.shop.src.generated.app import create_app

app = create_app()
