"""`/admin/dlq`: the events that the service gave up, looked at, sent to it once more, or deleted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from starlette.responses import Response

from framework.runtime.dead_letters import DeadLetter, DeadLetters, Selection
from framework.runtime.envelope import now
from framework.runtime.errors import Conflict, NotFound
from framework.runtime.moments import moment

logger = logging.getLogger(__name__)

PAGE: Final = 50
_LONGEST_PAGE: Final = 500


class DeadLetterNotFound(NotFound):
    """There is no dead letter of this id: never, or it was sent again or discarded."""


class EventNotHandled(Conflict):
    """The service has no operation for this event any more, so that sending it again is in vain."""


def _moment(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError("a time is a text")
    return moment(value, now())


Moment = Annotated[datetime, BeforeValidator(_moment)]
"""`15m`, `2h` or `3d` ago, or a time in ISO 8601."""


class Filter(BaseModel):
    """Which dead letters are meant: those that fit everything that is given."""

    model_config = ConfigDict(extra="forbid")

    event: str | None = None
    operation: str | None = None
    error: str | None = None
    newer_than: Moment | None = None
    older_than: Moment | None = None

    def selection(self, ids: Collection[str] = ()) -> Selection:
        """The same for a store."""
        return Selection(ids, **{name: getattr(self, name) for name in Filter.model_fields})


class Page(Filter):
    """The query of a list."""

    after: str | None = Field(None, pattern=r"^\d{1,19}-\d{1,19}$")
    limit: int = Field(PAGE, ge=1, le=_LONGEST_PAGE)


class Order(Filter):
    """What is to be sent again; nothing at all is no answer to that."""

    ids: list[str] = []
    limit: int | None = Field(None, ge=1)
    all: bool = False

    @model_validator(mode="after")
    def _says_which(self) -> Order:
        if not any(getattr(self, name) for name in ("all", "ids", *Filter.model_fields)):
            raise ValueError('say which by a filter or by ids, or {"all": true}')
        return self


def dead_letters_router(store: Callable[[], DeadLetters], handled: Collection[str]) -> APIRouter:
    """The routes. `store` opens the dead letters; `handled` names the events that have an operation."""
    router = APIRouter(prefix="/dlq")
    routes = _Routes(store, handled)
    router.add_api_route("", routes.list_page, methods=["GET"])
    router.add_api_route("/{id_}", routes.show, methods=["GET"])
    router.add_api_route("/reprocess", routes.reprocess_many, methods=["POST"], status_code=202)
    router.add_api_route("/reprocess/{id_}", routes.reprocess, methods=["POST"], status_code=202)
    router.add_api_route("/{id_}", routes.discard, methods=["DELETE"], status_code=204)
    return router


class _Routes:
    def __init__(self, store: Callable[[], DeadLetters], handled: Collection[str]) -> None:
        self._store = store
        self._handled = handled

    async def list_page(self, page: Annotated[Page, Query()]) -> dict[str, Any]:
        """A page of them, in the order in which they were given up; `next` is `after` of the next page."""
        letters = self._store()
        found: list[DeadLetter] = []
        is_more = False
        async for letter in letters.find(page.selection(), page.after):
            if is_more := len(found) == page.limit:
                break
            found.append(letter)
        return {
            "items": [letter.summary() for letter in found],
            "next": found[-1].id if is_more else None,
            "total": await letters.count(),
        }

    async def show(self, id_: str) -> dict[str, Any]:
        """Everything that is known about one."""
        return (await _get(self._store(), id_)).details()

    async def reprocess_many(self, order: Order) -> dict[str, Any]:
        """Send those that are meant once more, but for those that the service has no operation for."""
        letters = self._store()
        ids: list[str] = []
        unhandled = 0
        async for letter in letters.find(order.selection(order.ids)):
            if letter.event not in self._handled:
                unhandled += 1
            elif order.limit is None or len(ids) < order.limit:
                ids.append(letter.id)
        sent = await letters.redrive(ids)
        logger.info("%s: %d dead letters are sent again", letters.service, len(sent))
        return {"reprocessed": sent, "unhandled": unhandled}

    async def reprocess(self, id_: str) -> dict[str, Any]:
        """Send one once more, to this service alone."""
        letters = self._store()
        letter = await _get(letters, id_)
        if letter.event not in self._handled:
            raise EventNotHandled(f"No operation of {letters.service} handles {letter.event} any more.")
        if not await letters.redrive([id_]):
            raise _not_found(id_)
        logger.info("%s: the dead letter %s (%s) is sent again", letters.service, id_, letter.event)
        return {"reprocessed": [id_]}

    async def discard(self, id_: str, reason: str = "no reason was given") -> Response:
        """Delete one for good; the log keeps what it was, and why."""
        letters = self._store()
        letter = await _get(letters, id_)
        if not await letters.discard([id_]):
            raise _not_found(id_)
        logger.warning(
            "%s: the dead letter %s (%s) is discarded: %s", letters.service, id_, letter.event, reason
        )
        return Response(status_code=204)


async def _get(letters: DeadLetters, id_: str) -> DeadLetter:
    letter = await letters.get(id_)
    if letter is None:
        raise _not_found(id_)
    return letter


def _not_found(id_: str) -> DeadLetterNotFound:
    return DeadLetterNotFound(f"There is no dead letter {id_}; it may have been sent again or discarded.")
