"""`framework dlq`: what it tells, what it does, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from framework.dev.servers import ADDRESS
from framework.servers.ports import NOBODY
from tests.administration.conftest import Commands
from tests.runtime.transport.support import Note

GiveUp = Callable[..., str]
Ask = Callable[..., Any]


def ids(framework: Commands, *filters: str) -> list[str]:
    assert framework("dlq", "list", "--format", "json", *filters) == 0, framework.err
    return [letter["id"] for letter in json.loads(framework.out)]


def test_they_are_listed_for_people(framework: Commands, give_up: GiveUp) -> None:
    first = give_up(Note(id=1))
    second = give_up(Note(id=2), "press", error="a\nb\x1b[31m" + "c" * 200, redrives="2")
    assert framework("dlq", "list") == 0
    titles, one, two, summary = framework.out.splitlines()
    assert titles.split() == ["ID", "SERVICE", "EVENT", "OPERATION", "AGE", "TRIES", "REDRIVES", "ERROR"]
    assert one.split()[:4] == [first, "archive", "note.taken", "notes.keep"]
    assert one.endswith("LookupError: no such shelf")
    assert two.split()[:2] == [second, "press"]
    assert two.endswith("a b [31m" + "c" * 200)
    assert summary.startswith("2 dead letters. See one whole: make dlq")


def test_there_may_be_none(framework: Commands) -> None:
    assert framework("dlq", "list") == 0
    assert framework.out == "There are no dead letters.\n"
    assert framework("dlq", "list", "--service", "press", "--event", "x") == 0
    assert framework.out == "No dead letter fits.\n"


def test_filters(framework: Commands, give_up: GiveUp) -> None:
    one = give_up(Note(id=1))
    two = give_up(Note(id=2), "press", operation="notes.print", error_type="KeyError", error="ink")
    three = give_up(Note(id=3), stream="shop:note.burnt")
    assert ids(framework) == [one, two, three]
    for filters, found in (
        (["--service", "press"], [two]),
        (["--event", "note.burnt"], [three]),
        (["--event", "note.*", "--operation", "notes.k*"], [one, three]),
        (["--operation", "notes.print"], [two]),
        (["--error", "keyerror"], [two]),
        (["--error", "SHELF"], [one, three]),
        (["--id", three, "--id", one], [one, three]),
        (["--id", three, "--event", "note.taken"], []),
        (["--newer-than", "1h"], [one, two, three]),
        (["--older-than", "1h"], []),
        (["--newer-than", "2999-01-01"], []),
        (["--limit", "2"], [one, two]),
    ):
        assert ids(framework, *filters) == found, filters
    assert framework("dlq", "list", "--limit", "2") == 0
    assert "These are the oldest 2; see more with --limit" in framework.out


@pytest.mark.parametrize("arguments", [["--older-than", "soon"], ["--limit", "0"], ["--limit", "-3"]])
def test_what_is_no_filter_is_told(
    framework: Commands, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        framework("dlq", "list", *arguments)
    assert ended.value.code == 2
    assert repr(arguments[1]) in capsys.readouterr().err


def test_one_is_shown_whole(framework: Commands, give_up: GiveUp) -> None:
    traceback = 'Traceback\n  File "x.py", line 1\nLookupError: \x1b[31mred'
    id_ = give_up(Note(id=7, text="Привет"), traceback=traceback, trace_id="0af7", subject="7")
    assert framework("dlq", "show", id_) == 0
    for words in (
        f"Dead letter {id_} of archive\n",
        "  operation     notes.keep\n",
        "  error         LookupError: no such shelf\n",
        "  failed        2026-01-31 12:00:36 UTC, ",
        "  first failed  2026-01-31 12:00:00 UTC\n",
        "  deliveries    4, of them 0 ended by a crash\n",
        "  redrives      0\n",
        "  trace         0af7\n",
        "\nEnvelope\n  id: ",
        '\nPayload\n  {\n    "id": 7,\n    "text": "Привет"\n  }\n',
        '\nTraceback\n  Traceback\n    File "x.py", line 1\n',
    ):
        assert words in framework.out, words
    assert "\x1b" not in framework.out
    assert framework("dlq", "show", id_, "--format", "json") == 0
    shown = json.loads(framework.out)
    assert (shown["payload"], shown["original_id"]) == ({"id": 7, "text": "Привет"}, "1-1")
    assert (shown["error"], shown["failed_at"]) == ("no such shelf", "2026-01-31T12:00:36+00:00")


def test_what_cannot_be_read_is_shown_too(framework: Commands, ask: Ask) -> None:
    id_ = ask("XADD", "shop:event_dlq:archive", "*", "message.foo", b"\xff", "error", "no event").decode()
    assert framework("dlq", "show", id_) == 0
    assert '"foo": "\\\\xff"' in framework.out
    assert framework("dlq", "list") == 0


def test_chosen_ones_are_sent_again(framework: Commands, give_up: GiveUp, ask: Ask) -> None:
    one, two, three = (give_up(Note(id=i)) for i in range(3))
    four = give_up(Note(id=4), "press")
    assert framework("dlq", "reprocess", one, four, "--dry-run") == 0
    assert "2 dead letters would be sent again." in framework.out
    assert framework("dlq", "reprocess", one, three, four) == 0
    assert framework.out.splitlines() == [
        "2 dead letters sent again to archive. Nobody of archive runs at the moment: "
        "handled as soon as somebody does.",
        "1 dead letter sent again to press. Nobody of press runs at the moment: "
        "handled as soon as somebody does.",
    ]
    assert ids(framework) == [two]
    assert ask("XLEN", "shop:event_redrive:archive") == 2
    assert ask("XLEN", "shop:event_redrive:press") == 1


def test_many_are_sent_again_by_a_filter_with_a_yes(framework: Commands, give_up: GiveUp) -> None:
    for number in range(250):
        give_up(Note(id=number), error="ink" if number % 2 else "paper")
    assert framework("dlq", "reprocess", "--error", "ink") == 1
    assert framework.err == (
        "125 dead letters would be sent again: add --yes to do it, or --dry-run to see them.\n"
    )
    assert framework("dlq", "reprocess", "--error", "ink", "--dry-run", "--yes") == 0
    assert len(ids(framework, "--limit", "999")) == 250
    assert framework("dlq", "reprocess", "--error", "ink", "--yes", "--limit", "25") == 0
    assert framework.out.startswith("25 dead letters sent again to archive.")
    assert framework("dlq", "reprocess", "--all", "--yes") == 0
    assert framework.out.startswith("225 dead letters sent again to archive.")
    assert framework("dlq", "reprocess", "--all") == 0
    assert framework.out == "No dead letter fits; nothing is sent.\n"


def test_it_is_known_whether_the_service_runs(framework: Commands, give_up: GiveUp, ask: Ask) -> None:
    ask("XGROUP", "CREATE", "shop:event_redrive:archive", "archive", "0", "MKSTREAM")
    ask("XGROUP", "CREATECONSUMER", "shop:event_redrive:archive", "archive", "host-1")
    assert framework("dlq", "reprocess", give_up(Note(id=1))) == 0
    assert framework.out == "1 dead letter sent again to archive.\n"


def test_they_are_discarded_for_a_reason(framework: Commands, give_up: GiveUp) -> None:
    one, two = give_up(Note(id=1)), give_up(Note(id=2))
    with pytest.raises(SystemExit):
        framework("dlq", "discard", one)
    assert framework("dlq", "discard", one, "--reason", "a test of mine") == 0
    assert framework.out == f"Discarded {one} of archive (note.taken): a test of mine\n"
    assert ids(framework) == [two]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["show", "1-1"], "There is no dead letter 1-1: `make dlq` lists those that there are."),
        (["show", "nonsense"], "There is no dead letter nonsense"),
        (["reprocess", "ID", "2-2"], "There is no dead letter 2-2"),
        (["discard", "ID", "2-2", "--reason", "x"], "There is no dead letter 2-2"),
        (["list", "--service", "archiv"], "There is no service 'archiv'; did you mean 'archive'?"),
        (["list", "--service", "zzz"], "There is no service 'zzz'"),
        (["reprocess"], "Say which: by their ids, by a filter such as --event, or --all."),
        (["reprocess", "--yes"], "Say which"),
        (["reprocess", "ID", "--all"], "Name ids, or a filter, but not both."),
    ],
    ids=str,
)
def test_what_is_not_there_is_told_in_one_line_and_nothing_is_done(
    framework: Commands, give_up: GiveUp, arguments: list[str], told: str
) -> None:
    id_ = give_up(Note(id=1))
    assert framework("dlq", *(id_ if argument == "ID" else argument for argument in arguments)) == 1
    (line,) = framework.err.splitlines()
    assert line.startswith(told)
    assert ids(framework) == [id_]


def test_the_same_id_in_two_services_needs_the_service(framework: Commands, ask: Ask) -> None:
    for service in ("archive", "press"):
        ask("XADD", f"shop:event_dlq:{service}", "5-5", "error", service)
    assert framework("dlq", "show", "5-5") == 1
    assert framework.err == "There is a dead letter 5-5 of archive and press: add --service.\n"
    assert framework("dlq", "discard", "5-5", "--service", "press", "--reason", "x") == 0
    assert framework("dlq", "show", "5-5") == 0


def test_letters_of_a_service_that_is_gone_are_found(framework: Commands, give_up: GiveUp) -> None:
    id_ = give_up(Note(id=1), "burnt_down")
    assert ids(framework) == ids(framework, "--service", "burnt_down") == [id_]


def test_without_redis_the_cure_is_told(
    framework: Commands, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://user:secret@127.0.0.1:{NOBODY}/0")
    assert framework("dlq", "list") == 1
    (line,) = framework.err.splitlines()
    assert line.startswith(f"No Redis answers at 127.0.0.1:{NOBODY} (")
    assert line.endswith("): start it, or correct REDIS_URL in .env or the environment")
    assert "secret" not in line
    monkeypatch.setenv("REDIS_URL", "http://somewhere")
    assert framework("dlq", "list") == 1
    assert framework.err.startswith("REDIS_URL is not the address of a Redis.")
    monkeypatch.setenv("REDIS_URL", "")
    assert framework("dlq", "list") == 1
    assert framework.err == (
        "There is no Redis to ask: start `make dev`, or set REDIS_URL in .env or the environment\n"
    )
    (project / ".dev/redis").mkdir(parents=True)
    (project / ".dev/redis" / ADDRESS).write_text(f"redis://127.0.0.1:{NOBODY}/0")
    assert framework("dlq", "list") == 1
    assert framework.err.endswith("): start `make dev` again\n")


def test_the_redis_of_make_dev_is_found(
    framework: Commands, project: Path, redis_url: str, give_up: GiveUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = give_up(Note(id=1))
    monkeypatch.delenv("REDIS_URL")
    (project / ".dev/redis").mkdir(parents=True)
    (project / ".dev/redis" / ADDRESS).write_text(redis_url)
    assert ids(framework) == [id_]


def test_outside_a_project_the_cure_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    framework = Commands(tmp_path, capsys)
    assert framework("dlq", "list") == 1
    assert framework.err.startswith("services.yml cannot be read: run this in the project's folder")


def test_mistakes_in_other_specs_are_no_reason_to_refuse(
    framework: Commands, project: Path, give_up: GiveUp
) -> None:
    (project / "shared/spec").mkdir(parents=True)
    (project / "shared/spec/events.yaml").write_text("events: {note.taken: {massage: Note}}\n")
    assert ids(framework) == [] == ids(framework, "--service", "press")
    assert [give_up(Note(id=1))] == ids(framework)


def test_a_table_ends_where_the_terminal_does(
    framework: Commands, give_up: GiveUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_up(Note(id=1), error="e" * 300)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "100")
    assert framework("dlq", "list") == 0
    line = framework.out.splitlines()[1]
    assert len(line) == 100
    assert line.endswith("eee…")


@pytest.fixture
def limited(ask: Ask, redis_url: str) -> Iterator[str]:
    """The URL of a user who may hardly do anything."""
    ask("ACL", "SETUSER", "limited", "on", ">secret", "~*", "+scan")
    yield redis_url.replace("redis://", "redis://limited:secret@")
    ask("ACL", "DELUSER", "limited")


def test_what_redis_refuses_is_told(
    framework: Commands, give_up: GiveUp, limited: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = give_up(Note(id=1))
    monkeypatch.setenv("REDIS_URL", limited)
    for arguments in (["dlq", "list"], ["dlq", "show", id_], ["groups", "list"]):
        assert framework(*arguments) == 1
        (line,) = framework.err.splitlines()
        assert line.startswith("Redis at 127.0.0.1:")
        assert "permission" in line
        assert "secret" not in line
