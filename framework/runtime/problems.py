"""Problem details (RFC 9457): the form of every error that a service answers and that a client reads."""

from http import HTTPStatus

from pydantic import BaseModel, ConfigDict

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong, in a form for programs and for people; unknown members are kept."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    """A URI that names the kind of problem; `about:blank` says no more than the status."""
    title: str | None = None
    """The kind of problem in a few words, the same every time."""
    status: int | None = None
    """The HTTP status of the answer."""
    detail: str | None = None
    """What went wrong this time."""
    code: str | None = None
    """The stable name of the error, for programs: `not-found`, `conflict`."""
    request_id: str | None = None
    """The name of the request, under which the log of the service tells more."""


def phrase(status: int) -> str:
    """The standard words for an HTTP status, or `Error` for one that has none."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
