"""One collection: the calls to the client that the adapters need, each with its errors
translated. The only place that calls Qdrant.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from itertools import islice
from typing import Any

from pydantic_core import PydanticSerializationError
from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.error_translation import translated
from shared.adapters.qdrant.filters import both, with_ids
from shared.adapters.qdrant.numbered_order import Last, Numbered, Order
from shared.adapters.qdrant.records import Payload, point_ids
from shared.language.foreign_json import storable

_POINTS_PER_REQUEST = 256
"""Some MB with their vectors, far below a server's limit of 32 MB."""

_IDS_PER_REQUEST = 10_000

_MAX_FACET_VALUES = 1_000_000
"""Different words that a facet may return: all of them. Qdrant wants a number."""


class Table:
    """A collection of a prepared Qdrant. Every write is visible to reads when it
    returns. Every method raises `Unavailable` when Qdrant does not answer.
    """

    def __init__(
        self,
        client: AsyncQdrantClient,
        name: str,
        derived: Sequence[str] = (),
        only: Sequence[str] = (),
    ) -> None:
        """`derived`: payload fields that no read returns; `only`: all that reads return,
        where it is given.
        """
        self._client = client
        self._name = name
        self.payload_selector: q.WithPayloadInterface = True
        if only:
            self.payload_selector = q.PayloadSelectorInclude(include=list(only))
        elif derived:
            self.payload_selector = q.PayloadSelectorExclude(exclude=list(derived))

    async def put(self, points: Sequence[q.PointStruct]) -> None:
        """Write whole points, replacing those of the same id. Raises `BadRequest` for
        text that is not valid Unicode.
        """
        rest = iter(points)
        while batch := list(islice(rest, _POINTS_PER_REQUEST)):
            with translated():
                try:
                    await self._client.upsert(self._name, batch, wait=True)
                except PydanticSerializationError:
                    valid = [
                        q.PointStruct(
                            id=point.id,
                            vector=point.vector,
                            payload=storable(point.payload),
                        )
                        for point in batch
                    ]
                    await self._client.upsert(self._name, valid, wait=True)

    async def get(self, ids: Sequence[str]) -> list[Payload]:
        """The payloads of points by id, in that order; unknown ids are left out."""
        valid_ids = point_ids(ids)
        if not valid_ids:
            return []
        with translated():
            points = await self._client.retrieve(
                self._name, valid_ids, with_payload=self.payload_selector
            )
        payloads = {str(point.id): point.payload or {} for point in points}
        return [payloads[id] for id in valid_ids if id in payloads]

    async def ordered(
        self,
        by: str,
        direction: q.Direction,
        where: q.Filter,
        limit: int,
        offset: int = 0,
    ) -> list[Payload]:
        """Payloads in the order of an indexed number, and in the same direction of
        their ids where the number is the same, so that pages neither repeat a point nor
        leave one out.

        Qdrant itself returns points of the same number in any order, a different one
        for every request. One point more is asked for on either side of the page: where
        that has the number of the page's edge, all points of that number are read and
        sorted here. Otherwise it is one round trip.
        """
        if limit <= 0:
            return []
        order = Order(by, direction, where)
        margin = 1 if offset else 0
        window = await self._window(order, limit + margin + 1, offset - margin)
        page = window[margin : margin + limit]
        if not page:
            return []
        outside = [*window[:margin], *window[margin + limit :]]
        edges = {page[0].number, page[-1].number}
        cut = edges & {point.number for point in outside}
        skipped = 0
        if page[0].number in cut:
            skipped = offset - await self._first_place(order, page[0].number, offset)
        for number in cut:
            others = [point for point in page if point.number != number]
            page = others + await self._of_number(order, number)
        return [point.payload for point in order.of(page)[skipped : skipped + limit]]

    async def following(
        self,
        by: str,
        direction: q.Direction,
        where: q.Filter,
        last: Last | None,
        limit: int,
    ) -> list[Payload]:
        """Payloads in the order of an indexed number, which is not negative, and in the
        same direction of their ids where the number is the same, beginning behind the last
        one that was given; that one may have gone.
        """
        if limit <= 0:
            return []
        order = Order(by, direction, where)
        from_there = order if last is None else order.from_number(last[0])
        size = limit + 1
        while True:
            window = await self._window(from_there, size, 0)
            rest = order.of(window, last)
            if len(rest) > limit or len(window) < size:
                break
            # Those at its beginning were given before: of the number of the last one, or
            # within what a float leaves out.
            size *= 2
        page = rest[:limit]
        if page and len(window) == size and page[-1].number == window[-1].number:
            # Of this number the window may hold any, and not the first by id.
            whole = await self._of_number(order, page[-1].number)
            # With those of the window: where some have gone meanwhile the page is full
            # all the same, for a short one is the last.
            by_id = {point.id: point for point in [*page, *whole]}
            page = order.of(by_id.values(), last)
        return [point.payload for point in page[:limit]]

    async def all(self, where: q.Filter) -> list[Payload]:
        """Every payload that fits, in no order."""
        return [point.payload or {} for point in await self._all_points(where)]

    async def payloads(self, where: q.Filter) -> AsyncIterator[Payload]:
        """Every payload that fits, in no order, some at a time."""
        async for page in self._pages(where, with_payload=self.payload_selector):
            for point in page:
                yield point.payload or {}

    async def with_vector(
        self, name: str, where: q.Filter, limit: int
    ) -> list[q.Record]:
        """At most `limit` points that fit, with one of their vectors, in no order."""
        return await self._all_points(where, limit=limit, vectors=[name])

    async def ids(self, where: q.Filter) -> list[str]:
        """The ids of all points that fit, in no order."""
        ids: list[str] = []
        async for page in self._pages(where, _IDS_PER_REQUEST, with_payload=False):
            ids += [str(point.id) for point in page]
        return ids

    async def count(self, where: q.Filter) -> int:
        """How many points fit, exactly."""
        with translated():
            return (await self._client.count(self._name, where, exact=True)).count

    async def words(self, field: str, where: q.Filter) -> list[str]:
        """The different values of an indexed word among the points that fit, in
        alphabetical order.
        """
        return sorted(await self.word_counts(field, where))

    async def word_counts(self, field: str, where: q.Filter) -> dict[str, int]:
        """How many of the points that fit have each value of an indexed word."""
        with translated():
            answer = await self._client.facet(
                self._name,
                field,
                facet_filter=where,
                limit=_MAX_FACET_VALUES,
                exact=True,
            )
        return {str(hit.value): hit.count for hit in answer.hits}

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
        return [result.points for result in answer.result or []]

    async def set(self, changes: Sequence[tuple[str, q.Condition, Payload]]) -> None:
        """Set some fields of points, each given by its id, only if it is there and the
        condition holds.
        """
        if not changes:
            return
        operations: list[q.UpdateOperation] = []
        for id, condition, payload in changes:
            change = q.SetPayload(
                payload=payload, filter=both(with_ids([id]), condition)
            )
            operations.append(q.SetPayloadOperation(set_payload=change))
        with translated():
            await self._client.batch_update_points(self._name, operations, wait=True)

    async def delete(self, where: q.Filter) -> None:
        """Remove points with their vectors and payloads."""
        with translated():
            await self._client.delete(
                self._name, q.FilterSelector(filter=where), wait=True
            )

    async def _window(self, order: Order, limit: int, offset: int) -> list[Numbered]:
        """As Qdrant orders them: by number, points of the same number in any order."""
        query = q.OrderByQuery(
            order_by=q.OrderBy(key=order.by, direction=order.direction)
        )
        with translated():
            answer = await self._client.query_points(
                self._name,
                query=query,
                query_filter=order.where,
                limit=limit,
                offset=offset,
                with_payload=self.payload_selector,
            )
        return [
            Numbered(int(point.order_value or 0), str(point.id), point.payload or {})
            for point in answer.points
        ]

    async def _of_number(self, order: Order, number: int) -> list[Numbered]:
        """All points of one number."""
        points = await self._all_points(order.with_number(number))
        return [
            Numbered(number, str(point.id), point.payload or {}) for point in points
        ]

    async def _first_place(self, order: Order, number: int, place: int) -> int:
        """Where the points of a number begin, given a place among them.

        A filter on the numbers before would not do: ranges are floats, and numbers here
        have up to 63 bits.
        """
        size = await self.count(order.with_number(number))
        start = max(0, place - size)
        window = await self._window(order, place - start + 1, start)
        before = [point for point in window if point.number != number]
        return start + len(before)

    async def _all_points(
        self,
        where: q.Filter,
        *,
        limit: int | None = None,
        vectors: Sequence[str] = (),
    ) -> list[q.Record]:
        if limit is not None and limit <= 0:
            return []
        points: list[q.Record] = []
        pages = self._pages(
            where, with_payload=self.payload_selector, with_vectors=list(vectors)
        )
        async for page in pages:
            points += page
            if limit is not None and len(points) >= limit:
                break
        return points[:limit]

    async def _pages(
        self, where: q.Filter, size: int = _POINTS_PER_REQUEST, **what: Any
    ) -> AsyncIterator[list[q.Record]]:
        """All points that fit, some at a time; `what` of them, in `scroll`'s words."""
        after: Any = None
        while True:
            with translated():
                page, after = await self._client.scroll(
                    self._name, where, limit=size, offset=after, **what
                )
            yield page
            if after is None:
                return
