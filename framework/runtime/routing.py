"""Routes and errors of an application: flat routes, and every error as a problem document (RFC 9457)."""

from fastapi import APIRouter, FastAPI


def install(app: FastAPI, router: APIRouter) -> None:
    """Add the routes of `router` to `app`, flat: an included router costs more with every route."""
    raise NotImplementedError


def install_problem_handlers(app: FastAPI) -> None:
    """Make every error of `app` a problem document."""
    raise NotImplementedError
