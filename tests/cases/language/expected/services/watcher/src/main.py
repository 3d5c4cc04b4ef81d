"""The service `watcher`. Run it with `python -m services.watcher.src.main`."""

import asyncio
import logging

from services.watcher.src.generated.app import create_app

logger = logging.getLogger(__name__)


async def work() -> None:
    """What the service does, from its start on; when it is stopped, this is cancelled."""
    while True:
        logger.info("nothing to do yet")
        await asyncio.sleep(60)


app = create_app(work)

if __name__ == "__main__":
    app.run()
