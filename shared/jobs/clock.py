"""Time as it stands in every record: epoch milliseconds, UTC."""

from __future__ import annotations

import time
from datetime import datetime

_NS_PER_MS = 1_000_000


def now() -> int:
    """This moment, epoch milliseconds."""
    return time.time_ns() // _NS_PER_MS


def milliseconds(moment: datetime) -> int:
    """Epoch milliseconds of an aware datetime, to the nearest one."""
    return round(moment.timestamp() * 1000)
