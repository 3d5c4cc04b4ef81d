"""Exceptions that a person makes in the code: `# framework: allow[hand-written-model] the bank's format`."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from framework.catalogue import CATALOGUE
from framework.diagnostics import Diagnostics, Place, did_you_mean
from framework.lint.modules import Code, Module

ALLOWABLE = frozenset(
    {
        "foreign-import",
        "hand-written-error",
        "hand-written-model",
        "hand-written-route",
        "leftover-controller",
        "missing-method",
        "not-async",
        "renamed-method",
        "undeclared-error",
        "wrong-annotation",
        "wrong-parameters",
    }
)
"""What a person may have a reason for."""

_MARK = "framework:"
_COMMENT = re.compile(r"#\s*framework:\s*allow\s*(?:\[(?P<codes>[^\]]*)\])?\s*(?P<reason>.*)")


@dataclass(frozen=True, slots=True)
class _Allowance:
    """A comment that lets one code pass on one line."""

    place: Place
    code: str
    line: int
    has_reason: bool


def check_allowances(code: Code, found: Diagnostics, diagnostics: Diagnostics) -> None:
    """Add what was found to `diagnostics`, except what comments allow; and what is wrong with those."""
    allowances = [allowance for module in code for allowance in _allowances(module)]
    by_target = {(each.place.path, each.line, each.code): each for each in allowances}
    used: set[_Allowance] = set()
    for each in found:
        allowance = by_target.get((each.place.path, each.place.line, each.code))
        if allowance:
            used.add(allowance)
        else:
            diagnostics.add(
                each.code,
                each.place,
                each.message,
                hint=each.hint,
                related=each.related,
                note=each.note,
                paste=each.paste,
            )
    for allowance in allowances:
        _check(allowance, allowance in used, diagnostics)


def _check(allowance: _Allowance, is_used: bool, diagnostics: Diagnostics) -> None:
    code, place = allowance.code, allowance.place
    if code not in ALLOWABLE:
        hint = did_you_mean(code, ALLOWABLE) or "write `# framework: allow[<code>] <reason>`"
        diagnostics.add("bad-allow", place, _refusal(code), hint=hint)
    elif not allowance.has_reason:
        diagnostics.add("bad-allow", place, "an exception needs its reason", hint="write it behind the `]`")
    elif not is_used:
        message = f"nothing here is {code!r} any more"
        diagnostics.add("unused-allow", place, message, hint="remove the comment")


def _refusal(code: str) -> str:
    if not code:
        return "this comment does not say what it allows"
    return f"{code!r} cannot be allowed" if code in CATALOGUE else f"there is no code {code!r}"


def _allowances(module: Module) -> Iterator[_Allowance]:
    if _MARK not in module.source.text:
        return
    tokens = _tokens(module.source.text)
    for index, token in enumerate(tokens):
        match = _COMMENT.match(token.string) if token.type == tokenize.COMMENT else None
        if match:
            row, column = token.start
            place = module.source.at(row - 1, column, len(token.string))
            line = row if token.line[:column].strip() else _next_line(tokens, index)
            has_reason = bool(match["reason"].strip())
            for code in (match["codes"] or "").split(","):
                yield _Allowance(place, code.strip(), line, has_reason)


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    try:
        return list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):  # what Python itself reads, as it did before, may be too odd
        return []


def _next_line(tokens: list[tokenize.TokenInfo], index: int) -> int:
    """The line of the next code: what a comment that stands alone is about."""
    passed = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    return next((token.start[0] for token in tokens[index:] if token.type not in passed), 0)
