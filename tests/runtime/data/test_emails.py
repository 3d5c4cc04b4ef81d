"""Addresses that pass at once are those of which the thorough check would change nothing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import EmailStr, TypeAdapter, ValidationError

from framework.runtime import emails

QUICK: TypeAdapter[str] = TypeAdapter(emails.CheckedEmail)
THOROUGH: TypeAdapter[str] = TypeAdapter(EmailStr)

_LABELS = st.text("abz059-_A.", min_size=1, max_size=8) | st.sampled_from(
    ["test", "local", "arpa", "invalid", "onion", "localhost", "com", "xn--p1ai", "x" * 63, "x" * 64, "é"]
)
_LOCAL_PARTS = st.text("abzABZ059+-_.!'\" @é", min_size=1, max_size=12) | st.sampled_from(
    ["x" * 64, "x" * 65]
)
_ADDRESSES = st.builds(
    lambda local, labels: f"{local}@{'.'.join(labels)}",
    _LOCAL_PARTS,
    st.lists(_LABELS, min_size=1, max_size=6),
)


@settings(deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(_ADDRESSES)
@example("ada@example.com")
@example("a@b.c")
@example("ada@example.test")
@example("ada@example.contest")
@example("ada@example.com\n")
@example("x" * 64 + "@" + ".".join(["y" * 61] * 3) + ".org")
@example("x" * 64 + "@" + ".".join(["y" * 62] * 3) + ".org")
def test_what_passes_at_once_is_what_the_thorough_check_leaves_as_it_is(address: str) -> None:
    if emails._is_plain(address):
        assert THOROUGH.validate_python(address) == address
    assert _told(QUICK, address) == _told(THOROUGH, address)


def _told(type_: TypeAdapter[str], address: str) -> object:
    try:
        return type_.validate_python(address)
    except ValidationError as error:
        return error.errors(include_url=False, include_context=False)


@pytest.mark.parametrize(
    "address", ["ada@example.com", "ada.byron+x@sub-1.example.co.uk", "A_B-1@example.org"]
)
def test_usual_addresses_pass_at_once(address: str) -> None:
    assert emails._is_plain(address)


def test_documents_say_the_same() -> None:
    assert QUICK.json_schema() == THOROUGH.json_schema()
