"""The derived fields of every record as this release derives them, so that records of
any release are filtered, ordered and listed alike. Up to here no store had a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collections import JOBS, MEMORIES, MESSAGES, named
from shared.adapters.qdrant.error_translation import translated
from shared.adapters.qdrant.filters import both, with_ids
from shared.adapters.qdrant.job_record import JOB
from shared.adapters.qdrant.records import MEMORY, MESSAGE, Payload, derived

_PAGE = 256


class _Kind(Protocol):
    def value(self, payload: Mapping[str, Any]) -> Any: ...


_KINDS: Mapping[str, _Kind] = {MEMORIES: MEMORY, MESSAGES: MESSAGE, JOBS: JOB}


async def migrate(client: AsyncQdrantClient, prefix: str) -> None:
    """Raises `Unavailable`."""
    for collection, kind in _KINDS.items():
        after: Any = None
        name = named(prefix, collection)
        while True:
            with translated():
                points, after = await client.scroll(name, limit=_PAGE, offset=after)
                operations = [
                    q.SetPayloadOperation(set_payload=change)
                    for point in points
                    if (change := _change(point, kind)) is not None
                ]
                if operations:
                    await client.batch_update_points(name, operations, wait=True)
            if after is None:
                break


def _change(point: q.Record, kind: _Kind) -> q.SetPayload | None:
    """What of a point is not as it would be derived now; None where all is. Only a point
    that is still there is changed.
    """
    stored: Payload = point.payload or {}
    fields = derived(kind.value(stored))
    if fields.items() <= stored.items():
        return None
    return q.SetPayload(payload=fields, filter=both(with_ids([str(point.id)])))
