"""The base of the generated clients, against real HTTP servers that answer what a test wants."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest

from framework.runtime.calls.circuit_breaker import FAILURES
from framework.runtime.calls.deadline import deadline
from framework.runtime.calls.retry_budget import RetryBudget
from framework.runtime.calls.targets import targets
from framework.runtime.http_client import (
    CircuitOpen,
    ClientError,
    DeadlineExceeded,
    HttpClient,
    RetryPolicy,
    ServerError,
    ServiceUnavailable,
    UnexpectedStatus,
    segment,
)
from framework.runtime.schema import Schema
from framework.runtime.types import NotNull
from framework.servers.ports import NOBODY
from framework.testkit import serve


class Patch(Schema):
    name: Annotated[str | None, NotNull()] = None
    email: str | None = None
    since: datetime | None = None


class Colour(StrEnum):
    RED = "red"


@dataclass
class Server:
    """Answers with the statuses in turn, the last one for ever, and remembers what it was asked."""

    statuses: list[int]
    body: bytes = b"{}"
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    requests: list[tuple[str, bytes, bytes, bytes]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise RuntimeError("no lifespan here")
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        self.requests.append((scope["method"], scope["raw_path"], scope["query_string"], body))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        await send({"type": "http.response.start", "status": status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


@pytest.fixture
def longest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chance gives the longest delay every time."""
    monkeypatch.setattr("framework.runtime.http_client.random.uniform", lambda _, most: most)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The delays between tries; they are not waited for."""
    delays: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        delays.append(seconds)
        await sleep(0)

    monkeypatch.setattr("framework.runtime.http_client.asyncio.sleep", note)
    return delays


@asynccontextmanager
async def calling(server: Server, **options: Any) -> AsyncIterator[HttpClient]:
    async with serve(server) as address, HttpClient(address, **options) as client:
        yield client


@pytest.mark.usefixtures("longest")
async def test_a_server_error_of_a_repeatable_call_is_tried_again_with_growing_delays() -> None:
    server = Server([500, 503, 502, 200], body=b'{"ok": true}')
    delays: list[float] = []
    async with calling(server, initial_delay=0.05) as client:
        loop = asyncio.get_running_loop()
        begin = loop.time()
        response = await client.request("GET", "/x", idempotent=True)
        delays.append(loop.time() - begin)
    assert response.json() == {"ok": True}
    assert len(server.requests) == 4
    assert delays[0] >= 0.35


@pytest.mark.parametrize(
    ("idempotent", "policy", "tries"),
    [
        (True, RetryPolicy.IDEMPOTENT, 4),
        (False, RetryPolicy.IDEMPOTENT, 1),
        (False, RetryPolicy.ALWAYS, 4),
    ],
)
async def test_server_errors_are_repeated_where_that_is_safe(
    idempotent: bool, policy: RetryPolicy, tries: int
) -> None:
    server = Server([503], body=b'{"detail": "later", "code": "busy"}')
    async with calling(server, initial_delay=0.001, retry_server_errors=policy) as client:
        with pytest.raises(ServerError) as caught:
            await client.request("POST", "/x", idempotent=idempotent)
    assert len(server.requests) == tries
    assert caught.value.status == 503
    assert (caught.value.problem.detail, caught.value.problem.code) == ("later", "busy")


@pytest.mark.usefixtures("longest")
async def test_the_delays_are_1_2_4_seconds(slept: list[float]) -> None:
    async with HttpClient(f"http://127.0.0.1:{NOBODY}") as client:
        with pytest.raises(ServiceUnavailable, match="POST http://127"):
            await client.request("POST", "/x", idempotent=False)
    assert [delay for delay in slept if delay] == [1, 2, 4]


async def test_the_delays_are_random_up_to_that(slept: list[float]) -> None:
    for host in ("127.0.0.1", "127.0.0.2", "127.0.0.3"):
        async with HttpClient(f"http://{host}:{NOBODY}") as client:
            with pytest.raises(ServiceUnavailable):
                await client.request("GET", "/x", idempotent=True)
    delays = [delay for delay in slept if delay]
    assert all(0 < delay < most for delay, most in zip(delays, [1, 2, 4] * 3, strict=True))
    assert len(set(delays)) == 9


async def test_retries_can_be_turned_off(slept: list[float]) -> None:
    async with HttpClient(f"http://127.0.0.1:{NOBODY}", max_retries=0) as client:
        with pytest.raises(ServiceUnavailable):
            await client.request("GET", "/x", idempotent=True)
    assert not slept


@pytest.mark.usefixtures("longest")
async def test_a_service_that_comes_up_meanwhile_is_reached() -> None:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))  # the port is taken, and refuses who calls until somebody listens
    port = listener.getsockname()[1]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        writer.close()

    async with HttpClient(f"http://127.0.0.1:{port}", initial_delay=0.2) as client:
        call = asyncio.create_task(client.request("POST", "/x", idempotent=False))
        await asyncio.sleep(0.1)
        async with await asyncio.start_server(answer, sock=listener):
            assert (await call).status_code == 204


@pytest.mark.parametrize(("idempotent", "tries"), [(True, 3), (False, 1)])
async def test_a_connection_lost_before_the_answer_is_repeated_where_that_is_safe(
    idempotent: bool, tries: int
) -> None:
    calls = 0

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with HttpClient(f"http://127.0.0.1:{port}", max_retries=2, initial_delay=0.001) as client:
            with pytest.raises(ServiceUnavailable, match="got no answer"):
                await client.request("POST", "/x", idempotent=idempotent)
    assert calls == tries


async def test_a_service_that_does_not_answer_in_time_is_unavailable() -> None:
    async def be_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(be_silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with HttpClient(f"http://127.0.0.1:{port}", max_retries=0, timeout=1) as client:
            with pytest.raises(ServiceUnavailable, match="ReadTimeout"):
                await client.request("GET", "/x", idempotent=True)


@pytest.mark.parametrize("status", [400, 404, 409, 422, 429])
async def test_a_refusal_is_not_repeated_and_carries_the_problem(status: int) -> None:
    problem = {
        "type": "about:blank",
        "title": "No",
        "status": status,
        "detail": "так нельзя",
        "code": "no",
        "x": 1,
    }
    server = Server([status], body=json.dumps(problem).encode())
    async with calling(server) as client:
        with pytest.raises(ClientError, match="так нельзя") as caught:
            await client.request("GET", "/x", idempotent=True)
    assert len(server.requests) == 1
    assert caught.value.problem.model_dump(exclude_none=True) == problem


@pytest.mark.parametrize(
    "body", [b"", b"<html>nginx</html>", b"\xff\xfe", b"[1]", b'{"status": "x"}', b"null"]
)
async def test_an_error_that_is_no_problem_document_is_told_as_far_as_it_goes(body: bytes) -> None:
    async with calling(Server([404], body=body)) as client:
        with pytest.raises(ClientError) as caught:
            await client.request("GET", "/x", idempotent=True)
    assert (caught.value.problem.status, caught.value.problem.title) == (404, "Not Found")


@pytest.mark.parametrize(("status", "idempotent"), [(503, True), (429, True), (429, False)])
async def test_a_service_says_when_to_come_back(slept: list[float], status: int, idempotent: bool) -> None:
    server = Server([status, 200], headers=[(b"retry-after", b"7")])
    async with calling(server) as client:
        await client.request("POST", "/x", idempotent=idempotent)
    assert len(server.requests) == 2
    assert [delay for delay in slept if delay > 4] == [7]


async def test_nobody_waits_beyond_the_deadline_for_a_service_to_come_back(slept: list[float]) -> None:
    server = Server([503], headers=[(b"retry-after", b"120")])
    async with calling(server, deadline=60) as client:
        with pytest.raises(ServerError) as caught:
            await client.request("GET", "/x", idempotent=True)
    assert caught.value.retry_after == 120
    assert len(server.requests) == 1


async def test_a_call_is_repeated_under_its_idempotency_key() -> None:
    server = Server([503, 409, 201], body=b'{"code": "idempotency-key-in-use"}')
    keys: list[str] = []

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        keys.extend(value.decode() for name, value in scope.get("headers", []) if name == b"idempotency-key")
        await server(scope, receive, send)

    async with serve(noting) as address, HttpClient(address, initial_delay=0.001) as client:
        await client.request("POST", "/x", idempotent=False, idempotency_key="k-1")
    assert keys == ["k-1"] * 3


@asynccontextmanager
async def silence() -> AsyncIterator[str]:
    """A service that takes requests and answers none."""

    async def be_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(be_silent, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.usefixtures("longest")
async def test_a_call_ends_at_its_deadline_with_all_its_tries() -> None:
    tries = 0

    async def hang_up_twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal tries
        tries += 1
        await (reader.readuntil(b"\r\n\r\n") if tries <= 2 else reader.read())
        writer.close()

    async with await asyncio.start_server(hang_up_twice, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with HttpClient(address, timeout=60, deadline=2, initial_delay=0.1) as client:
            begin = asyncio.get_running_loop().time()
            with pytest.raises(DeadlineExceeded, match="GET http://127"):
                await client.request("GET", "/x", idempotent=True)
            assert asyncio.get_running_loop().time() - begin >= 2
    assert tries == 3


async def test_a_caller_gives_less_time_and_nobody_within_it_more() -> None:
    async with silence() as address, HttpClient(address) as client:
        with deadline(0.1), deadline(60), pytest.raises(DeadlineExceeded):
            await client.request("GET", "/x", idempotent=True)
    with pytest.raises(ValueError, match="no time"), deadline(0):
        pass


async def test_repetitions_are_few_when_everything_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    # Time earns repetitions, too: here it stands.
    monkeypatch.setattr("framework.runtime.calls.targets.RetryBudget", lambda: RetryBudget(lambda: 0.0))
    server = Server([200, 500, 200, 500], body=b"")
    tries = 0

    async def every_other(scope: Any, receive: Any, send: Any) -> None:
        nonlocal tries
        tries += scope["type"] == "http"
        server.statuses = [200 if tries % 8 == 0 else 500]
        await server(scope, receive, send)

    calls = 30
    async with serve(every_other) as address, HttpClient(address, initial_delay=0.0001) as client:
        for _ in range(calls):
            with suppress(ServerError):
                await client.request("GET", "/x", idempotent=True)
    assert calls + 10 <= tries <= calls + 10 + calls * 0.2


async def test_a_service_that_keeps_failing_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    server = Server([500])
    async with calling(server, max_retries=0) as client:
        for _ in range(FAILURES):
            with pytest.raises(ServerError):
                await client.request("GET", "/x", idempotent=True)
        with pytest.raises(CircuitOpen, match="was not tried"):
            await client.request("GET", "/x", idempotent=True)
    assert len(server.requests) == FAILURES
    assert "has failed 10 times in a row" in caplog.text


async def test_what_is_refused_is_no_failure_of_the_service() -> None:
    server = Server([404])
    async with calling(server, max_retries=0) as client:
        for _ in range(FAILURES + 5):
            with pytest.raises(ClientError):
                await client.request("GET", "/x", idempotent=True)
    assert len(server.requests) == FAILURES + 5


async def test_a_redirect_is_no_answer() -> None:
    async with calling(Server([307], headers=[(b"location", b"/y")])) as client:
        with pytest.raises(UnexpectedStatus, match="307"):
            await client.request("GET", "/x", idempotent=True)


async def test_query_path_and_body_arrive_as_they_were_meant() -> None:
    server = Server([200])
    query = {
        "none": None,
        "yes": True,
        "no": False,
        "list": [1, None, "a b", ""],
        "empty": [],
        "when": datetime(2026, 11, 20, 12, 30, tzinfo=UTC),
        "day": date(2026, 11, 20),
        "colour": Colour.RED,
        "price": Decimal("1.50"),
        "id": UUID(int=1),
        "span": timedelta(hours=1),
        "text": "a&b=c/д 🙂+%20",
    }
    async with calling(server) as client:
        path = f"/things/{segment('a/b?c#d 🙂 %2F')}/{segment('..')}/{segment(True)}/{segment(UUID(int=2))}"
        patch = Patch(email=None, since=datetime(2026, 1, 1, tzinfo=UTC))
        await client.request("PATCH", path, idempotent=True, query=query, content=patch)
        await client.request("POST", "/many", idempotent=False, content=[Patch(name="x"), Patch()])
    (method, raw_path, sent_query, body), (_, _, _, many) = server.requests
    assert method == "PATCH"
    assert raw_path.decode() == (
        "/things/a%2Fb%3Fc%23d%20%F0%9F%99%82%20%252F/%2E%2E/true/00000000-0000-0000-0000-000000000002"
    )
    assert httpx.QueryParams(sent_query.decode()).multi_items() == [
        ("yes", "true"),
        ("no", "false"),
        ("list", "1"),
        ("list", "a b"),
        ("list", ""),
        ("when", "2026-11-20T12:30:00Z"),
        ("day", "2026-11-20"),
        ("colour", "red"),
        ("price", "1.50"),
        ("id", "00000000-0000-0000-0000-000000000001"),
        ("span", "PT1H"),
        ("text", "a&b=c/д 🙂+%20"),
    ]
    assert json.loads(body) == {"email": None, "since": "2026-01-01T00:00:00Z"}
    assert json.loads(many) == [{"name": "x"}, {}]


async def test_one_pool_serves_all_calls() -> None:
    connections = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while await reader.readline() != b"":
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with HttpClient(f"http://127.0.0.1:{port}/") as client:
            for _ in range(5):
                await client.request("GET", "/x", idempotent=True)
    assert connections == 1


async def test_all_clients_of_a_running_service_share_its_pool() -> None:
    connections = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        with suppress(asyncio.IncompleteReadError):
            while True:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        client = HttpClient(address)
        async with targets().kept():
            for _ in range(3):
                async with HttpClient(address) as opened:
                    await opened.request("GET", "/x", idempotent=True)
                await client.request("GET", "/x", idempotent=True)
        assert connections == 1
        with pytest.raises(RuntimeError, match="async with HttpClient"):
            await client.request("GET", "/x", idempotent=True)
        for _ in range(2):
            async with client:
                await client.request("GET", "/x", idempotent=True)
    assert connections == 3, "outside of a service a pool lasts as long as its clients"


async def test_a_proxy_in_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{NOBODY}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    async with calling(Server([200]), max_retries=0) as client:
        assert (await client.request("GET", "/x", idempotent=True)).status_code == 200


async def test_a_base_path_stands_before_the_path() -> None:
    server = Server([200])
    async with serve(server) as address, HttpClient(f"{address}/api/v1/") as client:
        await client.request("GET", "/x", idempotent=True)
    assert server.requests[0][1] == b"/api/v1/x"


async def test_a_password_in_the_address_is_in_no_error() -> None:
    async with HttpClient(f"http://me:secret@127.0.0.1:{NOBODY}", max_retries=0) as client:
        with pytest.raises(ServiceUnavailable) as caught:
            await client.request("GET", "/x", idempotent=True)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("address", ["", "localhost:8000", "ftp://x", "http://", "/users"])
def test_an_address_that_is_none_is_named(address: str) -> None:
    with pytest.raises(ValueError, match=r"is no "):
        HttpClient(address)


async def test_a_client_that_was_not_opened_says_how_to_open_it() -> None:
    with pytest.raises(RuntimeError, match="async with HttpClient"):
        await HttpClient("http://127.0.0.1").request("GET", "/", idempotent=True)
