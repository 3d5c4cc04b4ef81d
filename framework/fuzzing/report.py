"""An examination in words, with the commands that repeat what was found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, Final

from framework.fuzzing.examination import Examination
from framework.fuzzing.findings import Finding

_LONGEST: Final = 300
"""Characters of what schemathesis says, which may hold a whole document."""

ErrorOf = Callable[[Finding], str | None]
"""Knows from the log what a request ended with."""


def lines_of(examination: Examination, address: str, error_of: ErrorOf) -> Iterator[str]:
    """What was found in one service, which `make dev` serves at `address`."""
    for finding in examination.findings:
        yield f"{examination.service}: {_words(finding)}"
        if finding.exchange.status >= HTTPStatus.INTERNAL_SERVER_ERROR and (error := error_of(finding)):
            yield f"    {error}"
        yield f"    {finding.exchange.curl(address)}"
        yield ""
    for trouble in examination.troubles:
        yield f"{examination.service}: could not be asked: {trouble}"


def summary_of(examination: Examination) -> str:
    """The same in one line."""
    count = len(examination.findings) + len(examination.troubles)
    result = f"{count} fault{'s' if count > 1 else ''}" if count else "no fault"
    return (
        f"{examination.service}: {examination.operations} operations, {examination.cases} requests, {result}"
    )


def _words(finding: Finding) -> str:
    exchange = finding.exchange
    tell = _WORDS.get(finding.check)
    said = tell(finding) if tell else f"{finding.title}: {_cut(finding.message)}"
    return f"{exchange.method} {finding.operation.partition(' ')[2]} {said}"


def _cut(message: str) -> str:
    line = " ".join(message.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"


def _refusal(finding: Finding) -> str:
    """Why a request was refused, as the answer says."""
    try:
        detail: Any = json.loads(finding.exchange.answer)["detail"]
        return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in detail[:3])
    except (ValueError, KeyError, TypeError):
        return finding.exchange.answer.decode("utf-8", "replace")[:_LONGEST]


def _component(finding: Finding) -> str:
    """What was wrong with a request that was taken."""
    mark = "Invalid component: "
    return next((line.removeprefix(mark) for line in finding.message.splitlines() if mark in line), "")


_WORDS: Final[Mapping[str, Callable[[Finding], str]]] = {
    "not_a_server_error": lambda finding: f"failed with {finding.exchange.status}",
    "status_code_conformance": lambda finding: (
        f"was answered {finding.exchange.status}, which the OpenAPI document does not know"
    ),
    "response_schema_conformance": lambda finding: (
        f"was answered what the OpenAPI document does not say: {_cut(finding.message)}"
    ),
    "positive_data_acceptance": lambda finding: (
        f"refused with {finding.exchange.status} what the OpenAPI document allows: {_refusal(finding)}"
    ),
    "negative_data_rejection": lambda finding: (
        f"took with {finding.exchange.status} what the OpenAPI document forbids: {_component(finding)}"
    ),
    "missing_required_header": lambda finding: (
        f"took with {finding.exchange.status} a request without a header that it requires"
    ),
    "unsupported_method": lambda finding: (
        f"was answered {finding.exchange.status}: no operation has this method, so 405 is right"
    ),
}
