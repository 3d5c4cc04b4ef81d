"""One service kept running: what is saved while something else is being done for it is not forgotten."""

import asyncio
import io
import sys
from pathlib import Path

from framework.dev.child import Command
from framework.dev.console import Console
from framework.dev.supervisor import Job, Supervisor
from framework.servers.ports import NOBODY
from framework.testkit import eventually

MIGRATION = """
import pathlib, time
with open("migrations", "a") as file:
    file.write("one more\\n")
while not pathlib.Path("go on").exists():
    time.sleep(0.01)
"""


async def test_a_migration_that_is_saved_while_another_is_run_is_run_as_well(tmp_path: Path) -> None:
    def python(program: str) -> Command:
        return Command([sys.executable, "-c", program], tmp_path, {})

    async def are_run(count: int) -> bool:
        path = tmp_path / "migrations"
        return path.exists() and path.read_text().count("one more") == count

    output = io.StringIO()
    job = Job("child", python("import time; time.sleep(600)"), python(MIGRATION), port=NOBODY)
    supervisor = Supervisor(job, Console(["child"], output))
    supervisor.restart(migrate=True)
    running = asyncio.create_task(supervisor.run())
    try:
        await eventually(lambda: are_run(1), within=60)
        supervisor.restart(migrate=True)
        (tmp_path / "go on").touch()

        async def is_started_again() -> bool:
            return output.getvalue().count("child started") == 2

        await eventually(is_started_again, within=60)
        assert await are_run(2), output.getvalue()
    finally:
        running.cancel()
        await asyncio.wait([running])
