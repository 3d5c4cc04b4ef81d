"""Requests and answers that are whole go a shorter way than uvicorn's: nobody can tell by what is sent."""

from __future__ import annotations

import asyncio
import itertools
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from framework.runtime import http_protocol
from framework.runtime.endpoints import Request, Response, WireType
from framework.runtime.http_protocol import MAX_HEAD_SIZE, HttpProtocol
from framework.runtime.http_shortcuts import JOINED, ShortcutCycle, ShortcutProtocol

JSON = WireType(Any)
PATIENCE = 60
LARGE = b'"%b"' % (b"x" * (2 * JOINED))
ANSWERS = [
    Response(status, body, headers)
    for status in (200, 204, 304, 404)
    for body in (None, b"", b"{}", LARGE)
    for headers in (
        (),
        ((b"etag", b'"1"'), (b"set-cookie", b"a=b"), (b"set-cookie", b"c=d")),
        ((b"X-Upper", b"\xff"),),
        ((b"bad name", b"1"),),
        ((b"bad-value", b"1\r\nx: y"),),
        ((b"connection", b"close"),),
        ((b"transfer-encoding", b"chunked"),),
    )
]
KINDS = [
    (b"1.1", b""),
    (b"1.1", b"Connection: close\r\n"),
    (b"1.0", b""),
    (b"1.0", b"Connection: keep-alive\r\n"),
]


class Server(uvicorn.Server):
    """Leaves signals to pytest."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class Service:
    """Answers by number, echoes, streams and waits, as the path says."""

    def __init__(self) -> None:
        self.arrived = asyncio.Event()
        self.gate = asyncio.Event()
        self.ended = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        _, what, *rest = scope["path"].split("/")
        if what == "answers":
            await ANSWERS[int(rest[0])].send(send)
        elif what == "echo":
            request = Request(scope, receive)
            await Response(200, JSON.encode(await request.body(JSON))).send(send)
        elif what == "stream":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await self.gate.wait()
            await send({"type": "http.response.body", "body": b"late", "more_body": False})
        elif what == "left":
            self.arrived.set()
            while (await receive())["type"] != "http.disconnect":
                pass
            await Response(200, b"{}").send(send)
            self.ended.set()
        elif what == "twice":
            await Response(200, b"{}").send(send)
            await Response(200, b"{}").send(send)
        elif what == "after":
            await Response(200, b"{}").send(send)
            assert (await receive())["type"] == "http.disconnect"
        elif what == "fails":
            raise RuntimeError("meant to be")


@asynccontextmanager
async def served(app: Any, http: Any, **options: Any) -> AsyncIterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        http=http,
        lifespan="off",
        log_config=None,
        access_log=False,
        date_header=False,
        headers=[("X-Default", "1")],
        timeout_graceful_shutdown=1,
        **options,
    )
    server = Server(config)
    running = asyncio.create_task(server.serve([listener]))
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        await running


async def exchange(port: int, *sent: bytes) -> bytes:
    """Send it part by part, and read until the server closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in sent:
            writer.write(part)
            await asyncio.sleep(0)
        return await asyncio.wait_for(reader.read(-1), PATIENCE)
    finally:
        writer.close()


@pytest.fixture
async def both() -> AsyncIterator[tuple[int, int]]:
    """Ports of the same service, by uvicorn's protocol and by ours."""
    service = Service()
    service.gate.set()
    async with served(service, "httptools") as theirs, served(service, HttpProtocol) as ours:
        yield theirs, ours


END = (
    b"GET /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    b"Content-Length: 1\r\nConnection: close\r\n\r\n1"
)
"""A request after which the server closes the connection."""


def ask(path: str, method: bytes = b"GET", version: bytes = b"1.1", headers: bytes = b"") -> bytes:
    return b"%b %b HTTP/%b\r\nHost: a\r\n%b\r\n" % (method, path.encode(), version, headers)


@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"POST"])
@pytest.mark.parametrize("kind", KINDS, ids=["1.1", "close", "1.0", "1.0-kept"])
async def test_all_kinds_of_answers(both: tuple[int, int], method: bytes, kind: tuple[bytes, bytes]) -> None:
    for number, answer in enumerate(ANSWERS):
        sent = ask(f"/answers/{number}", method, *kind) + END

        theirs, ours = [await exchange(port, sent) for port in both]

        assert ours == theirs, (answer.status, answer.headers)


def json_request(body: bytes, headers: bytes = b"", *, chunked: bool = False) -> bytes:
    length = b"Transfer-Encoding: chunked\r\n" if chunked else b"Content-Length: %d\r\n" % len(body)
    sent = b"".join(b"%x\r\n%b\r\n" % (1, body[i : i + 1]) for i in range(len(body))) + b"0\r\n\r\n"
    head = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    return head + length + headers + b"\r\n" + (sent if chunked else body)


REQUESTS = {
    "body": json_request(b'{"a": 1}'),
    "chunks": json_request(b'{"a": 1}', chunked=True),
    "large": json_request(LARGE),
    "continue": json_request(b"[1]", b"Expect: 100-continue\r\n"),
    "failing": ask("/fails"),
    "twice": ask("/twice"),
    "stream": ask("/stream"),
    "stream of 1.0": ask("/stream", version=b"1.0"),
    "unknown": ask("/none"),
    "no HTTP": b"hello\r\n\r\n",
}


@pytest.mark.parametrize("sent", REQUESTS.values(), ids=REQUESTS)
async def test_all_kinds_of_requests(both: tuple[int, int], sent: bytes) -> None:
    theirs, ours = [await exchange(port, sent + END) for port in both]

    assert ours == theirs


async def test_requests_one_behind_the_other(both: tuple[int, int]) -> None:
    plain = [ask(f"/answers/{number}") for number, each in enumerate(ANSWERS) if not each.headers]
    sent = b"".join(itertools.chain(*[(one, REQUESTS["body"], REQUESTS["stream"]) for one in plain * 5]))

    theirs, ours = [await exchange(port, sent + END) for port in both]

    assert ours == theirs
    assert ours.count(b"HTTP/1.1") == 15 * len(plain) + 1


async def test_a_body_that_comes_byte_by_byte(both: tuple[int, int]) -> None:
    parts = [bytes([byte]) for byte in json_request(b'{"a": [1, 2, 3]}') + END]

    theirs, ours = [await exchange(port, *parts) for port in both]

    assert ours == theirs
    assert json.loads(ours.split(b"\r\n\r\n")[1].split(b"HTTP")[0]) == {"a": [1, 2, 3]}


async def test_more_answers_than_the_client_has_read(both: tuple[int, int]) -> None:
    number = next(i for i, each in enumerate(ANSWERS) if each.body == LARGE and each.status == 200)

    theirs, ours = [await exchange(port, ask(f"/answers/{number}") * 30 + END) for port in both]

    assert ours == theirs
    assert ours.count(b"HTTP/1.1 200") == 31


async def test_whoever_answers_knows_when_the_client_is_gone() -> None:
    service = Service()
    async with served(service, HttpProtocol) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(ask("/left"))
        await asyncio.wait_for(service.arrived.wait(), PATIENCE)
        writer.close()
        await asyncio.wait_for(service.ended.wait(), PATIENCE)


async def test_the_head_of_a_stream_is_not_held_back() -> None:
    service = Service()
    async with served(service, HttpProtocol) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(ask("/stream"))
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        service.gate.set()
        writer.write(END)
        rest = await asyncio.wait_for(reader.read(-1), PATIENCE)
        writer.close()

    assert head.startswith(b"HTTP/1.1 200 OK")
    assert b"late" in rest


async def test_what_is_plain_is_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[bool] = []
    bodies: list[bytes | None] = []
    answer, take = ShortcutCycle.answer_at_once, ShortcutCycle.body_at_once

    def answered(self: ShortcutCycle, *arguments: Any) -> bool:
        taken.append(answer(self, *arguments))
        return taken[-1]

    def body(self: ShortcutCycle, limit: int | None) -> bytes | None:
        bodies.append(take(self, limit))
        return bodies[-1]

    monkeypatch.setattr(ShortcutCycle, "answer_at_once", answered)
    monkeypatch.setattr(ShortcutCycle, "body_at_once", body)
    async with served(Service(), HttpProtocol) as port:
        await exchange(port, json_request(b"[]") + ask("/answers/0") + ask("/answers/0", b"HEAD") + END)

    assert taken == [True, True, False, False]
    assert bodies == [b"[]", b"1"]


async def test_an_idle_connection_is_closed() -> None:
    async with served(Service(), HttpProtocol, timeout_keep_alive=1) as port:
        answer = await exchange(port, ask("/answers/2") + ask("/answers/2"))

    assert answer.count(b"HTTP/1.1 200") == 2


async def send_on(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"a")
        await writer.drain()
        await asyncio.sleep(0.05)


@asynccontextmanager
async def refused() -> AsyncIterator[asyncio.StreamWriter]:
    """A client whose head was too large, and which has its answer."""
    async with served(Service(), HttpProtocol) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nx: " + b"a" * MAX_HEAD_SIZE)
        answer = await asyncio.wait_for(reader.read(-1), PATIENCE)
        assert answer.startswith(b"HTTP/1.1 431 ")
        yield writer
        writer.close()


async def test_a_refused_client_is_heard_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "LINGERING", 3600)
    async with refused() as writer:
        for _ in range(3):
            writer.write(b"a" * 1000)
            await writer.drain()
            await asyncio.sleep(0.05)
        assert not writer.is_closing()


async def test_a_refused_client_is_heard_out_for_a_moment_only() -> None:
    async with refused() as writer:
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(send_on(writer), PATIENCE)


class Clock:
    """A loop of which only the time counts."""

    def __init__(self) -> None:
        self.now = 100.0
        self.timers: list[tuple[float, Callable[[], None]]] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, call: Callable[[], None]) -> None:
        self.timers.append((self.now + delay, call))

    def pass_on(self, seconds: float) -> None:
        self.now += seconds
        due = [call for at, call in self.timers if at <= self.now]
        self.timers = [(at, call) for at, call in self.timers if at > self.now]
        for call in due:
            call()


class Wire(asyncio.Transport):
    """A connection to nobody."""

    def __init__(self) -> None:
        super().__init__()
        self.is_closed = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True


async def test_each_answer_begins_the_time_of_idleness_anew() -> None:
    clock, wire = Clock(), Wire()
    config = uvicorn.Config(Service(), timeout_keep_alive=5, log_config=None)
    protocol = ShortcutProtocol(config, ServerState(), {}, _loop=clock)
    protocol.connection_made(wire)
    protocol.on_response_complete()
    for _ in range(10):
        clock.pass_on(4)
        assert not wire.is_closed
        assert len(clock.timers) <= 1
        protocol.data_received(b"GET / HTTP/1.1\r\n")
        clock.pass_on(4)
        protocol.data_received(b"Host: a\r\n")
        protocol.parser = type(protocol.parser)(protocol)
        protocol.on_response_complete()
    clock.pass_on(4.9)
    assert not wire.is_closed
    clock.pass_on(0.2)
    assert wire.is_closed


def test_another_uvicorn_does_everything_itself() -> None:
    program = """if True:
        import uvicorn
        uvicorn.__version__ = "0.99.1"
        from framework.runtime.http_protocol import MAX_HEAD_SIZE, HttpProtocol
        print([each.__name__ for each in HttpProtocol.__mro__])
    """
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert "HttpToolsProtocol" in done.stdout
    assert "Shortcut" not in done.stdout
    assert "not tested with uvicorn 0.99.1" in done.stderr
