"""`/admin/outbox`: what waits to be published, and what is to be published again."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, model_validator

from framework.runtime.admin.dead_letters import Moment
from framework.runtime.database import Database
from framework.runtime.outbox.replay import Selection, plan_replay, replay
from framework.runtime.outbox.status import read_status

logger = logging.getLogger(__name__)


class ReplayOrder(BaseModel):
    """Which published events are to be published again: those that fit everything that is given."""

    model_config = ConfigDict(extra="forbid")

    since: Moment | None = None
    event: str | None = None
    id: str | None = None
    dry_run: bool = False
    """Only count them."""

    @model_validator(mode="after")
    def _says_which(self) -> ReplayOrder:
        if self.selection.is_everything:
            raise ValueError("say which by `since`, `event` or `id`")
        return self

    @property
    def selection(self) -> Selection:
        """The same for the outbox."""
        return Selection(self.since, self.event, self.id)


def outbox_router(database: Database) -> APIRouter:
    """The routes. The number of events is told before any is published if `dry_run` asks for that."""
    router = APIRouter(prefix="/outbox")

    @router.get("")
    async def status() -> dict[str, Any]:
        return (await read_status(database.engine)).summary()

    @router.post("/replay", status_code=202)
    async def publish_again(order: ReplayOrder) -> dict[str, Any]:
        plan = await plan_replay(database.engine, order.selection)
        marked = 0 if order.dry_run else await replay(database.engine, plan)
        if marked:
            logger.info("%d events of the outbox are published again", marked)
        return {**plan.summary(), "replayed": marked}

    return router
