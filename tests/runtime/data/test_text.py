"""`Text`, the spec's `string`: what no database could store is refused at the door."""

import pytest
from pydantic import TypeAdapter, ValidationError

from framework.runtime.types import Text

TEXT: TypeAdapter[str] = TypeAdapter(Text)


@pytest.mark.parametrize("text", ["", "Ødegård 👋", "\u2028"])
def test_text_goes_through_unchanged(text: str) -> None:
    assert TEXT.validate_python(text) == text


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800", "a\udc00b"])
def test_what_cannot_be_stored_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TEXT.validate_python(text)
