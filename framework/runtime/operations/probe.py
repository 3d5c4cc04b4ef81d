"""Asks the service of this machine whether it is ready: the health check of images, which have no curl.

    python -m framework.runtime.operations.probe 8000

The port is where the service answers its operators; `OPERATIONS_PORT` is stronger. Ends with status 0 if the
service is ready, and else with 1 and the reason on standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from typing import Final

from framework.runtime.operations.paths import READY

TIMEOUT: Final = 2.0
"""Seconds that an answer may take: more than the checks of a service get, less than Docker waits."""


def main(arguments: Sequence[str]) -> None:
    """Ask at the port that the arguments name. Raises SystemExit if the service is not ready."""
    port = os.environ.get("OPERATIONS_PORT") or "".join(arguments)
    if not port.isdecimal():
        raise SystemExit("Which port? Write its number: python -m framework.runtime.operations.probe 8000")
    connection = HTTPConnection("127.0.0.1", int(port), timeout=TIMEOUT)
    try:
        connection.request("GET", READY)
        response = connection.getresponse()
        answer = response.read().decode(errors="replace")
    except (OSError, HTTPException) as error:
        raise SystemExit(f"port {port}: {error}") from None
    finally:
        connection.close()
    if response.status != 200:
        raise SystemExit(f"port {port}: {response.status} {answer}")


if __name__ == "__main__":
    main(sys.argv[1:])
