"""A child of the runner: its words reach the console whole, and its end is the end of all it started."""

import asyncio
import io
import os
import signal
import sys
from pathlib import Path

import pytest

from framework.dev.child import Child, Command, run_to_end
from framework.dev.console import Console
from tests.servers.processes import is_alive, wait_until


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def console(output: io.StringIO) -> Console:
    return Console(["child"], output)


def python(program: str, folder: Path) -> Command:
    return Command([sys.executable, "-u", "-c", program], folder, {})


async def test_lines_come_whole_whatever_they_are(
    tmp_path: Path, console: Console, output: io.StringIO
) -> None:
    program = """
import sys
sys.stdout.buffer.write(b"x" * 200_000 + b"\\r\\n" + b"\\xff bytes\\n\\n")
print("on the other stream", file=sys.stderr)
print("without an end", end="")
"""
    assert await run_to_end("child", python(program, tmp_path), console) == 0

    assert output.getvalue().splitlines() == [
        "child | " + "x" * 200_000,
        "child | � bytes",
        "child |",
        "child | on the other stream",
        "child | without an end",
    ]


async def test_its_exit_code_or_signal_is_known(tmp_path: Path, console: Console) -> None:
    assert await run_to_end("child", python("raise SystemExit(3)", tmp_path), console) == 3
    killed = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert await run_to_end("child", python(killed, tmp_path), console) == -9


async def test_the_deaf_are_killed_after_the_grace(
    tmp_path: Path, console: Console, output: io.StringIO
) -> None:
    program = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(600)"
    )
    child = await Child.start("child", python(program, tmp_path), console)
    assert await asyncio.to_thread(wait_until, lambda: "deaf" in output.getvalue())

    assert not await child.stop(0.2)

    assert not is_alive(child.pid)


async def test_those_who_hear_are_waited_for(tmp_path: Path, console: Console, output: io.StringIO) -> None:
    program = """
import signal, sys, time
def end(*_):
    time.sleep(0.3)
    print("last words")
    sys.exit()
signal.signal(signal.SIGTERM, end)
print("ready")
time.sleep(600)
"""
    child = await Child.start("child", python(program, tmp_path), console)
    assert await asyncio.to_thread(wait_until, lambda: "ready" in output.getvalue())

    assert await child.stop(60)

    assert "last words" in output.getvalue()


async def test_a_grandchild_in_another_session_does_not_hold_it_up(
    tmp_path: Path, console: Console, output: io.StringIO
) -> None:
    program = "import subprocess; print(subprocess.Popen(['sleep', '600'], start_new_session=True).pid)"
    async with asyncio.timeout(8):
        assert await run_to_end("child", python(program, tmp_path), console) == 0

    escaped = int(output.getvalue().split()[-1])
    os.kill(escaped, signal.SIGKILL)
    assert wait_until(lambda: not is_alive(escaped))
