"""Names become addresses of this machine, and nothing else does."""

import socket
from typing import Any

import pytest

from framework.runtime.addresses import HostError, own_addresses


def test_several_names_are_several_addresses_each_once() -> None:
    assert own_addresses("127.0.0.1, 127.0.0.2,127.0.0.1") == ["127.0.0.1", "127.0.0.2"]
    assert "127.0.0.1" in own_addresses("localhost")
    assert own_addresses("0.0.0.0") == ["0.0.0.0"]  # noqa: S104


def test_of_a_service_that_runs_more_than_once_each_takes_its_own_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def replicas(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 0)) for each in ("192.0.2.1", "127.0.0.2")]

    monkeypatch.setattr(socket, "getaddrinfo", replicas)
    assert own_addresses("shop.bot") == ["127.0.0.2"]


@pytest.mark.parametrize(
    ("hosts", "words"),
    [
        ("127.0.0.1,nobody.invalid", "'nobody.invalid' means nothing"),
        ("a" * 70, "means nothing"),
        ("192.0.2.1", "'192.0.2.1' is another machine"),
    ],
)
def test_a_name_of_nothing_here_is_told(hosts: str, words: str) -> None:
    with pytest.raises(HostError, match=words):
        own_addresses(hosts)
