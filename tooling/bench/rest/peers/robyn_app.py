"""Robyn, which has a server of its own: `python -m tooling.bench.rest.peers.robyn_app PORT`."""

from __future__ import annotations

import sys

from pydantic import TypeAdapter
from robyn import Request, Response, Robyn

from tooling.bench.rest.memory import MemoryUsers, fake_sessions
from tooling.bench.rest.twin.schemas import UserCreate, UserRead

_USERS = MemoryUsers(UserRead)
_LIST = TypeAdapter(list[UserRead])
_JSON = {"content-type": "application/json"}

app = Robyn(__file__)


@app.get("/users")
async def list_users(request: Request) -> Response:
    """Lists users, oldest first."""
    after = int(request.query_params.get("after", "0"))
    limit = int(request.query_params.get("limit", "20"))
    async with fake_sessions() as session:
        return Response(200, _JSON, _LIST.dump_json(await _USERS.list_users(session, after, limit)))


@app.get("/users/:user_id")
async def get_user(request: Request) -> Response:
    """Shows one user."""
    async with fake_sessions() as session:
        user = await _USERS.get_user(session, int(request.path_params["user_id"]))
        return Response(200, _JSON, user.model_dump_json())


@app.post("/users")
async def create_user(request: Request) -> Response:
    """Registers a user."""
    payload = UserCreate.model_validate_json(request.body)
    async with fake_sessions() as session:
        user = await _USERS.create_user(session, payload)
        return Response(201, _JSON, user.model_dump_json())


if __name__ == "__main__":
    app.start(host="127.0.0.1", port=int(sys.argv[1]))
