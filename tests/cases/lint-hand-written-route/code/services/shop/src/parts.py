"""Parts, by the side."""

import fastapi
from fastapi import APIRouter as Routes

CACHE: dict[str, str] = {}
parts: Routes = Routes(prefix="/parts")
side = fastapi.FastAPI()


@parts.get("/{name}")
async def part(name: str) -> str:
    """The router was told already."""
    return CACHE.get("/" + name, name)
