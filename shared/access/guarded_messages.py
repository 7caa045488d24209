"""The messages that one request may touch."""

from __future__ import annotations

from collections.abc import Sequence

from shared.access.access import Access
from shared.domain.cursor import Cursor
from shared.domain.message import Message
from shared.ports import Messages


class GuardedMessages:
    """`shared.ports.Messages`. Those of other users are as if they were not there."""

    def __init__(self, messages: Messages, access: Access) -> None:
        self._messages, self._access = messages, access

    async def put(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self._access.require_scope(message.scope)
        await self._messages.put(messages)

    async def get(self, project: str, ids: Sequence[str]) -> list[Message]:
        self._access.require_project(project)
        stored = await self._messages.get(project, ids)
        return [message for message in stored if self._access.owns(message.scope)]

    async def latest(
        self,
        project: str,
        user: str,
        conversation: str | None,
        limit: int,
        before: int | None = None,
        spoken_until: int | None = None,
    ) -> list[Message]:
        self._access.require_user(project, user)
        return await self._messages.latest(
            project, user, conversation, limit, before, spoken_until
        )

    async def page(
        self, project: str, user: str, offset: int, limit: int
    ) -> list[Message]:
        self._access.require_user(project, user)
        return await self._messages.page(project, user, offset, limit)

    async def following(
        self, project: str, user: str, cursor: Cursor | None, limit: int
    ) -> list[Message]:
        self._access.require_user(project, user)
        return await self._messages.following(project, user, cursor, limit)

    async def users(self, project: str) -> list[str]:
        self._access.require_project(project)
        users = await self._messages.users(project)
        return [user for user in users if self._access.owner in ("", user)]

    async def footprint(self, project: str) -> tuple[int, frozenset[str]]:
        self._access.require_whole_project(project)
        return await self._messages.footprint(project)

    async def delete(self, project: str, ids: Sequence[str]) -> None:
        self._access.require_project(project)
        for message in await self._messages.get(project, ids):
            self._access.require_scope(message.scope)
        await self._messages.delete(project, ids)

    async def delete_where(self, project: str, user: str) -> None:
        self._access.require_user(project, user)
        await self._messages.delete_where(project, user)
