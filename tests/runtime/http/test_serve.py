"""A service listens where it is told, and nowhere else: real processes, real sockets."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from framework.deployment import SERVING
from framework.servers.ports import free_port

PATIENCE = 60
COMMAND = [sys.executable, "-m", "framework.runtime.serve", "served:app"]
APPLICATION = """
async def app(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"served"})
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """That of a process which finds the application."""
    (tmp_path / "served.py").write_text(APPLICATION)
    paths = [str(tmp_path), str(Path(__file__).parents[3])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUNBUFFERED": "1"}


@contextmanager
def running(port: int, environment: dict[str, str]) -> Iterator[None]:
    command = [*COMMAND, "--port", str(port), "--lifespan", "off", *SERVING]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            said = next((line for line in process.stderr if "running on" in line), None)
            assert said, "it ended"
            yield
        finally:
            process.send_signal(signal.SIGTERM)


def answers(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), PATIENCE) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            return b"served" in connection.makefile("rb").read()
    except ConnectionRefusedError:
        return False


def heard(port: int) -> list[str]:
    return [each for each in ("127.0.0.1", "127.0.0.2", "127.0.0.3") if answers(each, port)]


@pytest.mark.parametrize(
    ("listen_on", "expected"),
    [
        ("127.0.0.1,127.0.0.3", ["127.0.0.1", "127.0.0.3"]),
        ("127.0.0.2", ["127.0.0.2"]),
        ("", ["127.0.0.1", "127.0.0.2", "127.0.0.3"]),
    ],
)
def test_it_listens_where_it_is_told(
    environment: dict[str, str], listen_on: str, expected: list[str]
) -> None:
    port = free_port()
    with running(port, {**environment, "LISTEN_ON": listen_on}):
        assert heard(port) == expected
    assert heard(port) == []


def test_variables_of_uvicorn_are_heeded(environment: dict[str, str]) -> None:
    port = free_port()
    full = {"LISTEN_ON": "127.0.0.1,127.0.0.2", "UVICORN_LIMIT_CONCURRENCY": "0"}
    address = ("127.0.0.2", port)
    with running(port, {**environment, **full}), socket.create_connection(address, PATIENCE) as client:
        client.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 503 ")


def test_a_wrong_name_is_told(environment: dict[str, str]) -> None:
    wrong = {**environment, "LISTEN_ON": "127.0.0.1,nobody.invalid"}
    ended = subprocess.run(COMMAND, env=wrong, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2
    assert "'nobody.invalid' means nothing" in ended.stderr
    assert "Traceback" not in ended.stderr
