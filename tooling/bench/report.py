"""What a benchmark found: a table for people, JSON for machines, and the bars with whether each holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True)
class Bar:
    """What was promised: a figure and its limit, which it may not pass; or may not fall below, `at_least`."""

    promise: str
    figure: float
    limit: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit


@dataclass(frozen=True, slots=True)
class Part:
    """Rows and bars of a report that is put together of several parts."""

    rows: Sequence[Sequence[str]]
    bars: Sequence[Bar]
    notes: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Report:
    """A table and the bars. Figures are seconds and mebibytes unless a heading says otherwise."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    bars: Sequence[Bar]
    notes: Sequence[str] = field(default=())

    @property
    def holds(self) -> bool:
        """Whether every bar does."""
        return all(bar.holds for bar in self.bars)

    def json(self) -> str:
        """Everything, for machines."""
        bars = [{**asdict(bar), "holds": bar.holds} for bar in self.bars]
        rows = [dict(zip(self.headings, row, strict=True)) for row in self.rows]
        return json.dumps({"rows": rows, "bars": bars, "holds": self.holds}, indent=2)

    def markdown(self) -> str:
        """Everything, for people, as it stands in a README."""
        bars = [
            (bar.promise, f"{bar.figure:.2f}", f"{'≥' if bar.at_least else '≤'} {bar.limit:g}", _word(bar))
            for bar in self.bars
        ]
        tables = [_table(self.headings, self.rows), _table(("promise", "measured", "bar", ""), bars)]
        return "\n\n".join([*tables, *self.notes])


def _word(bar: Bar) -> str:
    return "holds" if bar.holds else "**fails**"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
