"""Runs uvicorn on all addresses of this machine that some names mean; uvicorn itself takes one.

    LISTEN_ON=127.0.0.1,shop.bot python -m framework.runtime.serve services.shop.src.main:app --port 8000 …

The names are separated by commas, and looked up once, at the start; without any it is every address. All
other arguments, and their variables, are those of uvicorn.
"""

from __future__ import annotations

import click
from uvicorn.main import main as uvicorn

from framework.runtime.addresses import HostError, own_addresses


def _addresses(hosts: str) -> str | list[str]:
    try:
        found = own_addresses(hosts)
    except HostError as error:
        raise click.BadParameter(str(error)) from error
    return found if len(found) > 1 else found[0]


_EVERYWHERE = "0.0.0.0"  # noqa: S104
_HOST = click.Option(["--host"], type=_addresses, envvar="LISTEN_ON", default=_EVERYWHERE, help="Where.")


def main() -> None:
    """Serve until a signal says to stop; ends with status 2 if a name is wrong."""
    # Uvicorn hands its host on to asyncio, which takes several.
    uvicorn.params = [_HOST if each.name == "host" else each for each in uvicorn.params]
    uvicorn()


if __name__ == "__main__":
    main()
