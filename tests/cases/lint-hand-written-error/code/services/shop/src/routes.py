"""A route of one's own refuses as it likes."""

from fastapi import APIRouter, HTTPException

router = APIRouter()


@router.get("/old")
async def old() -> None:
    """Refuse."""
    raise HTTPException(410)
