"""Whatever services call each other: calls go where they are declared to go, and in no other direction."""

import random
from dataclasses import dataclass
from itertools import permutations

import pytest

from framework.connectivity import Call, Connectivity
from framework.generators.compose_networks import is_worldly, listens, networks


@dataclass(frozen=True)
class Part:
    """As much of a service as networks are made from."""

    name: str
    internet: bool
    is_public: bool


@pytest.mark.parametrize("seed", range(100))
def test_who_is_called_listens_wherever_it_meets_its_callers_and_to_nobody_else(seed: int) -> None:
    drawn = random.Random(seed)  # noqa: S311
    parts = {
        f"s{number}": Part(f"s{number}", drawn.random() < 0.3, drawn.random() < 0.2) for number in range(7)
    }
    density = drawn.random() * 0.6
    calls = {pair for pair in permutations(parts, 2) if drawn.random() < density}
    lines = Connectivity(tuple(parts.values()), tuple(Call(*pair, ()) for pair in calls), (), ())  # type: ignore[arg-type]
    servers = {name: drawn.choice([(), ("redis",), ("postgres", "redis")]) for name in parts}
    found = networks(lines, servers)

    for caller, callee in permutations(parts, 2):
        shared = [each for each in found if {caller, callee} <= {*each.services}]
        is_public = parts[callee].is_public
        heard = [each for each in shared if is_public or listens(parts[callee], each, lines)]  # type: ignore[arg-type]
        if (caller, callee) in calls:
            assert shared
            assert heard == shared
        elif (callee, caller) in calls:
            assert is_public or not heard
        else:
            assert not shared
    for name, used in servers.items():
        own = [each for each in found if name in each.services]
        assert own[0].servers == used or not used
        assert all(each.servers in {(), used} for each in own)
        assert is_worldly(parts[name]) or not any(each.leads_outside for each in own)  # type: ignore[arg-type]
    assert len({each.name for each in found}) == len(found)
