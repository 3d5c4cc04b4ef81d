"""The service of `viewed.py` for a process of its own."""

from framework.runtime.broker import EventBroker
from tests.runtime.transport.viewed import create_app

app = create_app(EventBroker())
