"""`framework dev` with real processes: they start, restart on save and after a kill, and end with it."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from redis import Redis

from framework.servers.ports import free_port
from tests.dev.projects import BOT, MadeProject
from tests.servers.processes import is_alive, wait_until


@pytest.fixture
def ports() -> tuple[int, int]:
    return free_port(), free_port()


@pytest.fixture
def project(tmp_path: Path, ports: tuple[int, int]) -> MadeProject:
    """Two services on HTTP."""
    project = MadeProject(tmp_path / "project")
    project.add("alpha", extra=f", port: {ports[0]}")
    project.add("beta", type_="python-faststream", extra=f", port: {ports[1]}")
    return project


def ask(port: int) -> dict[str, Any]:
    with urlopen(f"http://127.0.0.1:{port}/") as answer:
        content: dict[str, Any] = json.load(answer)
        return content


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_all_services_run_until_a_signal_and_then_none_of_the_processes_is_left(
    project: MadeProject, ports: tuple[int, int], number: signal.Signals
) -> None:
    with project.running() as dev:
        for name, port in zip(("alpha", "beta"), ports, strict=True):
            dev.wait_for(f"{name} listens on http://127.0.0.1:{port}")
            assert ask(port)["pid"] == dev.pid_of(name)
        processes = dev.descendants()
        assert len(processes) == 3  # and Redis

        assert dev.stop(number) == 0

        assert dev.log.count("ended gracefully") == 2
        assert not [pid for pid in processes if is_alive(pid)]
        assert "everything is stopped" in dev.log


def test_nothing_survives_when_the_runner_is_killed(project: MadeProject, ports: tuple[int, int]) -> None:
    with project.running() as dev:
        dev.wait_for("alpha listens")
        dev.wait_for("beta listens")
        processes = dev.descendants()

        dev.process.kill()

        assert len(processes) == 3
        assert wait_until(lambda: not any(is_alive(pid) for pid in processes))


def test_every_line_stands_behind_the_name_of_its_service_without_colours_in_a_file(
    project: MadeProject,
) -> None:
    with project.running() as dev:
        dev.wait_for("alpha listens")
        dev.wait_for("beta listens")
        dev.stop()

    names = {line.split(" | ")[0] for line in dev.log.splitlines()}
    assert names == {"dev    ", "alpha  ", "beta   "}
    assert "\x1b" not in dev.log


def test_a_save_restarts_that_service_alone(project: MadeProject, ports: tuple[int, int]) -> None:
    main = project.root / "services" / "alpha" / "src" / "main.py"
    with project.running() as dev:
        dev.wait_for("alpha listens")
        other = dev.pid_of("beta")

        project.write(main, main.read_text().replace('"hello"', '"good day"'))

        dev.wait_for("alpha listens", times=2)
        assert ask(ports[0])["greeting"] == "good day"
        assert is_alive(other)
        assert dev.log.count("beta started") == 1


def test_a_save_of_generated_shared_code_restarts_all(project: MadeProject) -> None:
    with project.running() as dev:
        dev.wait_for("alpha listens")
        dev.wait_for("beta listens")

        project.write(project.root / "shared" / "shared" / "generated" / "events.py", "")

        dev.wait_for("alpha listens", times=2)
        dev.wait_for("beta listens", times=2)


def test_a_crash_is_told_and_mended_by_the_next_save_with_the_others_going_on(
    project: MadeProject, ports: tuple[int, int]
) -> None:
    main = project.root / "services" / "alpha" / "src" / "main.py"
    good = main.read_text()
    project.write(main, "raise ImportError('no such thing')\n")
    with project.running() as dev:
        dev.wait_for(r"alpha ended with exit code 1; it is started again when its files are saved")
        dev.wait_for("alpha   \\| .*no such thing")
        dev.wait_for("beta listens")
        assert ask(ports[1])["greeting"] == "hello"

        project.write(main, good)

        dev.wait_for("alpha listens")


def test_a_killed_service_comes_back_by_itself(project: MadeProject, ports: tuple[int, int]) -> None:
    with project.running() as dev:
        dev.wait_for("alpha listens")

        os.kill(dev.pid_of("alpha"), signal.SIGKILL)

        dev.wait_for("alpha was killed by SIGKILL; starting it again in 1 s")
        dev.wait_for("alpha listens", times=2)
        assert ask(ports[0])["pid"] == dev.pid_of("alpha", times=2)


def wait_for_the_disk(client: Redis) -> None:
    """Wait until Redis has written down what it was told: with `everysec` it may take its time."""
    assert str(client.waitaof(1, 0, 60_000)).startswith("[1")


def test_a_killed_redis_comes_back_on_its_port(project: MadeProject) -> None:
    with project.running() as dev:
        url = dev.wait_for(r"Redis is at (redis://\S+)")
        client = Redis.from_url(url)
        dev.wait_for("alpha listens")
        client.xadd("notes", {"text": "undelivered"})
        wait_for_the_disk(client)

        os.kill(int(client.info()["process_id"]), signal.SIGKILL)

        dev.wait_for("Redis ended and was started again")
        assert client.xlen("notes") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_undelivered_events_outlive_a_restart(tmp_path: Path, number: signal.Signals) -> None:
    project = MadeProject(tmp_path / "a project of 100% 'ö'")
    project.add("alpha", extra=f", port: {free_port()}")
    with project.running() as dev:
        client = Redis.from_url(dev.wait_for(r"Redis is at (redis://\S+)"), decode_responses=True)
        dev.wait_for("alpha listens")
        client.xgroup_create("notes", "readers", mkstream=True)
        client.xadd("notes", {"text": "undelivered"})
        wait_for_the_disk(client)
        processes = dev.descendants()

        dev.stop(number)
        assert wait_until(lambda: not any(is_alive(pid) for pid in processes))

    with project.running() as dev:
        client = Redis.from_url(dev.wait_for(r"Redis is at (redis://\S+)"), decode_responses=True)
        assert "'text': 'undelivered'" in str(client.xreadgroup("readers", "one", {"notes": ">"}))


def test_commands_find_the_redis_of_a_running_dev(project: MadeProject) -> None:
    with project.running() as dev:
        dev.wait_for("alpha listens")
        found = project.run("groups", "list")
        assert found.returncode == 0, found.stderr

        dev.stop()
        ended = project.run("groups", "list")

    assert ended.returncode == 1
    assert ended.stderr.startswith("There is no Redis to ask: start `make dev`")


def test_a_second_dev_does_not_write_into_the_redis_files_of_the_first(project: MadeProject) -> None:
    with project.running() as dev:
        dev.wait_for("alpha listens")
        project.settings |= {"ALPHA_PORT": str(free_port()), "BETA_PORT": str(free_port())}

        ended = project.run("dev")

        assert ended.returncode == 1
        assert "another `make dev` runs in this project" in ended.stderr


def test_a_state_folder_that_cannot_be_is_told(project: MadeProject) -> None:
    project.write(project.root / ".dev", "a file")

    ended = project.run("dev")

    assert ended.returncode == 1
    assert "Redis cannot keep its data in" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_saved_settings_are_told_once_with_what_to_do(project: MadeProject) -> None:
    words = "has changed: press Ctrl-C and run make dev again to have it read"
    with project.running() as dev:
        dev.wait_for("alpha listens")
        project.write(project.root / "notes.txt", "of no concern")
        project.write(project.root / ".env", "CHANNEL=log\n")
        dev.wait_for(f"dev     \\| .env {words}")

        new = project.root / ".env~"
        project.write(new, "CHANNEL=none\n")
        new.replace(project.root / ".env")  # as many editors save
        main = project.root / "services" / "alpha" / "src" / "main.py"
        project.write(main, main.read_text() + "# a comment\n")
        dev.wait_for("alpha listens", times=2)
        assert dev.log.count(words) == 1


def test_a_service_that_does_not_end_is_killed_by_a_second_signal(project: MadeProject) -> None:
    stubborn = (
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('deaf')\ntime.sleep(600)\n"
    )
    project.add("bot", type_="python-telegram", main=stubborn)
    project.settings["TELEGRAM_BOT_TOKEN"] = "1:token"
    with project.running() as dev:
        dev.wait_for("deaf")
        pid = dev.pid_of("bot")

        dev.process.send_signal(signal.SIGINT)
        dev.wait_for("again to kill")

        assert dev.stop(signal.SIGINT) == 0
        assert not is_alive(pid)


def test_what_a_service_started_ends_with_it(project: MadeProject) -> None:
    helper = (
        "import subprocess, time\nchild = subprocess.Popen(['sleep', '600'])\nprint('helper', child.pid)\n"
    )
    project.add("bot", type_="python-telegram", main=helper + "time.sleep(600)\n")
    project.settings["TELEGRAM_BOT_TOKEN"] = "1:token"
    with project.running() as dev:
        pid = int(dev.wait_for(r"helper (\d+)"))

        assert dev.stop() == 0

        assert wait_until(lambda: not is_alive(pid))  # it is killed, and nobody waits for its end


def test_the_bot_runs_with_a_token_and_is_left_out_without(project: MadeProject) -> None:
    project.add("bot", type_="python-telegram", main=BOT)
    with project.running() as dev:
        dev.wait_for("bot is left out: set TELEGRAM_BOT_TOKEN in .env")
        dev.wait_for("alpha listens")
        assert "bot started" not in dev.log
        assert dev.log.count("TELEGRAM_BOT_TOKEN") == 1

    project.write(project.root / ".env", "TELEGRAM_BOT_TOKEN=1:token\n")
    with project.running() as dev:
        dev.wait_for("polling as the bot")
        assert "left out" not in dev.log


def test_several_bots_without_a_token_are_left_out(project: MadeProject) -> None:
    project.add("bot", type_="python-telegram", main=BOT)
    project.add("second_bot", type_="python-telegram", main=BOT)
    with project.running() as dev:
        dev.wait_for("bot, second_bot are left out: set TELEGRAM_BOT_TOKEN in .env")


def test_a_project_of_a_bot_alone_without_a_token_has_nothing_to_run(tmp_path: Path) -> None:
    project = MadeProject(tmp_path / "project")
    project.add("bot", type_="python-telegram", main=BOT)

    ended = project.run("dev")

    assert ended.returncode == 1
    assert "nothing to run" in ended.stderr


def test_services_get_the_settings_of_the_project(project: MadeProject, ports: tuple[int, int]) -> None:
    project.write(project.root / ".env", "CHANNEL=log\nREDIS_URL=\n")
    project.settings |= {"BETA_PORT": str(free_port()), "NO_PROXY": "example.com"}
    with project.running() as dev:
        dev.wait_for("alpha listens")
        url = dev.wait_for(r"Redis is at (redis://\S+)")
        environment = ask(ports[0])["environment"]
        dev.wait_for(f"beta listens on http://127.0.0.1:{project.settings['BETA_PORT']}")

    assert environment["CHANNEL"] == "log"
    assert environment["REDIS_URL"] == url
    assert environment["NO_PROXY"] == "example.com,127.0.0.1,localhost"
    assert "DATABASE_URL" not in environment


def test_a_redis_of_the_settings_is_used(project: MadeProject, redis_url: str) -> None:
    project.settings["REDIS_URL"] = redis_url
    with project.running() as dev:
        dev.wait_for("alpha listens")
        assert "Redis is at" not in dev.log


def test_a_taken_port_is_told_with_the_service_and_what_to_do(
    project: MadeProject, ports: tuple[int, int]
) -> None:
    with socket.create_server(("127.0.0.1", ports[1])):
        ended = project.run("dev")

    assert ended.returncode == 1
    assert f"beta cannot listen on port {ports[1]}" in ended.stderr
    assert "BETA_PORT" in ended.stderr
    assert not ended.stdout


def test_mistakes_in_the_specs_are_told_instead_of_running(project: MadeProject) -> None:
    project.write(project.root / "services.yml", "version: 2\nservices: [{name: alpha}]\n")

    ended = project.run("dev")

    assert ended.returncode == 1
    assert "missing-key" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_project_without_generated_code_is_told_so(project: MadeProject) -> None:
    (project.root / "services" / "alpha" / "src" / "generated").rmdir()

    ended = project.run("dev")

    assert ended.returncode == 1
    assert "the code of alpha is not generated: run `make generate-from-spec`" in ended.stderr


def test_on_a_terminal_every_name_has_a_colour(project: MadeProject) -> None:
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "framework", "dev"]
    process = subprocess.Popen(command, cwd=project.root, env=project.environment, stdout=theirs)
    os.close(theirs)
    log = b""
    while b"alpha listens" not in log:
        log += os.read(ours, 65536)

    process.send_signal(signal.SIGINT)
    while b"everything is stopped" not in log:
        log += os.read(ours, 65536)

    assert process.wait(60) == 0
    assert b"\x1b[36malpha   |\x1b[0m" in log
    os.close(ours)


def test_it_stops_when_nobody_reads_its_log_any_more(project: MadeProject) -> None:
    command = [sys.executable, "-m", "framework", "dev"]
    process = subprocess.Popen(
        command, cwd=project.root, env=project.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    assert process.stderr
    assert process.stdout.readline()

    process.stdout.close()

    assert process.wait(60) == 0
    assert process.stderr.read() == b""
