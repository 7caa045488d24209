"""One collection: the calls to the client that the adapters need, each with its errors translated."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from pydantic_core import PydanticSerializationError
from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.errors import translated
from shared.adapters.qdrant.filters import both, with_ids
from shared.adapters.qdrant.records import Payload, point_ids, storable

_AT_ONCE = 256
"""Points in one request: some MB with their vectors, far below a server's limit of 32 MB."""

_MOST_WORDS = 1_000_000


class Table:
    """A collection of a prepared Qdrant. Every write is visible to reads when it
    returns. Payloads are read without the `derived` fields.
    """

    def __init__(
        self, client: AsyncQdrantClient, name: str, derived: Sequence[str] = ()
    ) -> None:
        self._client = client
        self._name = name
        self.shown = (
            q.PayloadSelectorExclude(exclude=list(derived)) if derived else True
        )

    async def put(self, points: Sequence[q.PointStruct]) -> None:
        """Write whole points, replacing those of the same id."""
        rest = iter(points)
        while part := list(islice(rest, _AT_ONCE)):
            with translated():
                await self._upsert(part)

    async def get(self, ids: Sequence[str]) -> list[Payload]:
        """The payloads of points by id, in that order; unknown ones are left out."""
        wanted = point_ids(ids)
        if not wanted:
            return []
        with translated():
            points = await self._client.retrieve(
                self._name, wanted, with_payload=self.shown
            )
        found = {str(point.id): point.payload or {} for point in points}
        return [found[id] for id in wanted if id in found]

    async def ordered(
        self,
        by: str,
        direction: q.Direction,
        where: q.Filter,
        limit: int,
        offset: int = 0,
    ) -> list[Payload]:
        """Payloads in the order of an indexed number."""
        if limit <= 0:
            return []
        order = q.OrderByQuery(order_by=q.OrderBy(key=by, direction=direction))
        with translated():
            found = await self._client.query_points(
                self._name,
                query=order,
                query_filter=where,
                limit=limit,
                offset=offset,
                with_payload=self.shown,
            )
        return [point.payload or {} for point in found.points]

    async def all(self, where: q.Filter) -> list[Payload]:
        """Every payload that fits, in no order."""
        found: list[Payload] = []
        after: Any = None
        while True:
            with translated():
                page, after = await self._client.scroll(
                    self._name,
                    where,
                    limit=_AT_ONCE,
                    offset=after,
                    with_payload=self.shown,
                )
            found += [point.payload or {} for point in page]
            if after is None:
                return found

    async def count(self, where: q.Filter) -> int:
        """How many points fit, exactly."""
        with translated():
            return (await self._client.count(self._name, where, exact=True)).count

    async def words(self, field: str, where: q.Filter) -> list[str]:
        """The different values of an indexed word among the points that fit, in
        alphabetical order.
        """
        with translated():
            found = await self._client.facet(
                self._name, field, facet_filter=where, limit=_MOST_WORDS, exact=True
            )
        return sorted(str(hit.value) for hit in found.hits)

    async def query(
        self, requests: Sequence[q.QueryRequest]
    ) -> list[list[q.ScoredPoint]]:
        """Several searches in one round trip. By the raw call: the client's own copies
        every request deeply (measured: 2 ms of 5 for a recall's four).
        """
        if not requests:
            return []
        with translated():
            answer = await self._client.http.search_api.query_batch_points(
                self._name,
                query_request_batch=q.QueryRequestBatch(searches=list(requests)),
            )
        return [found.points for found in answer.result or []]

    async def set(self, changes: Sequence[tuple[str, q.Condition, Payload]]) -> None:
        """Set some fields of points by id, each only if it is there and the condition holds."""
        if not changes:
            return
        with translated():
            await self._client.batch_update_points(
                self._name,
                [
                    q.SetPayloadOperation(
                        set_payload=q.SetPayload(
                            payload=payload, filter=both(with_ids([id]), condition)
                        )
                    )
                    for id, condition, payload in changes
                ],
                wait=True,
            )

    async def delete(self, where: q.Filter) -> None:
        """Remove points with all that is known of them."""
        with translated():
            await self._client.delete(
                self._name, q.FilterSelector(filter=where), wait=True
            )

    async def _upsert(self, points: list[q.PointStruct]) -> None:
        try:
            await self._client.upsert(self._name, points, wait=True)
        except PydanticSerializationError:
            mended = [
                q.PointStruct(
                    id=point.id, vector=point.vector, payload=storable(point.payload)
                )
                for point in points
            ]
            await self._client.upsert(self._name, mended, wait=True)
