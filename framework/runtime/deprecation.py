"""Operations that their specs call deprecated."""

from __future__ import annotations

import logging
from functools import cache

logger = logging.getLogger(__name__)


@cache
def tell_deprecated(operation: str) -> None:
    """Log, once in the life of the process, that a deprecated operation is still called."""
    logger.warning("%s is deprecated and still called; this is said once", operation)
