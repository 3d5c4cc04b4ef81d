"""What schemathesis found, read from its events."""

from __future__ import annotations

import base64
import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

_BORING: Final = frozenset(
    {"accept", "accept-encoding", "connection", "content-length", "host", "transfer-encoding", "user-agent"}
)
"""Headers that curl sends by itself, or that change nothing."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, and what it was answered."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes
    status: int
    answer_headers: Mapping[str, str]
    answer: bytes

    @property
    def path(self) -> str:
        """The path of the request, as it was sent."""
        return urlsplit(self.url).path

    def curl(self, address: str) -> str:
        """The command that sends the same request to a service at `address`."""
        parts = urlsplit(self.url)
        query = f"?{parts.query}" if parts.query else ""
        words = ["curl", "-i", *([] if self.method == "GET" else ["-X", self.method])]
        for name, value in self.headers.items():
            if name.lower() not in _BORING:
                # Curl leaves a header out that has nothing behind its colon.
                words += ["-H", f"{name}: {value}" if value else f"{name};"]
        if self.body:
            words += ["--data-binary", self.body.decode("utf-8", "surrogateescape")]
        return " ".join(_quoted(word) for word in [*words, f"{address}{parts.path}{query}"])


def _quoted(word: str) -> str:
    """For a shell; bytes that no terminal shows are spelled out, as bash and zsh read them."""
    if word.isprintable():
        return shlex.quote(word)
    return f"$'{''.join(_spelled(character) for character in word)}'"


def _spelled(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if character.isprintable():
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))


@dataclass(frozen=True, slots=True)
class Finding:
    """A check that failed on an exchange."""

    check: str
    """Its name in schemathesis: `not_a_server_error`."""
    operation: str
    """What was to be asked: `POST /users`."""
    title: str
    message: str
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Found:
    """All that a run tells."""

    cases: int
    """How many requests were sent."""
    findings: tuple[Finding, ...]
    troubles: tuple[str, ...]
    """Why something could not be asked at all."""


def read_events(path: Path) -> Found:
    """Read the events that schemathesis wrote."""
    cases, findings, troubles = 0, list[Finding](), list[str]()
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            ((kind, event),) = json.loads(line).items()
            if kind == "ScenarioFinished" and event.get("recorder"):
                cases += len(event["recorder"].get("interactions", ()))
                findings += _failures(event["recorder"])
            elif kind in {"NonFatalError", "FatalError"}:
                troubles.append(_trouble(event))
    return Found(cases, tuple(findings), tuple(troubles))


def _failures(recorder: Mapping[str, Any]) -> Iterator[Finding]:
    for case, checks in recorder.get("checks", {}).items():
        for check in checks:
            interaction = recorder.get("interactions", {}).get(case)
            if check["status"] != "failure" or not interaction or not interaction.get("response"):
                continue
            failure = check["failure_info"]["failure"]
            yield Finding(
                check=check["name"],
                operation=failure.get("operation") or recorder["label"],
                title=failure["title"],
                message=failure["message"],
                exchange=_exchange(interaction),
            )


def _exchange(interaction: Mapping[str, Any]) -> Exchange:
    request, response = interaction["request"], interaction["response"]
    return Exchange(
        method=request["method"],
        url=request["uri"],
        headers=_first(request.get("headers", {})),
        body=_bytes(request.get("body")),
        status=response["status_code"],
        answer_headers={name.lower(): value for name, value in _first(response.get("headers", {})).items()},
        answer=_bytes(response.get("content")),
    )


def _first(headers: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in headers.items() if values}


def _bytes(content: Any) -> bytes:
    return base64.b64decode(content["$base64"]) if content else b""


def _trouble(event: Mapping[str, Any]) -> str:
    label = event.get("label")
    info = event.get("info") or event.get("exception") or event
    words = info.get("message") or info.get("title") if isinstance(info, dict) else info
    return f"{label}: {words}" if label else str(words)
