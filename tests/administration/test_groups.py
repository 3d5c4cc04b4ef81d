"""`framework groups`: what it tells, what it does, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.administration.conftest import Commands

Ask = Callable[..., Any]
STREAM = "shop:note.taken"


@pytest.fixture
def stream(ask: Ask) -> str:
    """Three entries: `archive` has handled the first and holds the second, `gone` has read none."""
    for _ in range(3):
        ask("XADD", STREAM, "*", "a", "b")
    ask("XGROUP", "CREATE", STREAM, "archive", "0")
    ask("XGROUP", "CREATE", STREAM, "gone", "0")
    ((_, ((first, _), _)),) = ask(
        "XREADGROUP", "GROUP", "archive", "host-1", "COUNT", 2, "STREAMS", STREAM, ">"
    )
    ask("XACK", STREAM, "archive", first)
    return STREAM


def quiet(ask: Ask) -> None:
    """Take the consumer away, as a stop does."""
    ask("XAUTOCLAIM", STREAM, "archive", "__released__", 0, "0-0", "JUSTID")
    ask("XGROUP", "DELCONSUMER", STREAM, "archive", "host-1")


def test_they_are_listed(framework: Commands, stream: str) -> None:
    assert framework("groups", "list") == 0
    titles, archive, gone, hint = framework.out.splitlines()
    assert titles.startswith("GROUP  ")
    assert titles.endswith("LAST DELIVERED")
    assert archive.split()[:5] == ["archive", "note.taken", "1", "1", "0"]
    assert gone.split()[:5] == ["gone", "note.taken", "3", "0", "0"]
    assert gone.endswith("never")
    assert hint.startswith("gone is no service of this project")
    assert framework("groups", "list", "--format", "json") == 0
    (one, _) = json.loads(framework.out)
    assert one.pop("oldest") <= one.pop("last_delivered")
    assert one == {
        "group": "archive",
        "stream": "note.taken",
        "lag": 1,
        "pending": 1,
        "parked": 0,
        "consumers": ["host-1"],
    }


def test_there_may_be_none(framework: Commands) -> None:
    assert framework("groups", "list") == 0
    assert framework.out.startswith("There are no consumer groups")
    assert framework("groups", "list", "--format", "json") == 0
    assert json.loads(framework.out) == []


def test_a_dead_group_is_removed_after_a_yes(framework: Commands, stream: str, ask: Ask) -> None:
    assert framework("groups", "remove", "gone") == 1
    assert framework.err == (
        "What it never handled is lost to it: 3 not delivered, 0 not finished. "
        "Add --yes to remove the group gone.\n"
    )
    assert len(ask("XINFO", "GROUPS", STREAM)) == 2
    assert framework("groups", "remove", "gone", "--yes") == 0
    assert framework.out.startswith("The group gone is removed. What it never handled is lost to it: 3 not")
    assert len(ask("XINFO", "GROUPS", STREAM)) == 1


def test_a_living_group_is_not_removed(framework: Commands, stream: str, ask: Ask) -> None:
    assert framework("groups", "remove", "archive", "--yes") == 1
    assert framework.err.startswith("The group archive lives (host-1)")
    assert "Stop all processes of that service first" in framework.err
    quiet(ask)
    assert framework("groups", "remove", "archive", "--yes") == 0
    assert "1 not delivered, 1 not finished" in framework.out


def test_what_was_handled_is_sent_again_after_a_yes(framework: Commands, stream: str, ask: Ask) -> None:
    replay = ("groups", "replay", "archive", "--since", "1h")
    assert framework(*replay, "--dry-run") == 0
    assert framework.out.startswith("1 event since ")
    assert framework.out.endswith("would be sent to archive, to be run unless its inbox knows them.\n")
    assert framework(*replay, "--again") == 1
    assert framework.err.endswith("to be run again whatever its inbox says: add --yes to do it.\n")
    assert ask("EXISTS", "shop:event_redrive:archive") == 0
    assert framework(*replay, "--again", "--yes") == 0
    assert "sent to archive alone" in framework.out
    ((_, fields),) = ask("XRANGE", "shop:event_redrive:archive", "-", "+")
    assert (b"again" in fields, b"message.a" in fields) == (True, True)
    assert framework(*replay, "--event", "user.*", "--yes") == 0
    assert "has handled no such event" in framework.out


def test_what_is_not_there_is_told(framework: Commands, stream: str) -> None:
    for arguments in (["remove", "archiv"], ["replay", "archiv", "--since", "1h"]):
        assert framework("groups", *arguments) == 1
        assert framework.err == "There is no group 'archiv': did you mean 'archive'?\n"
    assert framework("groups", "remove", "zzzzzz") == 1
    assert framework.err == "There is no group 'zzzzzz': `make groups` lists them all\n"
