"""An idempotent operation over HTTP, as the generated router and mediator make one."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header
from pydantic import BaseModel, Field
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from framework.runtime.database import Database
from framework.runtime.endpoints import Endpoints, OperationRouter, Request, Response, WireType
from framework.runtime.errors import Conflict
from framework.runtime.idempotency.answers import claim_key, keep_answer
from framework.runtime.idempotency.key import (
    IdempotencyKey,
    IdempotencyKeyReader,
    SentIdempotencyKey,
)
from framework.runtime.routing import install, install_problem_handlers
from framework.runtime.schema import Schema
from framework.runtime.unit_of_work import UnitOfWorkFactory
from framework.testkit import serve
from tests.runtime.data.support import place, publish_order_failed


class NewOrder(BaseModel):
    """What is asked for."""

    number: int
    note: str = ""


class PlacedOrder(Schema):
    """What is answered: the second try of one order would have another `attempt`."""

    number: int
    attempt: int
    from_: str = Field(alias="from")


class Orders:
    """The mediator; `refuse` so many requests, `hold` them until then."""

    def __init__(self, database: Database) -> None:
        self._work = UnitOfWorkFactory("shop", database.session)
        self.attempts = 0
        self.refuse = 0
        self.hold: asyncio.Event | None = None

    async def place_order(
        self, *, payload: NewOrder, idempotency_key: IdempotencyKey | None = None
    ) -> PlacedOrder:
        """One unit of work, with a failure told."""
        async with (
            self._work.report_failure("orders.place_order", publish_order_failed),
            self._work.command("orders.place_order") as work,
        ):
            await claim_key(work, idempotency_key)
            self.attempts += 1
            if self.hold is not None:
                await self.hold.wait()
            await place(work.session, payload.number)
            if self.refuse:
                self.refuse -= 1
                raise Conflict("not today")
            result = PlacedOrder(number=payload.number, attempt=self.attempts, **{"from": "ann"})
            await keep_answer(work, idempotency_key, 201, result, PlacedOrder)
        return result

    async def cancel_order(self, *, number: int, idempotency_key: IdempotencyKey | None = None) -> None:
        """Nothing is answered."""
        async with self._work.command("orders.cancel_order") as work:
            await claim_key(work, idempotency_key)
            self.attempts += 1
            await keep_answer(work, idempotency_key, 204)


def orders_app(orders: Orders, *, straight: bool = False) -> FastAPI:
    """The routes; the endpoints in front of them, too, if the good case is to go straight."""
    app = FastAPI()
    install_problem_handlers(app)
    router = OperationRouter()
    router.add(_routes(orders), _endpoints(orders) if straight else {})
    install(app, router)
    return app


def _routes(orders: Orders) -> APIRouter:
    router = APIRouter()

    @router.post("/orders", status_code=201)
    async def place_order(payload: NewOrder, idempotency_key: SentIdempotencyKey = None) -> PlacedOrder:
        return await orders.place_order(payload=payload, idempotency_key=idempotency_key)

    @router.delete("/orders/{number}", status_code=204)
    async def cancel_order(
        number: int,
        x_reason: Annotated[str | None, Header()] = None,
        idempotency_key: Annotated[
            IdempotencyKey | None, Depends(IdempotencyKeyReader(headers=["x-reason"], cookies=["who"]))
        ] = None,
    ) -> None:
        await orders.cancel_order(number=number, idempotency_key=idempotency_key)

    return router


def _endpoints(orders: Orders) -> Endpoints:
    new_order, placed_order, number = WireType(NewOrder), WireType(PlacedOrder), WireType(int)

    async def place_order(request: Request) -> Response:
        result = await orders.place_order(
            payload=await request.body(new_order), idempotency_key=await request.idempotency_key()
        )
        return Response(201, placed_order.encode(result))

    async def cancel_order(request: Request) -> Response:
        await orders.cancel_order(
            number=request.path("number", number),
            idempotency_key=await request.idempotency_key(headers=["x-reason"], cookies=["who"]),
        )
        return Response(204)

    return {"place_order": place_order, "cancel_order": cancel_order}


class KilledBeforeTheAnswer:
    """Kills its own process when the application begins to answer: what it did is committed by then."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let nothing out."""

        async def die(message: Message) -> None:
            os.kill(os.getpid(), signal.SIGKILL)

        await self._app(scope, receive, die if scope["type"] == "http" else send)


class LosesAnswers:
    """Lets the first answer break off half-way, as a lost connection does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.requests = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Promise a body, and do not send it."""
        self.requests += scope["type"] == "http"
        is_lost = scope["type"] == "http" and self.requests == 1

        async def lose(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
            else:
                raise ConnectionResetError

        await self._app(scope, receive, lose if is_lost else send)


async def serve_and_die(tell: Callable[[Any], None], url: str) -> None:
    """Serve until the first request has taken effect; tells the address."""
    app = KilledBeforeTheAnswer(orders_app(Orders(Database("shop", url=url))))
    async with serve(app) as address:
        tell(address)
        await asyncio.Event().wait()
