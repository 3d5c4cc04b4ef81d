"""Idempotency keys over real HTTP: by the generated endpoints, and by FastAPI itself."""

from typing import Any

import httpx
import pytest

from framework.runtime.http_client import ClientError
from services.courier.src.generated.clients.shop import ShopClient
from services.shop.src.controllers.things import ThingsController
from shared.generated.errors import SoldOut
from shared.generated.schemas import ThingName, ThingRead

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
both_ways = pytest.mark.parametrize("way", ["on", "off"], indirect=True)

NAME = {"id": 1, "name": "a"}
THING = ThingRead.model_validate(
    {
        **NAME,
        "price": "9.99",
        "made_on": "2026-01-01",
        "added_at": "2026-01-01T00:00:00Z",
        "lasts": "PT1H",
        "code": "0190a1b2-c3d4-7e5f-8a6b-9c0d1e2f3a4b",
        "contact": "a@example.org",
        "page": "https://example.org/",
        "sizes": [3, 1, 2],
        "parts": [],
    }
)


@pytest.fixture(autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether requests go to the endpoints."""
    monkeypatch.setenv("FAST_ENDPOINTS", getattr(request, "param", "on"))


class Things:
    """What the controller was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answer: Any = None

    async def method(self, session: object, **arguments: Any) -> Any:
        self.asked.append(arguments)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def things(monkeypatch: pytest.MonkeyPatch) -> Things:
    """In the place of the controller's methods."""
    things = Things()
    for name in ("buy_thing", "return_thing", "stamp_things"):
        monkeypatch.setattr(ThingsController, name, staticmethod(things.method))
    return things


@both_ways
async def test_bytes_are_repeated_byte_for_byte(client: httpx.AsyncClient, things: Things) -> None:
    things.answer = [b"\xff\xfe\xfb\x00", b""]

    found = [
        await client.post("/things/stamped", json={}, headers={"idempotency-key": "k"}) for _ in range(2)
    ]

    assert [each.status_code for each in found] == [200, 200]
    assert found[0].content == found[1].content
    assert found[1].headers["idempotent-replayed"] == "true"
    assert len(things.asked) == 1


@both_ways
async def test_headers_and_cookies_of_the_spec_are_part_of_a_request(
    client: httpx.AsyncClient, things: Things
) -> None:
    async def give_back(**headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await client.post(
            "/things/1/bought", json=NAME, headers={"idempotency-key": "k", "cookie": "visitor=a", **named}
        )

    things.answer = THING
    first = await give_back()
    assert first.status_code == 201, first.text
    assert (await give_back(cookie="visitor=a; other=b", accept="*/*")).content == first.content
    for other in ({"x_tenant": "t"}, {"cookie": "visitor=b"}, {"cookie": "other=b"}):
        refused = await give_back(**other)
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency-key-reused"), other
    assert len(things.asked) == 1
    assert "idempotency_key" not in things.asked[0]


async def test_the_client_makes_keys_and_takes_them(shop: ShopClient, things: Things) -> None:
    for key in (None, None, "mine", "mine"):
        await shop.return_thing(thing_id=1, idempotency_key=key)
    assert len(things.asked) == 3
    with pytest.raises(ClientError, match="used for another request"):
        await shop.return_thing(thing_id=2, idempotency_key="mine")
    with pytest.raises(ClientError, match="string_too_short"):
        await shop.return_thing(thing_id=1, idempotency_key="")
    assert len(things.asked) == 3


async def test_a_refusal_is_raised_by_its_class_and_not_kept(shop: ShopClient, things: Things) -> None:
    things.answer = SoldOut("all gone")
    for _ in range(2):
        with pytest.raises(SoldOut, match="all gone"):
            await shop.buy_thing(payload=ThingName(**NAME), thing_id=1, idempotency_key="k")
    things.answer = THING
    bought = await shop.buy_thing(payload=ThingName(**NAME), thing_id=1, idempotency_key="k")
    assert bought.id == 1
    assert len(things.asked) == 3
