"""What is told of a fault, and what is none."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from framework.fuzzing.excuses import is_excused
from framework.fuzzing.findings import Exchange, Finding
from framework.fuzzing.log import error_of

DOCUMENT: dict[str, Any] = {
    "paths": {"/users/{id}": {"get": {}, "put": {}}, "/users/count": {"get": {}}, "/users": {"post": {}}}
}


def exchange(**parts: object) -> Exchange:
    plain = {"method": "GET", "url": "http://127.0.0.1:1/users", "headers": {}, "body": b"", "status": 200}
    return Exchange(**{**plain, "answer_headers": {}, "answer": b"", **parts})  # type: ignore[arg-type]


def finding(check: str, operation: str = "GET /users", message: str = "", **parts: object) -> Finding:
    return Finding(check, operation, "", message, exchange(**parts))


@pytest.mark.parametrize("body", [b'{"a": "it\'s"}', "ü\n\x07".encode(), b"\xff\x01'\\"])
def test_a_shell_sends_what_was_sent(tmp_path: Path, body: bytes) -> None:
    told = exchange(method="POST", url="http://127.0.0.1:1/users?a=%20b", body=body, headers={"X": ""}).curl(
        "http://x"
    )

    script = f"curl() {{ printf '%s\\0' \"$@\"; }}\n{told}\n".encode("utf-8", "surrogateescape")
    words = subprocess.run(["bash", "-c", script], capture_output=True, check=True).stdout.split(b"\0")

    assert words[:-1] == [
        b"-i",
        b"-X",
        b"POST",
        b"-H",
        b"X;",
        b"--data-binary",
        body,
        b"http://x/users?a=%20b",
    ]


def refusal(*kinds: str, given: object = 1) -> bytes:
    errors = [{"type": kind, "loc": ["body", "a"], "input": given, "msg": ""} for kind in kinds]
    return json.dumps({"detail": errors}).encode()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (finding("not_a_server_error", status=500), False),
        (finding("positive_data_acceptance", status=422, answer=refusal("missing")), False),
        (finding("positive_data_acceptance", status=422, answer=refusal("decimal_max_digits")), True),
        (
            finding("positive_data_acceptance", status=422, answer=refusal("decimal_max_digits", "missing")),
            False,
        ),
        (finding("positive_data_acceptance", status=422, answer=refusal("greater_than", given="1.5")), True),
        (finding("positive_data_acceptance", status=422, answer=refusal("greater_than", given=1.5)), False),
        (
            finding(
                "positive_data_acceptance",
                status=409,
                answer_headers={"content-type": "application/problem+json"},
            ),
            True,
        ),
        (finding("negative_data_rejection", message="in cookie - object with unexpected properties"), True),
        (finding("negative_data_rejection", message="in body - object with unexpected properties"), False),
        (finding("unsupported_method", "GET /users/count", method="PUT", url="http://x/users/count"), True),
        (
            finding("unsupported_method", "GET /users/count", method="DELETE", url="http://x/users/count"),
            False,
        ),
        (finding("unsupported_method", "POST /users", method="PUT", url="http://x/users"), False),
    ],
)
def test_what_is_no_fault(given: Finding, expected: bool) -> None:
    assert is_excused(given, DOCUMENT) is expected


def test_the_log_tells_the_error_of_a_request(tmp_path: Path) -> None:
    log = tmp_path / "backend.log"
    log.write_text(
        "2026-01-01T00:00:00.000Z ERROR   backend request=one uvicorn.error: Exception in ASGI application\n"
        "Traceback (most recent call last):\n"
        f'  File "{tmp_path}/services/backend/src/controllers/users.py", line 7, in get\n'
        "    _ = rows[0]\n"
        f'  File "{tmp_path}/.venv/lib/rows.py", line 1, in __getitem__\n'
        "LookupError: no rows\n"
        "2026-01-01T00:00:01.000Z ERROR   backend request=two uvicorn.error: Exception in ASGI application\n"
        "KeyError: 1\n"
    )

    assert (
        error_of(log, tmp_path, "one") == "LookupError: no rows (services/backend/src/controllers/users.py:7)"
    )
    assert error_of(log, tmp_path, "two") == "KeyError: 1"
    assert error_of(log, tmp_path, "three") is None
