"""The middlewares of a service, in their order."""

from __future__ import annotations

from fastapi import FastAPI

from framework.runtime.middleware.body_limit import BodyLimit
from framework.runtime.middleware.settings import MiddlewareSettings
from framework.runtime.telemetry.watching import Telemetry


def install(app: FastAPI, settings: MiddlewareSettings, telemetry: Telemetry) -> None:
    """Stand around the requests of `app`; what is installed last stands outermost.

    From outside: the request's name, the access log, metrics, CORS, and the limit of bodies, which is always
    there. Those that a service adds to its application stand around all of them.
    """
    app.add_middleware(BodyLimit)
    if settings.cors_origins:
        from starlette.middleware.cors import CORSMiddleware

        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=settings.cors_methods,
            allow_headers=settings.cors_headers,
            allow_credentials=settings.cors_credentials,
            expose_headers=settings.cors_expose,
            max_age=settings.cors_max_age,
        )
    telemetry.watch(app)
    if settings.access_log:
        from framework.runtime.middleware.access_log import AccessLog

        app.add_middleware(AccessLog)
    if settings.request_id:
        from framework.runtime.middleware.request_id import RequestId

        app.add_middleware(RequestId)
