"""The account in words: a table that is read at a glance, or JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from textwrap import wrap
from typing import Any, Final

from framework.chaos.account import Breach, Promise
from framework.chaos.evidence import Evidence

_SHOWN_IDS: Final = 5
_SHOWN_LINES: Final = 8
_WIDTH: Final = 90


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened, in numbers."""

    requests: int
    answered: int
    """2xx."""
    cut_off: int
    committed: int
    published: int
    published_again: int
    handled: int
    suppressed: int
    """Delivered again and found in the inbox."""
    dead_letters: int
    p50: float
    """Milliseconds from the event to the row in the inbox."""
    p99: float
    hits: Mapping[str, Mapping[str, int]]
    """By victim and blow."""


@dataclass(frozen=True, slots=True)
class Report:
    """All there is to say about a run."""

    database: str
    seed: int
    seconds: float
    drained: float
    """Seconds from the end of the load until everything was settled."""
    figures: Figures
    breaches: Sequence[Breach]
    notes: Sequence[str] = ()
    logs: Sequence[Path] = field(default=())

    @property
    def is_clean(self) -> bool:
        """Whether every promise was kept."""
        return not self.breaches

    def to_json(self) -> str:
        """One line for machines."""
        figures = self.figures
        content: dict[str, Any] = {
            "database": self.database,
            "seed": self.seed,
            "seconds": self.seconds,
            "drain_seconds": round(self.drained, 1),
            **{name: getattr(figures, name) for name in figures.__slots__},
            "breaches": [
                {"promise": breach.promise, "what": breach.what, "ids": list(breach.ids)}
                for breach in self.breaches
            ],
            "notes": list(self.notes),
        }
        return json.dumps(content)

    def to_text(self) -> str:
        """What a person reads."""
        return "\n".join([*self._table(), *self._verdict(), *(f"Note: {note}" for note in self.notes)])

    def _table(self) -> list[str]:
        it = self.figures
        rows = [
            ("requests", f"{it.requests:,}: {it.answered:,} answered 2xx, {it.cut_off:,} cut off"),
            ("committed", f"{it.committed:,} events"),
            ("published", f"{it.published:,}, and {it.published_again:,} once more"),
            ("handled", f"{it.handled:,}, p50 {it.p50:,.0f} ms, p99 {it.p99:,.0f} ms after the commit"),
            ("suppressed", f"{it.suppressed:,} by the inbox"),
            ("dead letters", f"{it.dead_letters:,}"),
            *((f"hit {name}", _in_words(hits)) for name, hits in it.hits.items()),
        ]
        run = f"{self.seconds:g} s on {self.database}, seed {self.seed}"
        title = f"Chaos: {run}, settled after {self.drained:.0f} s"
        width = max(len(name) for name, _ in rows) + 2
        return [title, *(f"  {name:<{width}}{value}" for name, value in rows)]

    def _verdict(self) -> list[str]:
        broken = Counter[Promise]()
        for breach in self.breaches:
            broken[breach.promise] += max(len(breach.ids), 1)
        counts = ", ".join(f"{promise} {broken[promise]}" for promise in Promise)
        lines = wrap(counts, _WIDTH, initial_indent="  ", subsequent_indent="  ")
        if self.is_clean:
            return [*lines, "Nothing was lost, nothing was applied twice."]
        for breach in self.breaches:
            shown = list(breach.ids[:_SHOWN_IDS])
            more = f" and {len(breach.ids) - len(shown)} more" if len(breach.ids) > len(shown) else ""
            lines.append(f"BROKEN {breach.promise}: {breach.what}: {', '.join(shown)}{more}")
        return [*lines, *self._ends_of_logs()]

    def _ends_of_logs(self) -> list[str]:
        lines: list[str] = []
        for log in self.logs:
            text = log.read_text(errors="replace").splitlines() if log.exists() else []
            lines += [f"--- {log}", *text[-_SHOWN_LINES:]]
        return lines


def _in_words(hits: Mapping[str, int]) -> str:
    return ", ".join(f"{blow} {times}" for blow, times in sorted(hits.items())) or "never"


def figures_of(evidence: Evidence, suppressed: int, hits: Mapping[str, Mapping[str, int]]) -> Figures:
    """Count."""
    statuses = evidence.answers.statuses
    published = [event.id for events in evidence.streams.values() for event in events]
    handled = {key: at for inbox in evidence.inboxes.values() for key, at in inbox.items()}
    latencies = sorted(
        (at - event.created_at).total_seconds() * 1000
        for (_, _, id_), at in handled.items()
        if (event := evidence.committed.get(id_))
    )
    cuts = quantiles(latencies, n=100) if len(latencies) > 1 else [0.0] * 99
    return Figures(
        requests=sum(statuses.values()),
        answered=sum(times for (_, status), times in statuses.items() if status.startswith("2")),
        cut_off=sum(times for (_, status), times in statuses.items() if not status.isdecimal()),
        committed=len(evidence.committed),
        published=len(set(published)),
        published_again=len(published) - len(set(published)),
        handled=len(handled),
        suppressed=suppressed,
        dead_letters=len(evidence.letters),
        p50=round(cuts[49], 1),
        p99=round(cuts[98], 1),
        hits=hits,
    )
