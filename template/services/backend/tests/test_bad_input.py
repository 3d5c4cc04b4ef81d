"""Whatever a client sends, the answer is a 4xx that says why, never a 500."""

from collections.abc import Mapping

import httpx

BEYOND_64_BITS = 2**63
JSON = {"content-type": "application/json"}
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
    ("GET", f"/users?limit={BEYOND_64_BITS}"),
    ("GET", "/users?cursor=1"),
    ("GET", "/users?cursor=%ED%A0%80"),
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


async def test_the_valid_body_is_valid(client: httpx.AsyncClient) -> None:
    assert (await client.post("/users", content=VALID, headers=JSON)).status_code == 201


async def test_bad_bodies(client: httpx.AsyncClient) -> None:
    answers = {name: await client.post("/users", content=body, headers=JSON) for name, body in BODIES.items()}

    assert not_refused(answers) == {}
    assert (await client.get("/users")).json()["items"] == []


async def test_bad_parameters(client: httpx.AsyncClient) -> None:
    answers = {path: await client.request(method, path) for method, path in REQUESTS}

    assert not_refused(answers) == {}


async def test_bad_patches(client: httpx.AsyncClient) -> None:
    created = (await client.post("/users", content=VALID, headers=JSON)).json()
    user = f"/users/{created['id']}"

    answers = {name: await client.patch(user, content=body, headers=JSON) for name, body in PATCHES.items()}

    assert not_refused(answers) == {}
    assert (await client.get(user)).json() == created


def not_refused(answers: Mapping[str, httpx.Response]) -> dict[str, str]:
    """The answers that do not say, with the status 400 or 422, what is wrong."""
    return {
        name: f"{answer.status_code} {answer.text[:200]}"
        for name, answer in answers.items()
        if answer.status_code not in {400, 422} or "detail" not in answer.json()
    }
