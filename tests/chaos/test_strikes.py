"""The choice of who is hit: the same for the same seed, and fair."""

from itertools import islice

from framework.chaos.strikes import Blow, Strike, Target, pauses, plan

LEASE = 3.0
TARGETS = [Target("backend-1", list(Blow)), Target("redis", [Blow.KILL, Blow.STOP])]


def strikes(seed: int, count: int) -> list[Strike]:
    return list(islice(plan(seed, TARGETS, pauses(LEASE)), count))


def test_a_seed_decides_everything() -> None:
    assert strikes(1, 50) == strikes(1, 50)
    assert strikes(1, 50) != strikes(2, 50)


def test_everybody_takes_every_blow_once_before_anybody_takes_one_twice() -> None:
    every = {(target.name, blow) for target in TARGETS for blow in target.blows}
    for seed in range(20):
        hits = [(strike.victim, strike.blow) for strike in strikes(seed, 2 * len(every))]
        assert set(hits[: len(every)]) == set(hits[len(every) :]) == every


def test_a_stop_outlasts_the_lease() -> None:
    assert all(strike.pause > LEASE for strike in strikes(1, 100) if strike.blow is Blow.STOP)
