"""The page in a real browser, against the running services, with and without the other modules."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

import pytest

from framework.testkit import Clients
from tests.copier.support import ROOT, named

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.matrix, pytest.mark.timeout(300)]

SETS = [
    ("frontend",),
    ("backend", "frontend"),
    ("notifications", "frontend"),
    ("backend", "notifications", "frontend"),
]
SCREENSHOTS = ROOT / "build/screenshots"
PATIENCE = 20_000
"""Milliseconds that something may take to appear."""


@pytest.fixture(params=SETS, ids=named)
def modules(request: pytest.FixtureRequest) -> Sequence[str]:
    """The modules of the project."""
    chosen: Sequence[str] = request.param
    return chosen


@pytest.fixture
async def page(services: Clients, modules: Sequence[str], browser: Browser) -> AsyncIterator[Page]:
    """The page, loaded; whatever it complains about on its console fails the test."""
    for module in modules:
        address = str((await services.of(module)).base_url)
    page = await browser.new_page(viewport={"width": 1100, "height": 720})
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    yield page
    assert complaints == []


async def shoot(page: Page, name: str) -> None:
    """Take a picture, for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)


async def register(page: Page, name: str, email: str) -> None:
    """Fill in the form as a person does."""
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Email").fill(email)
    await page.get_by_role("button", name="Register").click()


async def test_the_page_has_what_the_project_has(page: Page, modules: Sequence[str]) -> None:
    headings = await page.get_by_role("heading", level=2).all_inner_texts()
    parts = {"backend": "Users", "notifications": "Notifications"}
    assert headings == [part for module, part in parts.items() if module in modules]

    hints = await page.locator("aside code").all_inner_texts()
    missing = [module for module in parts if module not in modules]
    assert hints == [f"make add-module name={module}" for module in missing]
    if "notifications" in modules:
        await page.get_by_text("Live", exact=True).wait_for()
    if "backend" in modules:
        await page.get_by_text("Nobody is registered yet.").wait_for()
    await shoot(page, named(modules))


@pytest.mark.parametrize("modules", SETS[1:4:2], ids=named, indirect=True)
async def test_a_user_is_registered_and_refused_twice(page: Page, modules: Sequence[str]) -> None:
    await register(page, "Ada Lovelace", "ada@example.org")

    users = page.get_by_role("region", name="Users")
    await users.get_by_role("listitem").filter(has_text="ada@example.org").wait_for()
    await register(page, "Ada again", "ada@example.org")
    await users.get_by_role("alert").filter(has_text="Another user has this email").wait_for()
    assert await users.get_by_role("listitem").count() == 1
    await shoot(page, f"{named(modules)}-refused")

    await page.reload()
    await users.get_by_role("listitem").filter(has_text="Ada Lovelace").wait_for()


@pytest.mark.parametrize("modules", SETS[3:], ids=named, indirect=True)
async def test_notifications_arrive_by_themselves_and_none_is_missed(
    page: Page, services: Clients, modules: Sequence[str]
) -> None:
    notifications = page.get_by_role("region", name="Notifications")
    items = notifications.get_by_role("listitem")
    await page.get_by_text("Live", exact=True).wait_for()
    await page.evaluate("window.isTheSamePage = true")

    await register(page, "Ada Lovelace", "ada@example.org")
    await items.filter(has_text="Welcome, Ada Lovelace!").filter(has_text="sent").wait_for()

    process = services.process("notifications")
    process.kill()
    await page.get_by_text("The connection is lost").wait_for()
    await shoot(page, "notifications-lost")
    people = ["Grace Hopper", "Hedy Lamarr", "Katherine Johnson"]
    for person in people:
        await register(page, person, f"{person.split()[0].lower()}@example.org")
        await page.get_by_text(f"{person} is registered.").wait_for()
    process.start()

    for person in people:
        await items.filter(has_text=f"Welcome, {person}!").filter(has_text="sent").wait_for()
    await page.get_by_text("Live", exact=True).wait_for()
    texts = await items.locator("strong").all_inner_texts()
    assert sorted(texts) == sorted(f"Welcome, {person}!" for person in ["Ada Lovelace", *people])
    assert await page.evaluate("window.isTheSamePage") is True
    await shoot(page, "notifications-recovered")


@pytest.mark.parametrize("modules", SETS[3:], ids=named, indirect=True)
async def test_the_page_fits_a_small_screen_and_a_dark_one(page: Page, modules: Sequence[str]) -> None:
    await register(page, "Ada Lovelace", "ada@example.org")
    await page.get_by_text("Welcome, Ada Lovelace!").wait_for()
    await page.set_viewport_size({"width": 360, "height": 720})
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await shoot(page, "small")

    await page.emulate_media(color_scheme="dark")
    await page.set_viewport_size({"width": 1100, "height": 720})
    await shoot(page, "dark")
