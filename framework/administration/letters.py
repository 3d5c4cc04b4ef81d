"""What `framework dlq` does: dead letters listed, shown, sent again, discarded."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from framework.administration.site import Site
from framework.administration.tables import age, counted, one_line, plain, table
from framework.dev.errors import DevelopmentError
from framework.runtime.dead_letters import DeadLetter, DeadLetters, Selection, payload
from framework.runtime.envelope import now

_NOT_RUNNING = "Nobody of {0} runs at the moment: handled as soon as somebody does."
_TITLES = ("ID", "SERVICE", "EVENT", "OPERATION", "AGE", "TRIES", "REDRIVES", "ERROR")


async def list_letters(
    site: Site, service: str | None, selection: Selection, limit: int, format_: str
) -> int:
    """Print the oldest `limit` of those that are meant."""
    found = await _find(await site.dead_letters(service), selection, limit + 1)
    shown = found[:limit]
    if format_ == "json":
        print(json.dumps([letter.summary() for letter in shown], indent=2, ensure_ascii=False))
        return 0
    if shown:
        print(_table(shown))
    print(_summary(selection, len(shown), is_more=len(found) > limit))
    return 0


def _summary(selection: Selection, count: int, *, is_more: bool) -> str:
    if not count:
        return "There are no dead letters." if selection == Selection() else "No dead letter fits."
    if is_more:
        return f"These are the oldest {count}; see more with --limit, newer ones with --newer-than 1h."
    return f'{_letters(count)}. See one whole: make dlq do="show ID"'


async def show(site: Site, service: str | None, id_: str, format_: str) -> int:
    """Print everything that is known of one. Raises `DevelopmentError` if there is none of this id."""
    ((_, letter),) = await _by_id(await site.dead_letters(service), [id_])
    if format_ == "json":
        print(json.dumps(letter.details(), indent=2, ensure_ascii=False))
    else:
        print("\n".join(_page(letter)))
    return 0


async def reprocess_by_id(site: Site, service: str | None, ids: Sequence[str], *, dry_run: bool) -> int:
    """Send these again. Raises `DevelopmentError`, and sends none, if there is one that does not exist."""
    chosen = await _by_id(await site.dead_letters(service), ids)
    if dry_run:
        return _would_send([letter for _, letter in chosen])
    for store in {letters.service: letters for letters, _ in chosen}.values():
        await _send(site, store, [letter for letters, letter in chosen if letters.service == store.service])
    return 0


async def reprocess_by_filter(
    site: Site, service: str | None, selection: Selection, limit: int | None, *, dry_run: bool, yes: bool
) -> int:
    """Send all that fit again; `yes` is needed for more than one."""
    stores = await site.dead_letters(service)
    found = await _find(stores, selection, limit)
    if not found:
        print("No dead letter fits; nothing is sent.")
        return 0
    if dry_run:
        return _would_send(found)
    if len(found) > 1 and not yes:
        raise DevelopmentError(
            f"{_letters(len(found))} would be sent again: add --yes to do it, or --dry-run to see them."
        )
    for store in stores:
        if mine := [letter for letter in found if letter.service == store.service]:
            await _send(site, store, mine)
    return 0


async def discard(site: Site, service: str | None, ids: Sequence[str], reason: str) -> int:
    """Delete these for good. Raises `DevelopmentError`, and deletes none, if one does not exist."""
    for store, letter in await _by_id(await site.dead_letters(service), ids):
        if await store.discard([letter.id]):
            print(f"Discarded {letter.id} of {store.service} ({letter.event}): {reason}")
        else:
            print(f"{letter.id} of {store.service} is gone already: somebody else was quicker.")
    return 0


async def _find(stores: Sequence[DeadLetters], selection: Selection, limit: int | None) -> list[DeadLetter]:
    """The oldest of all services that fit, no more than `limit` of them."""
    found: list[DeadLetter] = []
    for store in stores:
        count = 0
        async for letter in store.find(selection):
            if count == limit:
                break
            found.append(letter)
            count += 1
    return sorted(found, key=lambda letter: (letter.failed_at, letter.id))[:limit]


async def _by_id(stores: Sequence[DeadLetters], ids: Sequence[str]) -> list[tuple[DeadLetters, DeadLetter]]:
    """Those of these ids, each with where it is. Raises `DevelopmentError` unless there is one for each."""
    chosen = []
    for id_ in dict.fromkeys(ids):
        found = [(store, letter) for store in stores if (letter := await store.get(id_)) is not None]
        if not found:
            raise DevelopmentError(f"There is no dead letter {id_}: `make dlq` lists those that there are.")
        if len(found) > 1:
            services = " and ".join(store.service for store, _ in found)
            raise DevelopmentError(f"There is a dead letter {id_} of {services}: add --service.")
        chosen += found
    return chosen


async def _send(site: Site, store: DeadLetters, letters: Sequence[DeadLetter]) -> None:
    sent = await store.redrive([letter.id for letter in letters])
    gone = len(letters) - len(sent)
    print(
        f"{_letters(len(sent))} sent again to {store.service}"
        + (f"; {gone} gone already: somebody else was quicker" if gone else "")
        + ("." if await _is_running(site, store.service) else f". {_NOT_RUNNING.format(store.service)}")
    )


async def _is_running(site: Site, service: str) -> bool:
    return any(state.group == service and state.consumers for state in await site.broker.groups().states())


def _would_send(letters: Sequence[DeadLetter]) -> int:
    print(_table(letters))
    print(f"{_letters(len(letters))} would be sent again.")
    return 0


def _letters(count: int) -> str:
    return counted(count, "dead letter", "dead letters")


def _table(letters: Sequence[DeadLetter]) -> str:
    at = now()
    rows = [
        (
            letter.id,
            letter.service,
            letter.event,
            letter.operation,
            age(letter.failed_at, at),
            str(letter.deliveries),
            str(letter.redrives),
            one_line(f"{letter.error_type}: {letter.error}"),
        )
        for letter in letters
    ]
    return table(_TITLES, rows)


def _page(letter: DeadLetter) -> Iterator[str]:
    """A letter for people."""
    at = now()
    event = letter.envelope
    yield f"Dead letter {letter.id} of {letter.service}"
    facts = {
        "event": f"{letter.event} {event.id}" if event else letter.event,
        "subject": event.subject if event else None,
        "operation": letter.operation,
        "error": one_line(f"{letter.error_type}: {letter.error}"),
        "failed": f"{letter.failed_at:%Y-%m-%d %H:%M:%S} UTC, {age(letter.failed_at, at)} ago",
        "first failed": f"{letter.first_failed_at:%Y-%m-%d %H:%M:%S} UTC",
        "deliveries": f"{letter.deliveries}, of them {letter.crashes} ended by a crash",
        "redrives": str(letter.redrives),
        "original id": letter.original_id,
        "process": letter.consumer,
        "trace": letter.trace_id,
    }
    yield from (f"  {name:<12}  {one_line(value)}" for name, value in facts.items() if value)
    if event is None:
        yield from _part("Message, which cannot be read", json.dumps(dict(letter.message), indent=2))
    else:
        envelope = letter.details()["envelope"]
        yield from _part("Envelope", "\n".join(f"{name}: {value}" for name, value in envelope.items()))
        data = payload(event)
        text = data if isinstance(data, str) else json.dumps(data, indent=2, ensure_ascii=False)
        yield from _part("Payload", text)
    if letter.traceback:
        yield from _part("Traceback", letter.traceback)


def _part(title: str, text: str) -> Iterator[str]:
    yield ""
    yield title
    yield from (f"  {line}" for line in plain(text).splitlines())
