"""A service that does work of its own, for tests that stop it; `WORK` says how the work goes."""

from __future__ import annotations

import asyncio
import os

from framework.runtime.broker import EventBroker
from framework.runtime.process import create_process


async def work() -> None:
    print("begun", flush=True)
    match os.environ["WORK"]:
        case "done":
            return
        case "fails":
            raise ValueError("no paper")
    try:
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0)  # what is cancelled may still await
        print("given up", flush=True)


app = create_process(service="press", broker=EventBroker(), database=None, port=1, work=work)

if __name__ == "__main__":
    app.run()
