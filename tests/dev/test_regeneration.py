"""`framework dev` while specs and controllers are written: it generates, restarts, tells what is missing."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.request import urlopen

import pytest

from framework.servers.ports import free_port
from tests.dev.projects import MadeProject
from tests.servers.processes import is_alive

MAIN = """
from services.{name}.src.generated.app import create_app

app = create_app()
"""
SPEC = """
domain: notes
operations:
  count_notes:
    description: How many there are.
    output: dict[string, int]
    rest: {method: GET, path: /notes}
"""
SECOND = """
  count_words:
    description: How many words there are.
    output: dict[string, int]
    rest: {method: GET, path: /words}
"""
CONTROLLER = """
class NotesController:
    async def count_notes(self) -> dict[str, int]:
        return {"notes": 1}
"""
METHOD = """
    async def count_words(self) -> dict[str, int]:
        return {"words": 2}
"""


class Notes:
    """Two services made of generated code; `alpha` has a domain, whose files are these."""

    def __init__(self, root: Path) -> None:
        self.port = free_port()
        self.project = MadeProject(root)
        main = self.project.add("alpha", main=MAIN.format(name="alpha"), extra=f", port: {self.port}")
        self.project.add("beta", main=MAIN.format(name="beta"), extra=f", port: {free_port()}")
        self.spec = main.parents[1] / "spec" / "notes.yaml"
        self.controller = main.parent / "controllers" / "notes.py"
        self.project.write(self.spec, SPEC)
        self.project.write(self.controller, CONTROLLER)
        assert self.project.run("generate").returncode == 0

    def ask(self, path: str) -> object:
        with urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
            return json.load(answer)


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    return Notes(tmp_path / "project")


def test_a_saved_spec_is_generated_from_and_restarts_its_service_once(notes: Notes) -> None:
    with notes.project.running() as dev:
        dev.wait_for("alpha listens")
        dev.wait_for("beta listens")
        other = dev.pid_of("beta")
        notes.project.write(notes.controller, CONTROLLER + METHOD)
        dev.wait_for("alpha listens", times=2)

        notes.project.write(notes.spec, SPEC + SECOND)

        dev.wait_for("dev     \\| Files written: ")
        dev.wait_for("alpha listens", times=3)
        assert notes.ask("/words") == {"words": 2}
        assert dev.log.count("alpha changed, starting it again") == 2
        assert is_alive(other)


def test_a_new_domain_gets_its_stub_while_the_services_run(notes: Notes) -> None:
    with notes.project.running() as dev:
        dev.wait_for("alpha listens")

        notes.project.write(
            notes.spec.with_name("pages.yaml"), SECOND.replace("\n", "domain: pages\noperations:\n", 1)
        )

        dev.wait_for("alpha listens", times=2)
        assert "async def count_words" in notes.controller.with_name("pages.py").read_text()


def test_a_mistake_is_told_in_full_and_the_old_code_goes_on(notes: Notes) -> None:
    with notes.project.running() as dev:
        dev.wait_for("alpha listens")
        pid = dev.pid_of("alpha")

        notes.project.write(notes.spec, SPEC.replace("int]", "itn]"))

        dev.wait_for("services/alpha/spec/notes.yaml:6:26: error\\[bad-type\\]: no type 'itn'")
        dev.wait_for("\\^\\^\\^ did you mean 'int'\\?")
        dev.wait_for("Nothing was written.")
        assert is_alive(pid)
        assert notes.ask("/notes") == {"notes": 1}

        notes.project.write(notes.spec, SPEC)

        dev.wait_for("The mistakes are mended.")
        assert is_alive(pid)
        assert dev.log.count("alpha started") == 1


def test_what_changed_while_nothing_ran_is_generated_before_the_services_start(notes: Notes) -> None:
    notes.project.write(notes.controller, CONTROLLER + METHOD)
    notes.project.write(notes.spec, SPEC + SECOND)
    with notes.project.running() as dev:
        dev.wait_for("alpha listens")

        assert notes.ask("/words") == {"words": 2}
        assert dev.log.index("Files written") < dev.log.index("alpha started")
        assert dev.log.count("alpha started") == 1


def test_a_method_that_is_missing_is_told_once_and_again_when_another_is(notes: Notes) -> None:
    notes.project.write(notes.spec, SPEC + SECOND)
    place = "services/alpha/src/controllers/notes.py:2:7"
    lacking = f"{place}: error\\[missing-method\\]: NotesController has no method"
    with notes.project.running() as dev:
        dev.wait_for(f"dev     \\| {lacking} 'count_words'")
        dev.wait_for("Run `make lint` to see the places, and what to write.")
        dev.wait_for("alpha listens")
        assert notes.ask("/notes") == {"notes": 1}

        notes.project.write(notes.controller, CONTROLLER + METHOD.replace("words", "word"))

        dev.wait_for("warning\\[renamed-method\\]: 'count_word' is no operation")
        notes.project.write(notes.controller, METHOD.replace("\n", "\nclass NotesController:\n", 1))
        dev.wait_for(f"{lacking} 'count_notes'")
        assert dev.log.count("has no method 'count_words'") == 1


def test_a_mistake_of_syntax_is_told_without_the_way_to_it(notes: Notes) -> None:
    with notes.project.running() as dev:
        dev.wait_for("alpha listens")

        notes.project.write(notes.controller, CONTROLLER.replace("self)", "self"))

        dev.wait_for("alpha   \\| services/alpha/src/controllers/notes.py:3: SyntaxError: ")
        dev.wait_for("alpha   \\|     async def count_notes\\(self -> dict\\[str, int\\]:")
        dev.wait_for("alpha ended with exit code 1; it is started again when its files are saved")
        assert "Traceback" not in dev.log

        notes.project.write(notes.controller, CONTROLLER + "\n1 / 0\n")

        dev.wait_for("ZeroDivisionError: division by zero")
        assert "Traceback" in dev.log
