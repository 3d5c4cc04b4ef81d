"""What a new node service begins with listens where it is told: a real process, real sockets."""

import os
import signal
import subprocess
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

from framework.generators.templating import render
from framework.node.programs import NodeMissing, find_node
from framework.servers.ports import free_port


def test_it_listens_where_it_is_told_and_ends_when_it_is_told(tmp_path: Path) -> None:
    try:
        node = find_node()
    except NodeMissing as error:
        pytest.skip(str(error))
    environment = {**node.environment(tmp_path, os.environ), "LISTEN_ON": "127.0.0.1,127.0.0.2"}
    asked = ["node", "--print", "process.features.typescript"]
    if subprocess.check_output(asked, env=environment, text=True).strip() != "strip":
        pytest.skip("this Node runs no TypeScript: 22.18 does")
    port = free_port()
    (tmp_path / "package.json").write_text('{"type": "module"}')
    for name in ("main", "server"):
        service = SimpleNamespace(name="desk", port=port)
        (tmp_path / f"{name}.ts").write_text(render(f"scaffold/node_{name}.ts.j2", service=service))
    with subprocess.Popen(
        ["node", "main.ts"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == f"listening on port {port} of 127.0.0.1,127.0.0.2\n"
            assert [_greeting(f"127.0.0.{number}", port) for number in (1, 2)] == ["Hello, world!\n"] * 2
            with pytest.raises(OSError, match="refused"):
                _greeting("127.0.0.3", port)
        finally:
            process.send_signal(signal.SIGTERM)
    assert process.returncode == 0


def _greeting(address: str, port: int) -> str:
    with urllib.request.urlopen(f"http://{address}:{port}/", timeout=10) as answer:
        body: bytes = answer.read()
        return body.decode()
