"""A service that takes notes over REST, as a process: `uvicorn tests.runtime.transport.front:app`."""

import logging

from fastapi import APIRouter

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.events import publish
from framework.runtime.service import create_fastapi_app
from framework.runtime.unit_of_work import UnitOfWorkFactory
from tests.runtime.transport.support import NOTED, Note

FRONT = "front"
broker = EventBroker()
database = Database(FRONT)
work = UnitOfWorkFactory(FRONT, database.session)
router = APIRouter()


@router.post("/notes/{note_id}", status_code=201)
async def create_note(note_id: int) -> Note:
    note = Note(id=note_id)
    async with work.command("notes.create_note") as unit:
        await publish(broker, NOTED, note, unit.session)
        logging.getLogger("controller").info("note %d is taken", note_id, extra={"note_id": note_id})
    return note


broker.source = FRONT
app = create_fastapi_app(
    service=FRONT, description="", broker=broker, database=database, api_router=router, register=None
)
