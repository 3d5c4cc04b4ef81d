"""What a patch says, and what it leaves as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from tests.breaking.payloads import classes
from tests.compiler.projects import sound

MODELS = """
    models:
      Page:
        fields:
          title: {type: string}
          note: {type: string, optional: true}
          body: {type: json}
          extra: {type: json, default: {}}
        variants:
          Update: {optional: all}
"""


def test_null_is_a_value_of_a_json_field_and_not_its_absence(tmp_path: Path) -> None:
    update = classes(sound(tmp_path, {"shared/spec/models.yaml": MODELS}))["PageUpdate"]

    def patch(text: str) -> dict[str, object]:
        return update.model_validate_json(text).model_dump(exclude_unset=True)

    assert patch("{}") == {}
    assert patch('{"body": null, "extra": null}') == {"body": None, "extra": None}
    assert patch('{"body": [1], "note": null}') == {"body": [1], "note": None}
    with pytest.raises(ValidationError):
        patch('{"title": null}')
