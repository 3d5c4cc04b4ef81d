"""Real servers for development and tests: Redis, PostgreSQL and the Telegram Bot API, started without Docker.

Whatever is started here ends with the process that started it, however that process ends.
"""
