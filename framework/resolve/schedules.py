"""Schedules: when the clock calls an operation, and whether it can."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from framework.diagnostics import Place
from framework.resolve.scope import Scope
from framework.resolve.site import Site
from framework.source import Spot
from framework.system import Param, ParamSource, ScheduleBinding, Schema
from framework.types import DictType, ListType, SchemaType, Type

if TYPE_CHECKING:
    from framework.spec.operations import ScheduleConfig

_FIELDS: Final[Mapping[str, str]] = {
    "minute": "0 to 59",
    "hour": "0 to 23",
    "day of month": "1 to 31, or L for the last",
    "month": "1 to 12, or JAN to DEC",
    "day of week": "0 to 7, from Sunday to Sunday, or SUN to SAT",
}
"""The fields of a cron expression, and their values."""
_NICKNAMES: Final[Mapping[str, str]] = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_SOME_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)


def resolve_schedule(
    site: Site,
    input_: Type | None,
    params: tuple[Param, ...],
    schemas: Mapping[str, Schema],
    scope: Scope,
) -> ScheduleBinding | None:
    """The schedule of an operation; None, with diagnostics, if it has none that can be kept."""
    spec = site.spec.schedule
    if spec is None:
        return None
    spot = site.spot / "schedule"
    _check_input(site, input_, schemas, scope)
    _check_params(site, params, scope)
    if spec.timezone is not None:
        _check_timezone(spec, spec.timezone, spot, scope)
    if spec.cron is not None and spec.every is not None:
        message = "a schedule has either cron or every"
        related = (spot / "cron").key
        scope.diagnostics.add("bad-schedule", (spot / "every").key, message, related=related, note="cron")
    elif spec.every is not None:
        return ScheduleBinding(spec.every)
    elif spec.cron is not None:
        if _check_cron(spec.cron, spot / "cron", scope):
            return ScheduleBinding(" ".join(spec.cron.split()), spec.timezone or "UTC")
    elif not (spot.may_have("cron") or spot.may_have("every")):
        hint = 'write {cron: "0 3 * * *"} or {every: 30s}'
        scope.diagnostics.add("bad-schedule", spot.key, "a schedule without times", hint=hint)
    return None


def _check_timezone(spec: ScheduleConfig, name: str, spot: Spot, scope: Scope) -> None:
    if spec.every is not None and spec.cron is None:
        message = "a time zone says nothing about every, which counts in real time"
        hint = "remove it, or say the times of the day with cron"
        scope.diagnostics.add("bad-schedule", (spot / "timezone").key, message, hint=hint)
    elif name not in _timezones():
        hint = scope.diagnostics.did_you_mean(name, _timezones()) or "zones are named like Europe/Berlin"
        place = (spot / "timezone").place
        scope.diagnostics.add("unknown-timezone", place, f"no time zone {name!r}", hint=hint)


@cache
def _timezones() -> Set[str]:
    """The names of all time zones here, for which a folder of six hundred files is looked through."""
    from zoneinfo import available_timezones

    return available_timezones()


def _check_cron(text: str, spot: Spot, scope: Scope) -> bool:
    """Whether it is a cron expression that ever comes true; if not, that is told."""
    found = list(re.finditer(r"\S+", text))
    if len(found) != len(_FIELDS):
        message = f"a cron expression has five fields ({', '.join(_FIELDS)}), and this one has {len(found)}"
        nickname = _NICKNAMES.get(text.strip().lower())
        hint = (
            f'write "{nickname}"' if nickname else "for seconds write every: 30s" if len(found) == 6 else ""
        )
        scope.diagnostics.add("bad-schedule", spot.place, message, hint=hint)
        return False
    wrong = False
    for index, (field, values) in enumerate(_FIELDS.items()):
        alone = ["*"] * len(_FIELDS)
        alone[index] = found[index][0]
        if not _comes_true(" ".join(alone)):
            place: Place = spot.within(*found[index].span())
            message = f"{found[index][0]!r} is no {field}"
            scope.diagnostics.add("bad-schedule", place, message, hint=f"values are {values}")
            wrong = True
    if not wrong and not _comes_true(text):
        scope.diagnostics.add("bad-schedule", spot.place, "there is no such day in any year")
        wrong = True
    return not wrong


def _comes_true(expression: str) -> bool:
    from cronsim import CronSim, CronSimError  # few specs need it

    try:
        return next(CronSim(expression, _SOME_DAY), None) is not None
    except (CronSimError, AssertionError, TypeError, ValueError):
        return False  # the last three are slips of the library over steps of special days


def _check_input(site: Site, input_: Type | None, schemas: Mapping[str, Schema], scope: Scope) -> None:
    needs = ""
    match input_:
        case SchemaType(name):
            fields = schemas[name].fields if name in schemas else ()
            unread = {field for model, field in scope.unread if fields and model == schemas[name].model}
            names = [repr(field.name) for field in fields if field.required and field.name not in unread]
            needs = f"{name} needs {', '.join(names)}" if names else ""
        case ListType() | DictType():
            needs = f"{site.spec.input} has no default"
    if needs:
        message = f"the clock brings no input, and {needs}"
        hint = "take parameters with defaults, or a model whose fields all have one"
        place, related = (site.spot / "schedule").key, (site.spot / "input").place
        scope.diagnostics.add("unfilled-input", place, message, hint=hint, related=related, note="the input")


def _check_params(site: Site, params: tuple[Param, ...], scope: Scope) -> None:
    for param in params:
        if param.required and not site.spot.may_have("params"):
            message = f"the clock brings no value for the parameter {param.name!r}"
            related = site.param_spot(param.name).place
            place = (site.spot / "schedule").key
            is_in_path = param.source is ParamSource.PATH
            hint = "schedule another operation" if is_in_path else "give it a default"
            scope.diagnostics.add(
                "unfilled-param", place, message, hint=hint, related=related, note="the parameter"
            )
