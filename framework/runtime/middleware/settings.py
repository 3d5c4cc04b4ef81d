"""Which middlewares a service has."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_settings import NoDecode

from framework.runtime.settings import Settings

ANY: Final = "*"
_ORIGIN: Final = re.compile(r"https?://[^/\s,]+|\*")
_TOKEN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def _listed(text: object) -> object:
    return [each.strip() for each in text.split(",") if each.strip()] if isinstance(text, str) else text


def _origins(values: list[str]) -> list[str]:
    for value in values:
        if not _ORIGIN.fullmatch(value):
            raise ValueError(f"{value!r} is no origin")
    return values


def _tokens(values: list[str]) -> list[str]:
    for value in values:
        if not _TOKEN.fullmatch(value):
            raise ValueError(f"{value!r} cannot be one")
    return values


Origins = Annotated[list[str], NoDecode, BeforeValidator(_listed), AfterValidator(_origins)]
Tokens = Annotated[list[str], NoDecode, BeforeValidator(_listed), AfterValidator(_tokens)]


class MiddlewareSettings(Settings):
    """Read from `REQUEST_ID`, `ACCESS_LOG` and `CORS_…`; lists have commas between their members."""

    request_id: bool = Field(
        False, description="Write on to have an X-Request-ID in every answer and in the log, else off."
    )
    access_log: bool = Field(
        False, description="Write on to have a line in the log for every request, else off."
    )
    cors_origins: Origins = Field(
        [], description="Write who may call from a browser: https://shop.example.org, or * for everybody."
    )
    cors_methods: Tokens = Field(
        ["GET", "POST", "PUT", "PATCH", "DELETE"], description="Write the methods that a browser may use."
    )
    cors_headers: Tokens = Field(
        [ANY], description="Write the headers that a browser may send, or * for all of them."
    )
    cors_expose: Tokens = Field([], description="Write the headers of answers that scripts may read.")
    cors_credentials: bool = Field(
        False,
        description="Write on to let browsers send cookies, else off; not with CORS_ORIGINS=*.",
    )
    cors_max_age: int = Field(
        600, ge=0, description="Write for how many seconds a browser may remember what it may do."
    )

    @field_validator("cors_credentials")
    @classmethod
    def _only_for_named_origins(cls, is_on: bool, info: ValidationInfo) -> bool:
        if is_on and ANY in info.data.get("cors_origins", ()):
            raise ValueError("would let every site on the web act for whoever visits it")
        return is_on
