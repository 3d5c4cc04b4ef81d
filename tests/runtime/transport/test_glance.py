"""A look at something that may hang."""

import asyncio

import pytest

from framework.runtime.glance import Glance


async def test_many_who_want_to_know_ask_once() -> None:
    asked = 0

    async def question() -> int:
        nonlocal asked
        asked += 1
        await asyncio.sleep(0)
        return asked

    glance = Glance(question, limit=60)
    assert await asyncio.gather(*(glance.answer() for _ in range(20))) == [1] * 20
    assert await glance.answer() == 2, "an answer is not kept unless that is asked for"
    kept = Glance(question, limit=60, keep=3600)
    assert [await kept.answer() for _ in range(5)] == [3] * 5


async def test_what_hangs_is_asked_once_and_found_again() -> None:
    asked, goes_on = 0, asyncio.Event()

    async def question() -> str:
        nonlocal asked
        asked += 1
        await goes_on.wait()
        return "up"

    glance = Glance(question, limit=0.01)
    for _ in range(3):
        with pytest.raises(TimeoutError, match=r"no answer within 0\.01 s"):
            await glance.answer()
    assert asked == 1
    goes_on.set()
    assert await Glance(question, limit=60).answer() == "up"


async def test_what_fails_is_told_to_everyone_and_asked_again() -> None:
    failures = [LookupError("first"), LookupError("second")]

    async def question() -> None:
        raise failures.pop(0)

    glance = Glance(question, limit=60)
    told = await asyncio.gather(glance.answer(), glance.answer(), return_exceptions=True)
    assert [str(each) for each in told] == ["first", "first"]
    with pytest.raises(LookupError, match="second"):
        await glance.answer()


async def test_a_look_that_never_ends_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("framework.runtime.glance.PATIENCE", 0.01)
    asked = 0

    async def question() -> None:
        nonlocal asked
        asked += 1
        await asyncio.Event().wait()

    glance = Glance(question, limit=60)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await glance.answer()
    assert asked == 2
