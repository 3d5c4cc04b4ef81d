"""Names from the specs do not hide what the body of a generated function uses."""

from __future__ import annotations

import pytest

from framework.naming import NameKind, check_name


@pytest.mark.parametrize("name", ["decode", "segment", "list", "dict", "int", "dt", "payload", "operations"])
def test_no_parameter_is_called_like_something_that_is_used_beside_it(name: str) -> None:
    assert check_name(NameKind.PARAM, name)
