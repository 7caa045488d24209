"""An `expiration_date` that is past is legal, and mostly a slip: what has it is hidden from
searches and lists at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from services.gateway.wire.wire_times import now


def past_expiry(
    written: str | None, expires_at: int | None, what: str
) -> Iterator[str]:
    """A remark where a date is past. `expires_at`: its end, epoch milliseconds, 0 for
    never; `what`: what has it.
    """
    if expires_at and expires_at <= now():
        yield f"expiration_date: {written} is past; {what} is shown with show_expired alone"
