"""The report: what a person reads, what a machine reads."""

import json
from pathlib import Path

from framework.chaos.account import Breach, Promise
from framework.chaos.report import Figures, Report

FIGURES = Figures(
    requests=644,
    answered=299,
    cut_off=257,
    committed=1787,
    published=1787,
    published_again=1,
    handled=735,
    suppressed=1,
    dead_letters=2,
    p50=68.4,
    p99=3907.0,
    hits={"backend-1": {"stop": 1, "kill": 2}, "redis": {}},
)
LOST = Breach(Promise.LOST, "billing.charge, never handled", [f"e{number}" for number in range(7)])


def report(*breaches: Breach, logs: tuple[Path, ...] = ()) -> Report:
    return Report("PostgreSQL", 7, 25.0, 1.4, FIGURES, breaches, logs=logs)


def test_a_clean_run_is_read_at_a_glance() -> None:
    assert report().to_text() == (
        "Chaos: 25 s on PostgreSQL, seed 7, settled after 1 s\n"
        "  requests       644: 299 answered 2xx, 257 cut off\n"
        "  committed      1,787 events\n"
        "  published      1,787, and 1 once more\n"
        "  handled        735, p50 68 ms, p99 3,907 ms after the commit\n"
        "  suppressed     1 by the inbox\n"
        "  dead letters   2\n"
        "  hit backend-1  kill 2, stop 1\n"
        "  hit redis      never\n"
        "  lost 0, ghost events 0, applied twice 0, 2xx without its event 0, out of order 0, poison\n"
        "  not once in the dead letters 0, healthy in the dead letters 0, never settled 0, ended by\n"
        "  itself 0\n"
        "Nothing was lost, nothing was applied twice."
    )


def test_a_broken_promise_shows_the_first_events_and_the_ends_of_the_logs(tmp_path: Path) -> None:
    log = tmp_path / "billing-1.0.log"
    log.write_text("".join(f"line {number}\n" for number in range(20)))

    text = report(LOST, logs=(log,)).to_text()

    assert "lost 7, ghost events 0" in text
    assert "BROKEN lost: billing.charge, never handled: e0, e1, e2, e3, e4 and 2 more" in text
    assert text.endswith(f"--- {log}\n" + "\n".join(f"line {number}" for number in range(12, 20)))
    assert "Nothing was lost" not in text


def test_machines_are_told_everything() -> None:
    told = json.loads(report(LOST).to_json())

    assert (told["seed"], told["committed"], told["p50"]) == (7, 1787, 68.4)
    assert told["breaches"] == [
        {"promise": "lost", "what": "billing.charge, never handled", "ids": list(LOST.ids)}
    ]
