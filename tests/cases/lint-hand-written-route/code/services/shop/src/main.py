"""The service `shop`."""

from services.shop.src.generated.app import create_app
from services.shop.src.routes import router

app = create_app()
app.include_router(router)


@app.get("/stock/{part}")
async def stock_of(part: str, minimum: int = 0) -> dict[str, int]:
    """How many of a part there are."""
    return {part: minimum}


async def hello() -> str:
    """Greet."""
    return "hello"


app.add_api_route("/hello", hello)
