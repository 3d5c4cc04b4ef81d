"""A service as a process of its own: `uvicorn tests.runtime.transport.worker:app`. It keeps notes.

`WORK_SECONDS` is how long it takes over a note before it writes, as a call to the outside would.
"""

import asyncio
import os

from sqlalchemy import insert

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.service import create_worker_app
from framework.runtime.unit_of_work import UnitOfWorkFactory
from tests.runtime.transport.archive import kept
from tests.runtime.transport.support import GROUP, NOTED, OPERATION, Note

broker = EventBroker()
database = Database(GROUP)
work = UnitOfWorkFactory(GROUP, database.session)


def register(broker: EventBroker) -> None:
    @broker.subscriber(NOTED, group=GROUP, operation=OPERATION)
    async def keep(payload: Note) -> None:
        await asyncio.sleep(float(os.environ.get("WORK_SECONDS", "0")))
        async with work.command(OPERATION) as unit:
            await unit.session.execute(insert(kept), {"note_id": payload.id, "process": os.getpid()})


broker.source = GROUP
app = create_worker_app(service=GROUP, broker=broker, database=database, register=register)
