"""The account: a run that kept its promises passes, and each broken promise is told by its name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from framework.chaos.account import Promise, audit, none_is_poison
from framework.chaos.calls import Claim
from framework.chaos.evidence import Committed, Evidence, Letter, Subscriber
from framework.chaos.load import Answers
from framework.runtime.envelope import CloudEvent
from framework.system import Error, Event, EventBinding, Operation, Publication
from framework.types import SchemaType

NOW = datetime.now(UTC)
PLACED = Event("order.placed", "Order", "", key="customer")
CHARGED = Event("order.charged", "Charge", "", key=None)
CHARGE = Operation(
    name="charge",
    domain="billing",
    description="",
    input=SchemaType("Order"),
    output=SchemaType("Charge"),
    params=(),
    rest=None,
    events=EventBinding(subscribe=PLACED, on_success=Publication(CHARGED)),
    errors=(Error("Bankrupt", 409),),
)
SUBSCRIBER = Subscriber("billing", CHARGE, PLACED, is_recorded=True)
HANDLED = ("billing.charge", "shop")


def placed(number: int) -> Committed:
    return Committed(f"p{number}", "shop", "order.placed", "ada", number, NOW, None, {"id": number})


def charged(number: int) -> Committed:
    content = {"order_id": number}
    return Committed(f"c{number}", "billing", "order.charged", None, None, NOW, f"p{number}", content)


def entry(event: Committed) -> CloudEvent:
    return CloudEvent(
        id=event.id,
        source=event.source,
        type=event.type,
        time=event.created_at,
        data=b"{}",
        partitionkey=event.key,
        sequence=event.sequence,
    )


def letter(number: int, error_type: str = "RuntimeError") -> Letter:
    return Letter("billing", "billing.charge", f"p{number}", error_type, "never")


def clean() -> Evidence:
    """Three orders: two charged, the third poison."""
    evidence = Evidence(frozenset({"shop", "billing"}), [SUBSCRIBER], Answers())
    evidence.outboxes = {"shop": [placed(1), placed(2), placed(3)], "billing": [charged(1), charged(2)]}
    evidence.committed = {each.id: each for events in evidence.outboxes.values() for each in events}
    evidence.streams = {
        "order.placed": [entry(placed(number)) for number in (1, 2, 1, 2, 3)],
        "order.charged": [entry(charged(number)) for number in (1, 2)],
    }
    evidence.inboxes = {
        "shop": {},
        "billing": {(*HANDLED, "p1"): NOW + timedelta(seconds=1), (*HANDLED, "p2"): NOW},
    }
    evidence.letters = [letter(3)]
    evidence.answers.claims = [Claim("order.placed", frozenset({("id", number)})) for number in (1, 2, 3)]
    return evidence


def is_third(event: Committed, _: Subscriber) -> bool:
    return event.id == "p3"


def test_a_clean_run_breaks_nothing() -> None:
    assert audit(clean(), is_third) == []


def unpublished(evidence: Evidence) -> None:
    evidence.streams["order.charged"].pop()


def unhandled(evidence: Evidence) -> None:
    del evidence.inboxes["billing"][*HANDLED, "p2"]
    evidence.outboxes["billing"].remove(charged(2))
    del evidence.committed["c2"]
    evidence.streams["order.charged"].pop()


def half_handled(evidence: Evidence) -> None:
    evidence.outboxes["billing"].remove(charged(2))
    del evidence.committed["c2"]
    evidence.streams["order.charged"].pop()


def uncommitted(evidence: Evidence) -> None:
    evidence.streams["order.placed"].append(entry(placed(4)))


def handled_without_commit(evidence: Evidence) -> None:
    evidence.inboxes["billing"][*HANDLED, "p9"] = NOW
    again = replace(charged(9), causationid="p9")
    evidence.outboxes["billing"].append(again)
    evidence.committed["c9"] = again
    evidence.streams["order.charged"].append(entry(again))


def twice(evidence: Evidence) -> None:
    again = replace(charged(1), id="again")
    evidence.outboxes["billing"].append(again)
    evidence.committed["again"] = again
    evidence.streams["order.charged"].append(entry(again))


def answered_for_nothing(evidence: Evidence) -> None:
    evidence.answers.claims.append(Claim("order.placed", frozenset({("id", 5)})))


def answered_once_too_often(evidence: Evidence) -> None:
    evidence.answers.claims.append(Claim("order.placed", frozenset({("id", 1)})))


def overtaken(evidence: Evidence) -> None:
    evidence.streams["order.placed"] = [entry(placed(number)) for number in (1, 3, 2)]


def poison_vanished(evidence: Evidence) -> None:
    evidence.letters = []


def poison_doubled(evidence: Evidence) -> None:
    evidence.letters.append(letter(3))


def healthy_given_up(evidence: Evidence) -> None:
    unhandled(evidence)
    evidence.letters.append(letter(2))


def handled_and_given_up(evidence: Evidence) -> None:
    evidence.letters.append(letter(1, "Bankrupt"))


def work_left(evidence: Evidence) -> None:
    evidence.open = ["3 of order.placed are pending in billing"]


@pytest.mark.parametrize(
    ("breaking", "promise"),
    [
        (unpublished, Promise.LOST),
        (unhandled, Promise.LOST),
        (half_handled, Promise.LOST),
        (uncommitted, Promise.GHOST),
        (handled_without_commit, Promise.GHOST),
        (twice, Promise.TWICE),
        (answered_for_nothing, Promise.ANSWER),
        (answered_once_too_often, Promise.ANSWER),
        (overtaken, Promise.ORDER),
        (poison_vanished, Promise.POISON),
        (poison_doubled, Promise.POISON),
        (healthy_given_up, Promise.HEALTHY),
        (handled_and_given_up, Promise.HEALTHY),
        (work_left, Promise.UNSETTLED),
    ],
)
def test_a_broken_promise_is_told(breaking: Callable[[Evidence], None], promise: Promise) -> None:
    evidence = clean()

    breaking(evidence)

    assert {breach.promise for breach in audit(evidence, is_third)} == {promise}


def test_what_the_spec_lets_an_operation_refuse_is_no_breach() -> None:
    evidence = clean()
    evidence.letters = [letter(3, "Bankrupt")]

    assert audit(evidence, none_is_poison) == []


def test_without_such_an_error_a_dead_letter_is_one() -> None:
    (breach,) = audit(clean(), none_is_poison)

    assert (breach.promise, list(breach.ids)) == (Promise.HEALTHY, ["p3"])
    assert "RuntimeError: never" in breach.what
