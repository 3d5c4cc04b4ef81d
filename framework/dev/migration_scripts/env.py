"""What Alembic runs for every service: the generated `migrations/env.py` of that service."""

import runpy

from alembic import context

runpy.run_path(str(context.config.attributes["environment"]))
