"""What nobody sends who means well: it is refused, or the connection closed, and the service stays well."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from framework.deployment import READY, SERVING
from framework.runtime.http_protocol import MAX_HEAD_SIZE
from framework.runtime.middleware.body_limit import MAX_BODY_SIZE
from framework.servers.ports import HOST, free_port
from framework.servers.process import Launch, ServerProcess
from framework.servers.redis import start_redis
from tests.fuzzing.conftest import surroundings

TIMEOUT = 1
"""Seconds that a request may take to arrive here."""
HUGE = 100 * 2**20
"""Bytes of a body."""
GROWTH = 64 * 2**20
"""Bytes that the process may grow by: a body of the greatest size, in a few forms, and some to spare."""
CHUNK = b" " * 2**16
GOOD = b'{"number": 1}'
DEEP = 100_000
HEAD = b"POST /cases HTTP/1.1\r\nhost: desk\r\ncontent-type: application/json\r\n"


@pytest.fixture(scope="module")
def desk(language: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The service `desk`, served as an image serves it, but for how long it waits."""
    redis = start_redis()
    port = free_port()

    def is_ready(_: object) -> bool:
        try:
            return httpx.get(f"http://{HOST}:{port}{READY}", trust_env=False).is_success
        except httpx.TransportError:
            return False

    process = ServerProcess(
        Launch(
            name="desk",
            command=[
                *(sys.executable, "-m", "uvicorn", "services.desk.src.main:app"),
                *("--host", HOST, "--port", str(port), *SERVING),
            ],
            directory=language,
            log=tmp_path_factory.mktemp("desk") / "desk.log",
            port=port,
            is_ready=is_ready,
            environment={**surroundings(language), "REDIS_URL": redis.url, "REQUEST_TIMEOUT": str(TIMEOUT)},
        )
    )
    process.start()
    yield process
    process.stop()
    redis.close()


@pytest.fixture(autouse=True)
async def _it_stays_well(desk: ServerProcess) -> AsyncIterator[None]:
    """After every attempt the service answers, has not grown, and nothing of it has failed."""
    await _works(desk)
    process = psutil.Process(desk.pid)
    before = process.memory_info().rss
    yield
    await _works(desk)
    assert process.memory_info().rss < before + GROWTH
    assert "Traceback" not in desk.log_tail()


async def _works(desk: ServerProcess) -> None:
    async with client(desk) as http:
        answer = await http.post("/cases", content=GOOD, headers={"content-type": "application/json"})
    assert answer.status_code == 200


def client(desk: ServerProcess) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://{HOST}:{desk.port}", trust_env=False, timeout=30)


async def send(desk: ServerProcess, parts: Sequence[bytes], *, every: float = 0) -> bytes:
    """Send as long as nothing is answered; returns the answer, empty if the connection was just closed."""
    connection = socket.create_connection((HOST, desk.port))
    connection.sendall(parts[0])  # at once: who has sent nothing in time is not answered
    reader, writer = await asyncio.open_connection(sock=connection)
    answering = asyncio.create_task(reader.read(2**16))
    try:
        with suppress(ConnectionError):
            for part in parts[1:]:
                if answering.done():
                    break
                writer.write(part)
                await writer.drain()
                await asyncio.wait({answering}, timeout=every)
        return await answering
    except ConnectionError:
        return b""
    finally:
        answering.cancel()
        writer.close()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def chunked(chunk: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(chunk), chunk)


async def test_a_body_that_says_it_is_huge(desk: ServerProcess) -> None:
    sent = [HEAD + b"content-length: %d\r\n\r\n" % HUGE, *[CHUNK] * (HUGE // len(CHUNK))]

    answer = await send(desk, sent)

    assert status(answer) == 413
    assert b"application/problem+json" in answer


async def test_a_body_that_turns_out_to_be_huge(desk: ServerProcess) -> None:
    chunks = [chunked(CHUNK)] * (HUGE // len(CHUNK))

    assert status(await send(desk, [HEAD + b"transfer-encoding: chunked\r\n\r\n", *chunks])) == 413


async def test_a_body_as_large_as_it_may_be_is_read(desk: ServerProcess) -> None:
    async with client(desk) as http:
        body = b'{"a": "%b"}' % (b"x" * (MAX_BODY_SIZE - 9))
        answer = await http.post("/cases/notes", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"POST /cases HTTP/1.1\r\nhost: de",
        HEAD + b"content-length: 13\r\n\r\n",
        HEAD + b"transfer-encoding: chunked\r\n\r\n",
    ],
    ids=["nothing", "head", "body", "chunks"],
)
async def test_a_client_that_says_no_more_is_left(desk: ServerProcess, begun: bytes) -> None:
    answer = await send(desk, [begun])

    assert status(answer) == (408 if begun else 0)


@pytest.mark.parametrize(
    ("begun", "more"),
    [
        (b"GET /cases/count HTTP/1.1\r\n", b"a: b\r\n"),
        (HEAD + b"content-length: 1000\r\n\r\n", b" "),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n", chunked(b" ")),
    ],
    ids=["head", "body", "chunks"],
)
async def test_a_client_that_goes_on_for_ever_is_left(desk: ServerProcess, begun: bytes, more: bytes) -> None:
    answer = await send(desk, [begun, *[more] * 500], every=0.02)

    assert status(answer) == 408


async def test_slow_clients_are_in_nobodys_way(desk: ServerProcess) -> None:
    slow = [asyncio.create_task(send(desk, [HEAD + b"content-length: 13\r\n\r\n"])) for _ in range(100)]
    await asyncio.sleep(0)
    for _ in range(5):
        await _works(desk)

    assert {status(answer) for answer in await asyncio.gather(*slow)} == {408}


async def test_headers_without_end(desk: ServerProcess) -> None:
    flood = [b"x-flood: " + b"a" * 1000 + b"\r\n"] * (HUGE // 1000)

    assert status(await send(desk, [b"GET /cases/count HTTP/1.1\r\nhost: desk\r\n", *flood])) == 431


async def test_an_address_without_end(desk: ServerProcess) -> None:
    assert status(await send(desk, [b"GET /", *[b"a" * 10_000] * 10_000])) == 431


async def test_an_address_that_is_just_complete(desk: ServerProcess) -> None:
    target = b"/" + b"a" * (MAX_HEAD_SIZE - 1000)

    assert status(await send(desk, [b"GET %b HTTP/1.1\r\nhost: desk\r\n\r\n" % target])) == 404


async def test_thousands_of_headers(desk: ServerProcess) -> None:
    headers = b"".join(b"a%d: b\r\n" % number for number in range(5_000))

    assert (
        status(await send(desk, [b"GET /cases/count HTTP/1.1\r\nhost: desk\r\n" + headers + b"\r\n"])) == 200
    )


async def test_thousands_of_parameters(desk: ServerProcess) -> None:
    query = "&".join(f"marks={number}" for number in range(6_000))
    async with client(desk) as http:
        answer = await http.get(f"/cases/defaults?{query}", headers={"x-code": "none"})

    assert answer.status_code == 422
    assert len(answer.content) < 10_000


@pytest.mark.parametrize(
    "garbage", [b"\0" * 100, b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00", b"BREW / HTTP/9.9\r\n\r\n"]
)
async def test_what_is_no_http(desk: ServerProcess, garbage: bytes) -> None:
    assert status(await send(desk, [garbage])) == 400


HOSTILE = {
    "nothing": b"",
    "broken": b'{"number": ',
    "two": b'{"number": 1}{"number": 2}',
    "no UTF-8": b'{"number": "\xff\xfe"}',
    "binary": bytes(range(256)),
    "deep lists": b'{"number": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep objects": b'{"number": ' * DEEP + b"1" + b"}" * DEEP,
    "unclosed": b"[" * DEEP,
    "NaN": b'{"number": NaN}',
    "infinity": b'{"number": -Infinity}',
    "beyond every float": b'{"number": 1e999}',
    "beyond 64 bits": b'{"number": 9223372036854775808}',
    "many digits": b'{"number": ' + b"9" * 100_000 + b"}",
    "text": b'{"number": "1"}',
    "true": b'{"number": true}',
    "null": b'{"number": null}',
    "null itself": b"null",
    "a list": b"[1]",
    "a member too many": b'{"number": 1, "more": 2}',
    "many members": json.dumps({f"a{number}": number for number in range(50_000)}).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_body(desk: ServerProcess, name: str) -> None:
    async with client(desk) as http:
        answer = await http.post(
            "/cases", content=HOSTILE[name], headers={"content-type": "application/json"}
        )

    assert answer.status_code in {400, 422}
    assert len(answer.content) < 20_000
    answer.json()


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/xml",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "x",
        "a/b/c;;=",
        "\x80",
    ],
)
async def test_a_body_of_another_kind(desk: ServerProcess, content_type: str) -> None:
    async with client(desk) as http:
        answer = await http.post(
            "/cases", content=GOOD, headers={b"content-type": content_type.encode("latin-1")}
        )

    assert answer.status_code == 422


@pytest.mark.parametrize("text", [b'"\\u0000"', b'"\\ud800"', b"NaN", b"1e999", b"[" * 5000 + b"]" * 5000])
async def test_json_that_no_database_stores(desk: ServerProcess, text: bytes) -> None:
    async with client(desk) as http:
        answer = await http.post(
            "/cases/notes", content=b'{"a": %b}' % text, headers={"content-type": "application/json"}
        )

    assert answer.status_code in {400, 422}


@pytest.mark.parametrize(
    "path", ["/messages/%00", "/messages/%ff", "/messages/%ud800", "/messages/..%2f..%2fetc"]
)
async def test_a_hostile_path(desk: ServerProcess, path: str) -> None:
    answer = await send(
        desk, [b"POST %b HTTP/1.1\r\nhost: desk\r\ncontent-length: 0\r\n\r\n" % path.encode()]
    )

    assert status(answer) in {400, 404, 422}
