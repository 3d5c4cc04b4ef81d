"""What an operation is refused with is published, and at once."""

import pytest

from framework.runtime.failures import OperationFailed
from framework.testkit import published, serve
from services.worker.src.generated.app import create_app
from shared.generated.events import CHECK_FAILED, THING_CHECKED, broker, publish_thing_checked
from shared.generated.schemas import Case


async def test_an_error_that_the_spec_names_is_told_by_its_code(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", redis_url)
    async with serve(create_app()):
        await publish_thing_checked(Case(number=1))
        (event,) = await published(broker, CHECK_FAILED)

    (cause,) = await published(broker, THING_CHECKED)
    failure = OperationFailed.model_validate_json(event.data)
    assert (failure.operation, failure.code) == ("checks.check_again", "case-exists")
    assert failure.message == "There is a case 1."
    assert failure.event_id == cause.id
