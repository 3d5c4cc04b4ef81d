"""The networks of Compose: who is on one may speak to all others there, and who is meant to speak shares one.

Docker has room for about thirty on a machine, so they are few: services that all call one another share one,
with their servers if those are the same. A line of two that both reach the world is their way there, too; no
server is on such a line. Servers listen and call nobody: it is no matter that they see each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from framework.connectivity import Connectivity
from framework.system import Service

OUTSIDE = ".outside"
"""How the name of what leads outside ends. No service has a dot in its name.

Compose leaves a network that is there as it is, whatever becomes of its description: so that is in its name.
"""

_Pair = frozenset[str]


@dataclass(frozen=True)
class Network:
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


def is_worldly(service: Service) -> bool:
    """Whether a service reaches the world, or the world it."""
    return service.internet or service.is_public


def networks(lines: Connectivity, servers: Mapping[str, tuple[str, ...]]) -> tuple[Network, ...]:
    """The networks of a project, whose services use these `servers`; lines come last."""
    worldly = {each.name for each in lines.services if is_worldly(each)}
    pairs = {frozenset((call.caller, call.callee)) for call in lines.calls}
    roads = {pair for pair in pairs if pair <= worldly}
    inner = pairs - roads
    homes = [Network(members, servers[members[0]]) for members in _homes(inner, servers)]
    at_home = {pair for home in homes for pair in _pairs_of(home.services)}
    joints = [Network(members) for members in _cliques(inner - at_home, inner)]
    joints += [Network(members, leads_outside=True) for members in _cliques(roads, roads)]
    joined = {name for each in (*homes, *joints) for name in each.services}
    alone = [Network((each.name,)) for each in lines.services if each.name not in joined]
    return (*homes, *alone, *sorted(joints, key=lambda each: each.name))


def _homes(inner: set[_Pair], servers: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The services with servers, each once: those together that all speak to one another and use the same."""
    left = [name for name in sorted(servers) if servers[name]]
    while left:
        home = left[:1]
        for name in left[1:]:
            if servers[name] == servers[home[0]] and _is_joined(name, home, inner):
                home.append(name)
        left = [name for name in left if name not in home]
        yield tuple(home)


def _cliques(wanted: set[_Pair], allowed: set[_Pair]) -> Iterator[tuple[str, ...]]:
    """Groups whose members are all allowed to speak to one another, until every wanted pair is in one."""
    left = set(wanted)
    names = sorted({name for pair in wanted for name in pair})
    while left:
        group = min(map(sorted, left))
        for name in names:
            if name not in group and _is_joined(name, group, allowed):
                group.append(name)
        left -= _pairs_of(group)
        yield tuple(sorted(group))


def _is_joined(name: str, group: list[str], pairs: set[_Pair]) -> bool:
    return all(frozenset((name, member)) in pairs for member in group)


def _pairs_of(names: tuple[str, ...] | list[str]) -> set[_Pair]:
    return {frozenset(pair) for pair in combinations(names, 2)}
