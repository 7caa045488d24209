"""One collection: the calls to the client that the adapters need, each with its errors
translated. The only place that calls Qdrant, beside the reads without an order
(`table_reads`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from pydantic_core import PydanticSerializationError
from qdrant_client import models as q

from shared.adapters.qdrant.error_translation import translated
from shared.adapters.qdrant.filters import both, with_ids
from shared.adapters.qdrant.numbered_order import Last, Numbered, Order
from shared.adapters.qdrant.records import Payload
from shared.adapters.qdrant.table_reads import POINTS_PER_REQUEST, TableReads
from shared.language.foreign_json import storable


class Table(TableReads):
    """A collection of a prepared Qdrant. Every write is visible to reads when it
    returns. Every method raises `Unavailable` when Qdrant does not answer.
    """

    async def put(self, points: Sequence[q.PointStruct]) -> None:
        """Write whole points, replacing those of the same id. Raises `BadRequest` for
        text that is not valid Unicode.
        """
        rest = iter(points)
        while batch := list(islice(rest, POINTS_PER_REQUEST)):
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
        points = await self.all_points(order.with_number(number))
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
