"""Webhooks that only record what is delivered."""

from __future__ import annotations

import json
from typing import Any

from shared.errors import BadRequest


class FakeWebhooks:
    """The Webhooks port. Its list holds (URL, id, body) of every try; each of `errors` is
    raised once, then all is well.
    """

    def __init__(self, *errors: Exception) -> None:
        self.deliveries: list[tuple[str, str, Any]] = []
        self._errors = list(errors)

    async def check(self, url: str, field: str = "webhook_url") -> None:
        if not url.startswith("https://"):
            raise BadRequest(f"{field}: {url} cannot be called")

    async def deliver(self, url: str, id: str, body: bytes, secret: str = "") -> None:
        self.deliveries.append((url, id, json.loads(body)))
        if self._errors:
            raise self._errors.pop(0)
