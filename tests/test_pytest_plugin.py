"""What the plugin does to the tests of a project."""

import os
import subprocess
import sys
from pathlib import Path

from framework.cli import main
from tests.compiler.projects import write

PROJECT = {
    "services.yml": (
        "version: 2\nservices:\n"
        "  - {name: shop, type: python-fastapi, calls: [bank.say_hello, mail.say_hello]}\n"
        "  - {name: bank, type: python-fastapi, port: 8001}\n"
        "  - {name: mail, type: python-fastapi, port: 8002}\n"
    ),
    "test_shop.py": """
import os
from services.shop.src.generated.app import create_app
from services.shop.src.generated.clients.bank import BankClient

bank = BankClient()

def test_the_application_is_made_though_nobody_says_where_others_are():
    create_app()
    assert os.environ["BANK_API_BASE_URL"] == "http://127.0.0.1:9"

def test_what_is_said_counts():
    assert os.environ["MAIL_API_BASE_URL"] == "http://mail.example.org"

def test_what_an_image_says_of_its_own_service_is_not_heard():
    assert not {"OPERATIONS_HOST", "OPERATIONS_PORT"} & set(os.environ)
""",
}


def test_services_are_tested_wherever_the_tests_run(tmp_path: Path) -> None:
    root = write(tmp_path, PROJECT)
    assert main(["sync", "--root", str(root)]) == 0
    said = {
        "BANK_API_BASE_URL": "",
        "MAIL_API_BASE_URL": "http://mail.example.org",
        "OPERATIONS_HOST": "127.0.0.2",
        "OPERATIONS_PORT": "9000",
        "REDIS_URL": "redis://127.0.0.1:9",
        "PYTHONPATH": os.pathsep.join([str(root), str(root / "shared"), str(Path(__file__).parents[1])]),
    }
    command = [sys.executable, "-m", "pytest", "-q", "-p", "framework.pytest_plugin", "--rootdir", str(root)]
    done = subprocess.run(
        [*command, "test_shop.py"],
        cwd=root,
        env={**os.environ, **said},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "3 passed" in done.stdout, done.stdout + done.stderr
