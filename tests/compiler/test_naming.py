from __future__ import annotations

import ast
import keyword
from pathlib import Path

import pytest

from framework.naming import NameKind, check_name, constant_case, pascal_case, snake_case
from framework.resolve.pages import PAGE_CLASSES
from framework.resolve.versions import VERSION_CLASSES
from framework.runtime import errors
from framework.runtime.errors import OperationError
from framework.system import RUNTIME_ERRORS, Error

EXPECTED = Path(__file__).parent.parent / "cases"


@pytest.mark.parametrize("word", sorted(keyword.kwlist))
def test_a_word_of_python_names_only_what_python_may_call_otherwise(word: str) -> None:
    for kind in NameKind:
        mistake = check_name(kind, word)
        if kind in {NameKind.FIELD, NameKind.PARAM} and word[0].islower():
            assert mistake is None, f"{word} as {kind}"
        elif kind not in {NameKind.EVENT, NameKind.VARIANT} or word[0].isupper():
            assert mistake, f"{word} as {kind}"


def test_cases_are_turned_into_each_other() -> None:
    assert snake_case("UserId") == "user_id"
    assert snake_case("Customer ID") == "customer_id"
    assert pascal_case("user_id") == "UserId"
    assert constant_case("in progress") == "IN_PROGRESS"
    assert constant_case("3d") == "VALUE_3D"
    assert constant_case("ü!") == ""


@pytest.mark.parametrize("name", ["EmailTaken", "HTTPTimeout", "Gone", "A1B", "NotFOUND", "X"])
def test_an_error_has_the_code_that_the_runtime_would_give_it(name: str) -> None:
    made: type[OperationError] = type(name, (OperationError,), {})
    assert Error(name, 409).code == made.code


def test_the_errors_of_the_runtime_are_known() -> None:
    ours = [each for each in OperationError.__subclasses__() if each.__module__ == errors.__name__]
    assert {each.__name__: each.status for each in ours} == RUNTIME_ERRORS


def imported_classes() -> set[str]:
    """The classes that modules which import schemas import from elsewhere, each other excepted."""
    found = set()
    for path in EXPECTED.glob("*/expected/**/*.py"):
        imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
        modules = {node.module or "" for node in imports}
        if "shared.generated.schemas" in modules or path.name == "schemas.py":
            found |= {
                alias.asname or alias.name
                for node in imports
                for alias in node.names
                if not (node.module or "").startswith(("shared", "services"))
            }
    return {name for name in found if name[0].isupper() and not name.isupper()}


def test_no_model_can_take_a_name_that_generated_code_imports() -> None:
    # Some are refused only where they are used: mistake-bad-pagination, mistake-bad-version.
    names = imported_classes() - {*PAGE_CLASSES, *VERSION_CLASSES}
    assert "APIRouter" in names
    assert {name for name in names if check_name(NameKind.MODEL, name) is None} == set()


def test_what_is_made_from_the_name_of_a_service_is_a_label_of_dns() -> None:
    longest = "s" * 50
    assert check_name(NameKind.SERVICE, longest) is None
    assert len(f"{longest}-migrations") <= 63
    mistake = check_name(NameKind.SERVICE, longest + "s")
    assert mistake
    assert mistake.message == "the name of a service has at most 50 characters"
