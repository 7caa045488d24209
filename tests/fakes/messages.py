"""Messages in a dict."""

from __future__ import annotations

from collections.abc import Sequence

from shared.domain.cursor import Cursor
from shared.domain.message import Message
from shared.jobs.clock import milliseconds
from tests.fakes.ids import canonical, looked_up


class FakeMessages:
    """`shared.ports.Messages`. `stored` shows what is kept, by id."""

    def __init__(self) -> None:
        self.stored: dict[str, Message] = {}

    async def put(self, messages: Sequence[Message]) -> None:
        self.stored.update({canonical(message.id): message for message in messages})

    async def get(self, project: str, ids: Sequence[str]) -> list[Message]:
        matches = (self.stored.get(id) for id in dict.fromkeys(map(looked_up, ids)))
        return [
            message
            for message in matches
            if message is not None and message.scope.project == project
        ]

    async def latest(
        self,
        project: str,
        user: str,
        conversation: str | None,
        limit: int,
        before: int | None = None,
        spoken_until: int | None = None,
    ) -> list[Message]:
        if limit <= 0:
            return []
        said = [
            message
            for message in self.stored.values()
            if (message.scope.project, message.scope.user) == (project, user)
            and conversation in (None, message.scope.conversation)
            and (before is None or message.arrived_at < before)
            and (
                spoken_until is None or milliseconds(message.spoken_at) <= spoken_until
            )
        ]
        return sorted(
            said, key=lambda message: (message.arrived_at, message.position, message.id)
        )[-limit:]

    async def page(
        self, project: str, user: str, offset: int, limit: int
    ) -> list[Message]:
        said = [
            message
            for message in self.stored.values()
            if (message.scope.project, message.scope.user) == (project, user)
        ]
        return sorted(
            said, key=lambda message: (message.arrived_at, message.position, message.id)
        )[offset : offset + limit]

    async def following(
        self, project: str, user: str, cursor: Cursor | None, limit: int
    ) -> list[Message]:
        whole = await self.page(project, user, 0, len(self.stored))
        if cursor is None:
            return whole[:limit]
        last = (cursor.at, cursor.position, cursor.id)
        return [
            message
            for message in whole
            if (message.arrived_at, message.position, message.id) > last
        ][:limit]

    async def users(self, project: str) -> list[str]:
        return sorted(
            {
                message.scope.user
                for message in self.stored.values()
                if message.scope.project == project
            }
        )

    async def footprint(self, project: str) -> tuple[int, frozenset[str]]:
        own = [m for m in self.stored.values() if m.scope.project == project]
        size = sum(len(message.text.encode()) for message in own)
        named = {file.source for message in own for file in message.files}
        return size, frozenset(named - {""})

    async def delete(self, project: str, ids: Sequence[str]) -> None:
        for id in ids:
            if id in self.stored and self.stored[id].scope.project == project:
                del self.stored[id]

    async def delete_where(self, project: str, user: str) -> None:
        if not project or not user:
            raise ValueError("delete_where needs a project and a user")
        self.stored = {
            id: message
            for id, message in self.stored.items()
            if (message.scope.project, message.scope.user) != (project, user)
        }
