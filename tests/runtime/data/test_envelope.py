"""The envelope says in headers what CloudEvents 1.0 says, in ASCII only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from framework.runtime.envelope import CloudEvent, InvalidEnvelope, from_headers, headers, uuid7

EVENT = CloudEvent(
    id="1",
    source="shop",
    type="order.placed",
    time=datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=timezone(timedelta(hours=2))),
    data=b"{}",
)
FULL = EVENT.model_copy(
    update={
        "subject": 'Žofie "1" 100%',
        "partitionkey": "\n",
        "sequence": 12,
        "causationid": "0",
        "dataschema": "urn:order",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "extensions": {"tenant": "ěšč"},
    }
)


@pytest.mark.parametrize("event", [EVENT, FULL])
def test_it_comes_back_as_it_went(event: CloudEvent) -> None:
    assert from_headers(headers(event), event.data) == event


@pytest.mark.parametrize("event", [EVENT, FULL])
def test_an_event_that_is_trusted_is_like_any_other(event: CloudEvent) -> None:
    trusted = CloudEvent.trusted(**dict(event))
    assert trusted == CloudEvent(**dict(event))
    assert trusted.model_dump() == event.model_dump()
    assert trusted.model_copy(update={"id": "2"}).id == "2"


def test_headers_are_those_of_the_http_binding() -> None:
    assert headers(FULL) == {
        "ce-specversion": "1.0",
        "ce-id": "1",
        "ce-source": "shop",
        "ce-type": "order.placed",
        "ce-time": "2026-01-02T03:04:05.000678+02:00",
        "ce-subject": "%C5%BDofie%20%221%22%20100%25",
        "ce-partitionkey": "%0A",
        "ce-sequence": "12",
        "ce-causationid": "0",
        "ce-dataschema": "urn:order",
        "ce-traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "ce-tenant": "%C4%9B%C5%A1%C4%8D",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "content-type": "application/json",
    }


def test_headers_of_others_are_left_alone() -> None:
    assert from_headers({**headers(EVENT), "message_id": "7", "x-other": "%"}, b"{}") == EVENT


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"ce-specversion": "0.3"}, "ce-specversion is '0.3'"),
        ({"ce-id": ""}, "ce-id"),
        ({"ce-source": "%ff"}, "percent-encoded"),
        ({"ce-time": "2026-01-02T03:04:05"}, "ce-time"),
        ({"ce-time": "yesterday"}, "ce-time"),
        ({"ce-sequence": "x"}, "ce-sequence"),
    ],
)
def test_what_is_no_event_is_refused(changes: dict[str, str], complaint: str) -> None:
    with pytest.raises(InvalidEnvelope, match=complaint):
        from_headers({**headers(EVENT), **changes}, b"{}")


@pytest.mark.parametrize("missing", ["ce-id", "ce-source", "ce-type", "ce-time", "ce-specversion"])
def test_what_is_required_must_be_there(missing: str) -> None:
    sent = headers(EVENT)
    del sent[missing]
    with pytest.raises(InvalidEnvelope, match=missing):
        from_headers(sent, b"{}")


def test_an_event_is_not_changed() -> None:
    with pytest.raises(ValidationError):
        EVENT.id = "2"  # type: ignore[misc]


def test_ids_sort_by_their_time() -> None:
    before = datetime.now(UTC)
    ids = [uuid7() for _ in range(10_000)]
    after = datetime.now(UTC)
    assert len(set(ids)) == len(ids)
    assert all(each.version == 7 and str(each.variant) == "specified in RFC 4122" for each in ids)
    assert [each.int >> 64 for each in ids] == sorted(each.int >> 64 for each in ids)
    made = datetime.fromtimestamp((ids[0].int >> 80) / 1000, UTC)
    assert before - timedelta(milliseconds=1) < made <= after
