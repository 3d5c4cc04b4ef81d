"""Before anything is timed, all subjects are asked the same, and must answer the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from tooling.bench.measurement import BenchError
from tooling.bench.rest.data import KEPT, READ

_MADE: Final = ("id", "created_at", "updated_at")
"""What a new user is given, by each subject in its own time."""


class Answering(Protocol):
    """A server."""

    name: str

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Send one request; the status and the body of the answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request of the comparison."""

    method: str
    path: str
    body: bytes | None = None


READS: Final = (
    Question("GET", f"/users/{READ}"),
    Question("GET", "/users"),
    Question("GET", "/users?limit=3"),
)
ANSWERED: Final = (
    *READS,
    Question("POST", "/users", b'{"name": "Grace Hopper", "telegram_id": 4711}'),
)
REFUSED: Final = (
    Question("GET", "/users/somebody"),
    Question("GET", "/users?limit=0"),
    Question("POST", "/users", b'{"name": ""}'),
    Question("POST", "/users", b'{"name": '),
    Question("POST", "/users", b'{"name": "Grace Hopper", "age": 36}'),
    Question("GET", "/nowhere"),
    Question("PUT", "/users"),
)
REFUSED_BY_BUSINESS: Final = (
    Question("GET", f"/users/{KEPT * 1000}"),
    Question("POST", "/users", b'{"name": "Grace Hopper"}'),
    Question("POST", "/users", b'{"name": "Grace Hopper", "telegram_id": 10001}'),
)


def check(baseline: Answering, others: Sequence[Answering], questions: Sequence[Question]) -> None:
    """Raises `BenchError`, which shows both answers, where one is another than that of the baseline."""
    for question in questions:
        expected = _answer(baseline, question)
        for other in others:
            found = _answer(other, question)
            if found != expected:
                raise BenchError(
                    f"{question.method} {question.path} {(question.body or b'').decode()}\n"
                    f"  {baseline.name}: {expected}\n  {other.name}: {found}\n"
                    "What answers otherwise is not compared."
                )


def _answer(server: Answering, question: Question) -> tuple[int, Any]:
    status, body = server.ask(question.method, question.path, question.body)
    return status, comparable(status, body)


def comparable(status: int, body: bytes) -> Any:
    """What an answer says, without what differs by right.

    What a new user is given is its own; of a page the items count; of a refusal what a client is told is
    compared, and not the form of the document. What nobody can find, or may not do, each framework says in
    its own words.
    """
    try:
        answer = json.loads(body)
    except ValueError:
        return body
    if not isinstance(answer, dict):
        return answer
    if status == 201:
        return {name: type(value) if name in _MADE else value for name, value in answer.items()}
    if status in (404, 405) and "There is no" not in str(answer.get("detail")):
        return None
    if status >= 400:
        return answer.get("detail")
    # The template's list comes in pages, which costs a row and a cursor more than the twin's.
    return answer["items"] if isinstance(answer, dict) and "items" in answer else answer
