"""The page as the development server gives it; what is in it is tested beside it, in `src/`."""

from framework.testkit import Clients


async def test_the_page_is_there(clients: Clients) -> None:
    frontend = await clients.of("frontend")

    answer = await frontend.get("/")

    assert answer.headers["content-type"].startswith("text/html")
    assert '<main id="parts">' in answer.text
    assert (await frontend.get("/src/main.ts")).is_success
