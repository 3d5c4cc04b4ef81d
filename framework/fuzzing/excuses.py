"""What a document cannot say, and what is therefore no fault of the service that does it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from framework.fuzzing.findings import Finding
from framework.runtime.problems import MEDIA_TYPE

_BEYOND_SCHEMAS: Final = frozenset(
    {
        # JSON Schema has no digits of a number, and no dates that do not exist.
        *("decimal_max_digits", "decimal_whole_digits", "decimal_max_places"),
        *("date_from_datetime_parsing", "date_parsing", "datetime_from_date_parsing", "datetime_parsing"),
        *("time_parsing", "time_delta_parsing", "timezone_aware"),
        # A `format` is a hint: these read it in their own way.
        *("date_format", "datetime_format", "time_format", "duration_format"),
        *("url_parsing", "url_syntax_violation", "url_too_long", "uuid_parsing", "bytes_invalid_encoding"),
        # Ours: no e-mail address, no text that a database stores, no cursor of this list.
        *("value_error", "cursor"),
    }
)
"""Kinds of errors of Pydantic that no document announces."""

_LIMITS: Final = frozenset(
    {"greater_than", "greater_than_equal", "less_than", "less_than_equal", "multiple_of"}
)
_UNKNOWN_EXTRA: Final = re.compile(r"in (query|header|cookie)s? - object with unexpected properties")


def is_excused(finding: Finding, document: Mapping[str, Any]) -> bool:
    """Whether the service is right all the same; `document` is its OpenAPI document."""
    excuse = _EXCUSES.get(finding.check)
    return excuse is not None and excuse(finding, document)


def _refuses_what_no_schema_says(finding: Finding, _: Mapping[str, Any]) -> bool:
    """A refusal that the operation announces, or one for a reason that only words could announce."""
    exchange = finding.exchange
    if exchange.answer_headers.get("content-type") == MEDIA_TYPE:
        return exchange.status != HTTPStatus.BAD_REQUEST
    try:
        errors = json.loads(exchange.answer)["detail"]
        return bool(errors) and all(_is_beyond_schemas(error) for error in errors)
    except (ValueError, KeyError, TypeError):
        return False


def _is_beyond_schemas(error: Mapping[str, Any]) -> bool:
    if error["type"] in _LIMITS:  # of a number that was sent as text
        return isinstance(error["input"], str) and error["loc"][0] == "body"
    return error["type"] in _BEYOND_SCHEMAS


def _is_only_unknown(finding: Finding, _: Mapping[str, Any]) -> bool:
    """What nobody asks for is not looked at: a proxy may add parameters and cookies of its own."""
    return bool(_UNKNOWN_EXTRA.search(finding.message))


def _belongs_to_another(finding: Finding, document: Mapping[str, Any]) -> bool:
    """The address is also one of another path: `/users/count` is `/users/{user_id}`, for its methods."""
    if "Missing documented methods" in finding.message:
        return False
    method = finding.exchange.method.lower()
    own = finding.operation.partition(" ")[2]
    return any(
        path != own and _matches(path, finding.exchange.path) and (method in methods or method == "options")
        for path, methods in document["paths"].items()
    )


def _matches(template: str, path: str) -> bool:
    pattern = re.sub(r"\\\{[^/]*?\\\}", "[^/]*", re.escape(template))
    return re.fullmatch(pattern, path) is not None


_EXCUSES: Final[Mapping[str, Callable[[Finding, Mapping[str, Any]], bool]]] = {
    "positive_data_acceptance": _refuses_what_no_schema_says,
    "negative_data_rejection": _is_only_unknown,
    "unsupported_method": _belongs_to_another,
    "allow_header_conformance": _belongs_to_another,
}
