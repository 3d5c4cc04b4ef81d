"""What can be used of a file that has mistakes: everything but the parts that are wrong.

So that a mistake in one key of an entry does not hide the others of the same entry, what is wrong is told,
taken out and remembered in the gaps of the file, and the rest is read as if it had never been there. Where
something is missing, the mapping that misses it is taken out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from framework.diagnostics import Diagnostics
from framework.gaps import Loc
from framework.source import Source
from framework.spec.base import Known, Spec

S = TypeVar("S", bound=Spec)


def salvage(
    model: type[S],
    source: Source,
    data: Any,
    stand_ins: Mapping[str, object],
    known: Known,
    diagnostics: Diagnostics,
) -> S | None:
    """Read `data`, the value of `source`, as a `model`, without what is wrong; None if nothing is left.

    `stand_ins` take the place of keys at the top of the file that must be there and are not; `known` is what
    was validated before.
    """
    is_first = True
    while True:
        try:
            return model.model_validate(data, context=known)
        except ValidationError as error:
            errors = error.errors(include_url=False)
        from framework.explain import explain  # by mistakes only

        if is_first:
            data = _own(data)  # the reader's, of which nothing may be taken out
        explain(source, model, errors if is_first else _news(errors), diagnostics)
        wrong = {source.find(item["loc"]) for item in errors} - {()}
        absent = {str(item["loc"][0]) for item in errors if _is_missing_at_top(item)}
        if not isinstance(data, dict) or not wrong | absent:
            return None
        _take_out(source, data, wrong)
        for key in absent:
            source.gaps.note((key,))
            data[key] = stand_ins[key]
        is_first = False


def _own(data: Any) -> Any:
    """A copy in which each value stands by itself: what a file says twice alike, the reader has once."""
    if isinstance(data, dict):
        return {key: _own(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_own(item) for item in data]
    return data


def _news(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """The errors that do not come from something having been taken out."""
    return [item for item in errors if item["type"] != "missing"]


def _is_missing_at_top(item: ErrorDetails) -> bool:
    return item["type"] == "missing" and len(item["loc"]) == 1


def _take_out(source: Source, data: Any, locs: set[Loc]) -> None:
    parts: defaultdict[Loc, set[str | int]] = defaultdict(set)
    for loc in locs:
        source.gaps.note(_named(data, loc))
        parts[loc[:-1]].add(loc[-1])
    # The deepest first: what is taken out of a list moves what stands behind it.
    for parent in sorted(parts, key=len, reverse=True):
        gone = parts[parent]
        holder = _at(data, parent)
        if isinstance(holder, dict):
            for key in gone:
                holder.pop(key, None)
        else:
            holder[:] = [item for index, item in enumerate(holder) if index not in gone]
        source.tree.remove(parent, gone)


def _at(data: Any, loc: Loc) -> Any:
    for part in loc:
        data = data[part]
    return data


def _named(data: Any, loc: Loc) -> Loc:
    """A place that stays true when lists become shorter: their items are known by name, or not at all."""
    named: list[str | int] = []
    for part in loc:
        data = data[part]
        if isinstance(part, str):
            named.append(part)
        elif isinstance(data, dict) and isinstance(data.get("name"), str):
            named.append(data["name"])
        else:
            break
    return tuple(named)
