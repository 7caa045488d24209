"""The webhook endpoints of each project, as a process that writes memories knows them."""

from __future__ import annotations

import time

from shared.domain.webhook_endpoint import WebhookEndpoint
from shared.ports import WebhookEndpoints

KNOWN_FOR_S = 1.0
"""Seconds for which they are not read again. Who registers an endpoint is answered after
so long, and so every change from the answer on has its event.
"""


class EndpointCache:
    """Reads the active endpoints of a project at most once in `KNOWN_FOR_S`, or in other
    seconds.
    """

    def __init__(
        self, endpoints: WebhookEndpoints, known_for_s: float | None = None
    ) -> None:
        self._endpoints = endpoints
        self._known_for = KNOWN_FOR_S if known_for_s is None else known_for_s
        self._read: dict[str, tuple[float, list[WebhookEndpoint]]] = {}

    async def active(self, project: str) -> list[WebhookEndpoint]:
        """Raises `Unavailable`."""
        asked_at = time.monotonic()
        if project in self._read:
            read_at, endpoints = self._read[project]
            if asked_at - read_at < self._known_for:
                return endpoints
        stored = await self._endpoints.of_project(project)
        active = [endpoint for endpoint in stored if endpoint.is_active]
        self._read[project] = asked_at, active
        return active
