"""Generated endpoints: the good case of each generated route, run without FastAPI's machinery.

What an endpoint cannot read as valid goes FastAPI's way, with the body that was read, and before a controller
has been called: FastAPI alone says what is wrong with a request.
"""

from framework.runtime.endpoints.request import Request
from framework.runtime.endpoints.response import Response
from framework.runtime.endpoints.router import Endpoint, Endpoints, OperationRouter
from framework.runtime.endpoints.wire import WireType

__all__ = ["Endpoint", "Endpoints", "OperationRouter", "Request", "Response", "WireType"]
