"""The channel for development, and for people who cannot be reached in any other way."""

import logging

logger = logging.getLogger(__name__)


class LogChannel:
    """Writes notifications to the log."""

    async def send(self, recipient: int | None, text: str) -> None:
        """Log the notification; this always succeeds."""
        logger.info(
            "notification for %s: %r", "nobody in particular" if recipient is None else recipient, text
        )
