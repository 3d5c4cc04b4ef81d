"""Free ports: each is given once, and to one process of a parallel run."""

from framework.servers.ports import FIRST, LAST, free_port, share


def test_no_port_is_given_twice() -> None:
    found = [free_port() for _ in range(500)]

    assert len(set(found)) == len(found)


def test_processes_of_one_run_have_no_port_in_common() -> None:
    shares = [
        share({"PYTEST_XDIST_WORKER": f"gw{number}", "PYTEST_XDIST_WORKER_COUNT": "3"}) for number in range(3)
    ]

    assert sorted(port for ports in shares for port in ports) == list(range(FIRST, LAST + 1))


def test_any_other_process_has_them_all() -> None:
    for environment in ({}, {"PYTEST_XDIST_WORKER": "popen", "PYTEST_XDIST_WORKER_COUNT": "3"}):
        assert share(environment) == range(FIRST, LAST + 1)
