"""Services as they run in earnest: each a process of its own, a real Redis and a Bot API between them."""

import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import pytest

from framework.servers.ports import free_port
from framework.servers.process import Launch, ServerProcess, start_on_free_port
from framework.servers.telegram import TelegramApi
from framework.testkit import migrate

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(redis_url: str, telegram_api: TelegramApi) -> dict[str, str]:
    """What every process of a test reads from its environment."""
    return {
        **os.environ,
        "REDIS_URL": redis_url,
        "TELEGRAM_BOT_TOKEN": telegram_api.token,
        "TELEGRAM_API_URL": telegram_api.url,
    }


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[list[ServerProcess]]:
    """What runs; it is stopped when the test ends, and pytest shows its log if the test failed."""
    running: list[ServerProcess] = []
    yield running
    for process in reversed(running):
        process.stop()
    for log in tmp_path.glob("*.log"):
        sys.stdout.write(f"{log.name}:\n{log.read_text()}\n")


@pytest.fixture
def start_service(
    environment: dict[str, str], processes: list[ServerProcess], tmp_path: Path
) -> Callable[..., Awaitable[str]]:
    """Start a service that answers HTTP, by its name, with a new database; gives its address once ready."""

    async def start(name: str, **variables: str) -> str:
        database_url = f"sqlite:///{tmp_path / name}.db"
        await migrate(ROOT / "services" / name, database_url)
        own = {**environment, "DATABASE_URL": database_url, **variables}
        service = start_on_free_port(lambda port: _Service(name, port, tmp_path, own))
        processes.append(service)
        return service.address

    return start


@pytest.fixture
def start_program(
    environment: dict[str, str], processes: list[ServerProcess], tmp_path: Path
) -> Callable[..., None]:
    """Start a service that does not answer HTTP, by its module, and do not wait for anything."""

    def start(module: str, **variables: str) -> None:
        program = ServerProcess(
            Launch(
                name=module,
                command=[sys.executable, "-m", module],
                directory=ROOT,
                log=tmp_path / f"{module}.log",
                port=0,
                is_ready=lambda _: True,
                environment={**environment, "OPERATIONS_PORT": str(free_port()), **variables},
            )
        )
        program.start()
        processes.append(program)

    return start


class _Service(ServerProcess):
    def __init__(self, name: str, port: int, logs: Path, environment: dict[str, str]) -> None:
        self.address = f"http://127.0.0.1:{port}"
        application = f"services.{name}.src.main:app"
        super().__init__(
            Launch(
                name=name,
                command=[sys.executable, "-m", "uvicorn", application, "--port", str(port)],
                directory=ROOT,
                log=logs / f"{name}.log",
                port=port,
                is_ready=lambda _: _is_ready(self.address),
                environment=environment,
            )
        )


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/ready", trust_env=False).is_success
    except httpx.TransportError:
        return False
