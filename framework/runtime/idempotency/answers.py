"""The answers kept under idempotency keys, in the transaction of the effect that they tell of."""

from __future__ import annotations

import asyncio
import json
from typing import Any, Final, TypeVar

from sqlalchemy import Row, bindparam, select, update
from typing_extensions import TypeForm

from framework.runtime.envelope import now
from framework.runtime.idempotency.key import IdempotencyKey
from framework.runtime.idempotency.refusals import (
    Answer,
    AnsweredBefore,
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
)
from framework.runtime.inserts import INSERTS
from framework.runtime.schema import encode
from framework.runtime.tables import idempotency_keys
from framework.runtime.unit_of_work import UnitOfWork

T = TypeVar("T")

LONGEST_WAIT: Final = 5.0
"""Seconds that a repetition waits for the request that came first; it keeps a connection meanwhile."""

_JSON: Final = json.dumps({"content-type": "application/json"})
_IS_THIS: Final = (
    idempotency_keys.c.operation == bindparam("of"),
    idempotency_keys.c.caller == bindparam("by"),
    idempotency_keys.c.key == bindparam("named"),
)
_CLAIM: Final = {
    dialect: insert(idempotency_keys).on_conflict_do_nothing().returning(idempotency_keys.c.key)
    for dialect, insert in INSERTS.items()
}
_columns = idempotency_keys.c
_FIND: Final = select(_columns.fingerprint, _columns.status, _columns.headers, _columns.body).where(*_IS_THIS)
_KEEP: Final = update(idempotency_keys).where(*_IS_THIS)


async def claim_key(work: UnitOfWork, key: IdempotencyKey | None) -> None:
    """Have what happens in `work` happen once under this key; without a key nothing is claimed.

    A request that came first with it is waited for: if it fails, this one takes its place.

    Raises:
        AnsweredBefore: it has taken effect.
        IdempotencyKeyReused: it was another request.
        IdempotencyKeyInUse: it takes longer than anybody should wait.
    """
    if key is None:
        return
    row = {
        "operation": work.operation,
        "caller": key.caller,
        "key": key.value,
        "fingerprint": key.fingerprint,
        "created_at": now(),
    }
    statement = _CLAIM[work.session.get_bind().dialect.name]
    try:
        async with asyncio.timeout(LONGEST_WAIT):
            claimed = await work.session.execute(statement, row)
    except TimeoutError:
        raise _in_use(key) from None
    if claimed.first() is None:
        found = (await work.session.execute(_FIND, _place(work, key))).first()
        raise _repetition(key, found)


async def keep_answer(
    work: UnitOfWork,
    key: IdempotencyKey | None,
    status: int,
    result: T | None = None,
    type_: TypeForm[T] | None = None,
    *,
    etag: str | None = None,
) -> None:
    """Keep what the request is answered with: `result` as JSON, with its `etag`, or nothing without a type.

    It is committed with `work`. Raises pydantic.ValidationError if the result is not of its type.
    """
    if key is None:
        return
    kept = {"status": status, "headers": "{}", "body": b""}
    if type_ is not None:
        headers = _JSON if etag is None else json.dumps({"content-type": "application/json", "etag": etag})
        kept |= {"headers": headers, "body": encode(type_, result)}
    await work.execute(_KEEP.values(kept), _place(work, key))


def _place(work: UnitOfWork, key: IdempotencyKey) -> dict[str, str]:
    return {"of": work.operation, "by": key.caller, "named": key.value}


def _repetition(key: IdempotencyKey, found: Row[Any, Any, Any, Any] | None) -> Exception:
    if found is not None and found.fingerprint != key.fingerprint:
        return IdempotencyKeyReused("This Idempotency-Key was used for another request: send a new one.")
    if found is None or found.status is None:
        return _in_use(key)
    return AnsweredBefore(Answer(found.status, json.loads(found.headers or "{}"), found.body or b""))


def _in_use(key: IdempotencyKey) -> IdempotencyKeyInUse:
    return IdempotencyKeyInUse(
        "The request that came first with this Idempotency-Key is still being handled."
    )
