"""Names from the specs do not hide what the body of a generated function uses."""

from __future__ import annotations

import pytest

from framework.naming import argument_identifier, field_identifier


@pytest.mark.parametrize(
    "name", ["decode", "segment", "list", "dict", "int", "dt", "payload", "operations", "publish_now", "from"]
)
def test_no_argument_is_called_like_something_that_is_used_beside_it(name: str) -> None:
    assert argument_identifier(name) == f"{name}_"


@pytest.mark.parametrize(
    "name", ["list", "dict", "dt", "copy", "json", "mro", "register", "schema", "class", "from"]
)
def test_no_field_is_called_like_a_type_or_a_member_of_its_class(name: str) -> None:
    assert field_identifier(name) == f"{name}_"


@pytest.mark.parametrize("name", ["user_id", "id", "type", "filter"])
def test_other_names_stay(name: str) -> None:
    assert argument_identifier(name) == field_identifier(name) == name
