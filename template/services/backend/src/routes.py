"""Routes written by hand: whatever the specs do not describe, such as streams, uploads and webhooks."""

from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.backend.src.generated.registry import database
from services.backend.src.repositories import users
from shared.generated.schemas import UserRead

router = APIRouter(tags=["users"])


@router.get("/users.ndjson", response_class=StreamingResponse)
async def export_users() -> StreamingResponse:
    """All users, one JSON object per line, sent while they are read."""
    return StreamingResponse(_lines(), media_type="application/x-ndjson")


async def _lines() -> AsyncIterator[str]:
    async with database.session() as session:
        async for user in users.stream(session):
            yield UserRead.model_validate(user).model_dump_json() + "\n"
