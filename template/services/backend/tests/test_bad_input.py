"""Whatever a client sends, the answer is a 4xx that says why, never a 500."""

import httpx
import pytest

BEYOND_64_BITS = 2**63
VALID = b'{"name": "Ada", "telegram_id": 42}'

BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b'{"name": "\xff\xfe", "telegram_id": 42}',
    "a list": b"[]",
    "null": b"null",
    "no field": b"{}",
    "name is null": b'{"name": null, "telegram_id": 42}',
    "name is empty": b'{"name": "", "telegram_id": 42}',
    "name is a number": b'{"name": 1, "telegram_id": 42}',
    "name is too long": b'{"name": "%s", "telegram_id": 42}' % (b"x" * 201),
    "name is huge": b'{"name": "%s", "telegram_id": 42}' % (b"x" * 5_000_000),
    "name has a NUL": rb'{"name": "A\u0000da", "telegram_id": 42}',
    "name has half a surrogate pair": rb'{"name": "\ud800", "telegram_id": 42}',
    "telegram_id too large": b'{"name": "Ada", "telegram_id": %d}' % BEYOND_64_BITS,
    "telegram_id too small": b'{"name": "Ada", "telegram_id": %d}' % (-BEYOND_64_BITS - 1),
    "telegram_id of 5000 digits": b'{"name": "Ada", "telegram_id": %s}' % (b"9" * 5000),
    "telegram_id is infinite": b'{"name": "Ada", "telegram_id": 1e999}',
    "telegram_id is NaN": b'{"name": "Ada", "telegram_id": NaN}',
    "telegram_id is a fraction": b'{"name": "Ada", "telegram_id": 1.5}',
    "email is none": b'{"name": "Ada", "email": "ada"}',
    "email is huge": b'{"name": "Ada", "email": "%s@example.org"}' % (b"a" * 100_000),
    "email has half a surrogate pair": rb'{"name": "Ada", "email": "\udc00@example.org"}',
    "no way to reach them": b'{"name": "Ada"}',
    "both ways are null": b'{"name": "Ada", "email": null, "telegram_id": null}',
    "an unknown field": b'{"name": "Ada", "telegram_id": 42, "nickname": "A"}',
    "an unknown field with half a surrogate pair": rb'{"name": "Ada", "telegram_id": 42, "\ud800": 1}',
    "very deep": b"[" * 100_000,
}

REQUESTS = [
    ("GET", "/users?limit=0"),
    ("GET", "/users?limit=101"),
    ("GET", "/users?limit=ten"),
    ("GET", "/users?after=-1"),
    ("GET", f"/users?after={BEYOND_64_BITS}"),
    ("GET", "/users?after=%ED%A0%80"),
    ("GET", "/users/ada"),
    ("GET", f"/users/{BEYOND_64_BITS}"),
    ("GET", "/users/%00"),
    ("GET", "/users/%FF"),
    ("DELETE", f"/users/{-BEYOND_64_BITS - 1}"),
]

PATCHES = {
    "name is null": b'{"name": null}',
    "name is empty": b'{"name": ""}',
    "telegram_id too large": b'{"telegram_id": %d}' % BEYOND_64_BITS,
    "no way to reach them": b'{"telegram_id": null}',
    "an unknown field": b'{"id": 7}',
}


def assert_refused(answer: httpx.Response) -> None:
    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code


async def test_the_valid_body_is_valid(client: httpx.AsyncClient) -> None:
    assert (await client.post("/users", content=VALID)).status_code == 201


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_bad_bodies(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/users", content=body, headers={"content-type": "application/json"})

    assert_refused(answer)
    assert (await client.get("/users")).json() == []


@pytest.mark.parametrize(("method", "path"), REQUESTS)
async def test_bad_parameters(client: httpx.AsyncClient, method: str, path: str) -> None:
    assert_refused(await client.request(method, path))


@pytest.mark.parametrize("body", PATCHES.values(), ids=PATCHES)
async def test_bad_patches(client: httpx.AsyncClient, body: bytes) -> None:
    created = (await client.post("/users", content=VALID)).json()

    answer = await client.patch(f"/users/{created['id']}", content=body)

    assert_refused(answer)
    assert (await client.get(f"/users/{created['id']}")).json() == created
