"""A service as a process of its own: `uvicorn tests.runtime.transport.worker:app`. It keeps notes.

`WORK_SECONDS` is how long it takes over a note before it writes, as a call to the outside would; `GATE` names
a file that it waits for besides. `RETRY` are the delays of its retries. The text of a note says what goes
wrong after the writing, unless `HEALTHY` is set.
"""

import asyncio
import logging
import os
import signal
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from framework.runtime.broker import EventBroker
from framework.runtime.database import Database
from framework.runtime.errors import Conflict
from framework.runtime.events import publish
from framework.runtime.failures import OperationFailed
from framework.runtime.service import create_worker_app
from framework.runtime.unit_of_work import UnitOfWorkFactory
from tests.runtime.transport.archive import kept
from tests.runtime.transport.support import GROUP, NOTE_FAILED, NOTED, OPERATION, Note

logger = logging.getLogger(__name__)
broker = EventBroker()
database = Database(GROUP)
work = UnitOfWorkFactory(GROUP, database.session)
delays = [float(each) for each in os.environ.get("RETRY", "1 5 30").split()]


async def publish_note_failed(event: OperationFailed, /, *, session: AsyncSession | None = None) -> None:
    await publish(broker, NOTE_FAILED, event, session)


def misbehave(text: str) -> None:
    match text if "HEALTHY" not in os.environ else "":
        case "fail":
            raise LookupError("no such shelf")
        case "refuse":
            raise Conflict("it is on the shelf")
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)


def is_let_in() -> bool:
    return "GATE" not in os.environ or Path(os.environ["GATE"]).exists()


def register(broker: EventBroker) -> None:
    @broker.subscriber(NOTED, group=GROUP, operation=OPERATION, retry=delays)
    async def keep(payload: Note) -> None:
        logger.info("note %d is begun", payload.id)
        async with work.report_failure(OPERATION, publish_note_failed):
            await asyncio.sleep(float(os.environ.get("WORK_SECONDS", "0")))
            while not is_let_in():  # noqa: ASYNC110 - it is another process that lets it in
                await asyncio.sleep(0.01)
            async with work.command(OPERATION) as unit:
                await unit.session.execute(insert(kept), {"note_id": payload.id, "process": os.getpid()})
                misbehave(payload.text)


broker.source = GROUP
app = create_worker_app(service=GROUP, broker=broker, database=database, register=register)
