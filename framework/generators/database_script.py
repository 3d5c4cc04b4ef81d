"""The script that makes the databases of services, for whatever runs it beside the server."""

from __future__ import annotations

from collections.abc import Iterable

from framework import deployment
from framework.files import banner
from framework.generators.templating import render


def database_script(services: Iterable[str]) -> str:
    """A script of `sh` that makes a user and a database for each of some services, if there is none yet."""
    return render(
        "shipping/databases.sh.j2", banner=banner("services.yml"), deployment=deployment, services=services
    )
