"""Routes that the specs cannot describe have their place here."""

from fastapi import APIRouter

router = APIRouter()


@router.get("/live")
async def live() -> str:
    """Whether anything moves."""
    return "it does"
