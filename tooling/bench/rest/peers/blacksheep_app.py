"""BlackSheep: `uvicorn tooling.bench.rest.peers.blacksheep_app:app`."""

from __future__ import annotations

from blacksheep import Application, Content, FromJSON, Response
from pydantic import TypeAdapter

from tooling.bench.rest.memory import MemoryUsers, fake_sessions
from tooling.bench.rest.twin.schemas import UserCreate, UserRead

_USERS = MemoryUsers(UserRead)
_LIST = TypeAdapter(list[UserRead])

app = Application()


def _json(status: int, body: str | bytes) -> Response:
    """An answer of Pydantic's own JSON: BlackSheep's goes by way of dictionaries, and takes twice as long."""
    encoded = body.encode() if isinstance(body, str) else body
    return Response(status, content=Content(b"application/json", encoded))


@app.router.get("/users")
async def list_users(after: int = 0, limit: int = 20) -> Response:
    """Lists users, oldest first."""
    async with fake_sessions() as session:
        return _json(200, _LIST.dump_json(await _USERS.list_users(session, after, limit)))


@app.router.get("/users/{user_id}")
async def get_user(user_id: int) -> Response:
    """Shows one user."""
    async with fake_sessions() as session:
        return _json(200, (await _USERS.get_user(session, user_id)).model_dump_json())


@app.router.post("/users")
async def create_user(data: FromJSON[UserCreate]) -> Response:
    """Registers a user."""
    async with fake_sessions() as session:
        return _json(201, (await _USERS.create_user(session, data.value)).model_dump_json())
