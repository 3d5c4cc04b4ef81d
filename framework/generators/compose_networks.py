"""The networks of Compose: who is on one may speak to all others there, and who is meant to speak shares one.

A network has no direction. That comes from where a service listens: on those networks alone where all others
call it. So two share one only if one of them calls the other, and on it whom one calls all others call: for
services that call one another in both directions that is one network, else one for each call. What is public
listens everywhere, since everybody may call it.

Docker has room for about thirty on a machine, so they are few: servers are on a network of calls if all on it
use the same, and a line of two that both reach the world is their way there, too; no server is on such a
line. Servers listen and call nobody: it is no matter that they see each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, permutations
from typing import NamedTuple

from framework.connectivity import Connectivity
from framework.system import Service

OUTSIDE = ".outside"
"""How the name of what leads outside ends. No service has a dot in its name.

Compose leaves a network that is there as it is, whatever becomes of its description: so that is in its name.
"""

_Pair = frozenset[str]


class Network(NamedTuple):
    """A network, and who is on it."""

    services: tuple[str, ...]
    servers: tuple[str, ...] = ()
    leads_outside: bool = False

    @property
    def name(self) -> str:
        """What the files of Compose call it."""
        return "-".join(self.services) + (OUTSIDE if self.leads_outside else "")

    @property
    def is_home(self) -> bool:
        """Whether it is more than a line between services."""
        return bool(self.servers) or len(self.services) == 1

    def address_of(self, service: str) -> str:
        """How the address of one of its services is called there, and on no other network.

        As those that it is for: `shop.bot` is where the service `shop` listens to `bot`.
        """
        return ".".join([service, *(each for each in self.services if each != service)])


def is_worldly(service: Service) -> bool:
    """Whether a service reaches the world, or the world it."""
    return service.internet or service.is_public


def networks(lines: Connectivity, servers: Mapping[str, tuple[str, ...]]) -> tuple[Network, ...]:
    """The networks of a project, whose services use these `servers`; lines come last."""
    worldly = {each.name for each in lines.services if is_worldly(each)}
    pairs = {frozenset((call.caller, call.callee)) for call in lines.calls}
    roads = {pair for pair in pairs if pair <= worldly}
    homes, joints = [], []
    homeless = {name for name, used in servers.items() if used}
    for members in _groups(pairs - roads, lines):
        if homeless.intersection(members) and len({servers[name] for name in members}) == 1:
            homeless.difference_update(members)
            homes.append(Network(members, servers[members[0]]))
        else:
            joints.append(Network(members))
    homes += [Network((name,), servers[name]) for name in homeless]
    joints += [Network(members, leads_outside=True) for members in _groups(roads, lines)]
    joined = {name for each in (*homes, *joints) for name in each.services}
    alone = [Network((each.name,)) for each in lines.services if each.name not in joined]
    return (*_sorted(homes), *alone, *_sorted(joints))


def listens(service: Service, network: Network, lines: Connectivity) -> bool:
    """Whether a service that is not public listens on its network: if there are others, and all call it."""
    others = set(network.services) - {service.name}
    return bool(others) and others.issubset(lines.callers(service.name))


def _groups(wanted: set[_Pair], lines: Connectivity) -> Iterator[tuple[str, ...]]:
    """Those who may share a network, until every wanted pair is on one; no other pair ever is."""
    calls = {(call.caller, call.callee) for call in lines.calls}
    public = {each.name for each in lines.services if each.is_public}
    left = set(wanted)
    names = sorted({name for pair in wanted for name in pair})
    while left:
        group = min(map(sorted, left))
        for name in names:
            if name not in group and _may_share([*group, name], wanted, calls, public):
                group.append(name)
        left -= _pairs_of(group)
        yield tuple(sorted(group))


def _may_share(group: list[str], wanted: set[_Pair], calls: set[tuple[str, str]], public: set[str]) -> bool:
    """Whether each two of a group are a wanted pair, and whom one of it calls all others call."""
    called = {callee for caller, callee in permutations(group, 2) if (caller, callee) in calls} - public
    return _pairs_of(group) <= wanted and all(
        (caller, callee) in calls for caller in group for callee in called if caller != callee
    )


def _pairs_of(names: list[str]) -> set[_Pair]:
    return {frozenset(pair) for pair in combinations(names, 2)}


def _sorted(found: list[Network]) -> list[Network]:
    return sorted(found, key=lambda each: each.name)
