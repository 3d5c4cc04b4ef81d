"""A server ends with the process that started it, however that ends."""

import os
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from framework.servers.child import start_child
from tests.servers.processes import is_alive, read_line, start_python, wait_until

STARTS = {
    "redis": "from framework.servers.redis import start_redis as start",
    "postgres": "from framework.servers.postgres import start_postgres as start",
}
PARENT = """
import time
{start}
server = start()
print(server.pid, server._launch.directory, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("server", list(STARTS))
def test_a_server_ends_with_its_parent(server: str, number: signal.Signals) -> None:
    parent = start_python(PARENT.format(start=STARTS[server]))
    pid = int(read_line(parent).split()[0])
    assert is_alive(pid)

    parent.send_signal(number)
    parent.wait(60)

    assert wait_until(lambda: not is_alive(pid))


@pytest.mark.parametrize("server", list(STARTS))
def test_an_ordinary_exit_stops_the_server_and_removes_its_directory(server: str) -> None:
    parent = start_python(PARENT.format(start=STARTS[server]).replace("time.sleep(60)", ""))
    pid, directory = read_line(parent).split()

    assert parent.wait(60) == 0

    assert not is_alive(int(pid))
    assert not Path(directory).exists()


def test_the_end_of_a_fork_is_not_the_end_of_the_server() -> None:
    program = PARENT.format(start=STARTS["redis"]).replace(
        "time.sleep(60)",
        "import os, sys\nif not os.fork(): sys.exit()\nos.wait()\nprint(server.is_running, flush=True)",
    )
    parent = start_python(program)
    read_line(parent)
    assert read_line(parent) == "True"
    parent.wait(60)


def test_only_the_main_thread_may_start_one(tmp_path: Path) -> None:
    failures: list[Exception] = []

    def start() -> None:
        try:
            start_child(["sleep", "60"], output=subprocess.DEVNULL, directory=tmp_path)
        except RuntimeError as error:
            failures.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()

    assert "main thread" in str(failures[0])


def test_ctrl_c_in_the_terminal_does_not_reach_it(tmp_path: Path) -> None:
    child = start_child(["sleep", "60"], output=subprocess.DEVNULL, directory=tmp_path)
    try:
        assert os.getsid(child.pid) != os.getsid(0)
    finally:
        child.kill()
        child.wait()
