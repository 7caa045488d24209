"""Messages, in the order in which they came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from qdrant_client import AsyncQdrantClient
from qdrant_client import models as q

from shared.adapters.qdrant.collection_client import Table
from shared.adapters.qdrant.collections import MESSAGES, named
from shared.adapters.qdrant.filters import both, equal, with_ids
from shared.adapters.qdrant.numbered_order import Last
from shared.adapters.qdrant.records import MESSAGE, point_id, sequence
from shared.domain.cursor import Cursor
from shared.domain.message import Message


class QdrantMessages:
    """`shared.ports.Messages`."""

    def __init__(self, client: AsyncQdrantClient, prefix: str) -> None:
        name = named(prefix, MESSAGES)
        self._table = Table(client, name)
        self._sizes = Table(client, name, only=("text", "files"))

    async def put(self, messages: Sequence[Message]) -> None:
        points = []
        for message in messages:
            payload = MESSAGE.payload(message)
            points.append(
                q.PointStruct(id=point_id(message.id), vector={}, payload=payload)
            )
        await self._table.put(points)

    async def get(self, project: str, ids: Sequence[str]) -> list[Message]:
        messages = map(MESSAGE.value, await self._table.get(ids))
        return [message for message in messages if message.scope.project == project]

    async def latest(
        self,
        project: str,
        user: str,
        conversation: str | None,
        limit: int,
        before: int | None = None,
        spoken_until: int | None = None,
    ) -> list[Message]:
        where = _of(project, user)
        if conversation is not None:
            where.append(equal("scope.conversation", conversation))
        if before is not None:
            where.append(q.FieldCondition(key="arrived_at", range=q.Range(lt=before)))
        if spoken_until is not None:
            # Within one conversation: few enough to be compared without an index.
            end = datetime.fromtimestamp((spoken_until + 1) / 1000, UTC)
            said = q.FieldCondition(key="spoken_at", range=q.DatetimeRange(lt=end))
            where.append(said)
        newest_first = await self._table.ordered(
            "sequence", q.Direction.DESC, both(*where), limit
        )
        return [MESSAGE.value(payload) for payload in reversed(newest_first)]

    async def page(
        self, project: str, user: str, offset: int, limit: int
    ) -> list[Message]:
        payloads = await self._table.ordered(
            "sequence", q.Direction.ASC, both(*_of(project, user)), limit, offset
        )
        return [MESSAGE.value(payload) for payload in payloads]

    async def following(
        self, project: str, user: str, cursor: Cursor | None, limit: int
    ) -> list[Message]:
        last: Last | None = None
        if cursor is not None:
            last = sequence(cursor.at, cursor.position), point_id(cursor.id)
        where = both(*_of(project, user))
        payloads = await self._table.following(
            "sequence", q.Direction.ASC, where, last, limit
        )
        return [MESSAGE.value(payload) for payload in payloads]

    async def users(self, project: str) -> list[str]:
        return await self._table.words(
            "scope.user", both(equal("scope.project", project))
        )

    async def footprint(self, project: str) -> tuple[int, frozenset[str]]:
        size, sources = 0, set()
        in_project = both(equal("scope.project", project))
        async for payload in self._sizes.payloads(in_project):
            size += len(str(payload.get("text", "")).encode("utf-8", "replace"))
            sources |= {str(file.get("source")) for file in payload.get("files") or ()}
        return size, frozenset(sources - {""})

    async def delete(self, project: str, ids: Sequence[str]) -> None:
        if ids:
            in_project = equal("scope.project", project)
            await self._table.delete(both(in_project, with_ids(ids)))

    async def delete_where(self, project: str, user: str) -> None:
        if not project or not user:
            raise ValueError("delete_where needs a project and a user")
        await self._table.delete(both(*_of(project, user)))


def _of(project: str, user: str) -> list[q.Condition]:
    return [equal("scope.project", project), equal("scope.user", user)]
