"""What memories come from: messages, files, documents."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from shared.domain.cursor import Cursor
from shared.domain.knowledge import KnowledgeBase, KnowledgeFile
from shared.domain.message import Message
from shared.domain.profile import ProfileBinding, ProfileTemplate


class Messages(Protocol):
    """What was said, word for word. The order of messages is that of their arrival:
    `arrived_at`, then `position`, then id.
    """

    async def put(self, messages: Sequence[Message]) -> None:
        """Write messages. Raises ValueError for an id that is no UUID, `BadRequest` for
        text that is not valid Unicode.
        """
        ...

    async def get(self, project: str, ids: Sequence[str]) -> list[Message]:
        """Messages by id, in the order of the ids; unknown ids are left out, an id that
        is given twice counts once.
        """
        ...

    async def latest(
        self,
        project: str,
        user: str,
        conversation: str | None,
        limit: int,
        before: int | None = None,
        spoken_until: int | None = None,
    ) -> list[Message]:
        """A user's last `limit` messages, the oldest of them first. `conversation` None:
        of all conversations. `before`: only those that arrived earlier than that.
        `spoken_until`: only those that were said by then (`spoken_at`).
        """
        ...

    async def page(
        self, project: str, user: str, offset: int, limit: int
    ) -> list[Message]:
        """A part of all that a user's conversations hold, oldest first. Messages that
        arrive meanwhile come after; where some are deleted meanwhile, others are left out:
        see `following`.
        """
        ...

    async def following(
        self, project: str, user: str, cursor: Cursor | None, limit: int
    ) -> list[Message]:
        """At most `limit` of all messages of a user behind a cursor, from the beginning
        where it is None; oldest first. What is there all the while is given once.
        """
        ...

    async def users(self, project: str) -> list[str]:
        """Users that have messages, in alphabetical order."""
        ...

    async def footprint(self, project: str) -> tuple[int, frozenset[str]]:
        """The bytes (UTF-8) of the texts of all messages of a project, and the names of
        the Sources in them. Reads them all: not for every request.
        """
        ...

    async def delete(self, project: str, ids: Sequence[str]) -> None:
        """Remove messages by id."""
        ...

    async def delete_where(self, project: str, user: str) -> None:
        """Remove all messages of a user. Raises ValueError when either is empty."""
        ...


class Sources(Protocol):
    """Raw bytes, by name. The name is their SHA-256 in 64 hex digits, so the same bytes
    are stored once and everybody who names them shares them.
    """

    async def put(self, data: bytes) -> str:
        """Store bytes and return their name. They are whole and on disk when it returns."""
        ...

    async def get(self, name: str) -> bytes:
        """The bytes of a name. Raises `NotFound`, also for a text that is no such name."""
        ...

    async def size(self, name: str) -> int:
        """How many bytes a name has; 0 where there are none. Raises `NotFound` for a
        text that is no such name.
        """
        ...

    async def delete(self, name: str) -> None:
        """Remove the bytes of a name. Raises `NotFound` for a text that is no such name."""
        ...

    def names(self) -> AsyncIterator[str]:
        """All names, in order: those that are stored when this is called, and perhaps
        others.
        """
        ...


class KnowledgeBases(Protocol):
    """A project's knowledge bases and the records of their files. What was read in the
    files are memories (`Memories`), the files' bytes are `Sources`.
    """

    async def put(self, knowledge_base: KnowledgeBase) -> None:
        """Write a knowledge base. Raises ValueError for an id that is no UUID,
        `BadRequest` for text that is not valid Unicode.
        """
        ...

    async def get(self, project: str, id: str) -> KnowledgeBase | None:
        """A knowledge base by id; None when the project has none of that id."""
        ...

    async def all(self, project: str) -> list[KnowledgeBase]:
        """All of the project, oldest first (`created_at`, then id)."""
        ...

    async def delete(self, project: str, id: str) -> None:
        """Remove a knowledge base and the records of its files, but not its memories."""
        ...

    async def put_file(self, file: KnowledgeFile) -> None:
        """Write a file's record. Raises as `put` does."""
        ...

    async def update_file(self, file: KnowledgeFile) -> None:
        """Write a file's record only if it is there and names the same job: one that
        was deleted or sent again meanwhile stays as it is.
        """
        ...

    async def files(
        self, project: str, ids: Sequence[str] = (), knowledge_base: str = ""
    ) -> list[KnowledgeFile]:
        """Records of files, oldest first (`created_at`, then id): those with one of the
        ids, where any are given, and in the knowledge base, where one is named.
        """
        ...

    async def delete_files(self, project: str, ids: Sequence[str]) -> None:
        """Remove the records of files by id; none where no ids are given."""
        ...


class ProfileTemplates(Protocol):
    """A project's templates of profiles, and who has a profile by which. The values of
    profiles are memories (`Memories`).
    """

    async def put(self, template: ProfileTemplate) -> None:
        """Write a template. Raises ValueError for an id that is no UUID, `BadRequest`
        for text that is not valid Unicode.
        """
        ...

    async def get(self, project: str, ids: Sequence[str]) -> list[ProfileTemplate]:
        """Templates by id, in no order; unknown ids are left out."""
        ...

    async def all(self, project: str) -> list[ProfileTemplate]:
        """All of the project, newest first (`created_at`, then id)."""
        ...

    async def delete(self, project: str, id: str) -> None:
        """Remove a template and all bindings to it."""
        ...

    async def bind(self, bindings: Sequence[ProfileBinding]) -> None:
        """Write bindings. Raises as `put` does."""
        ...

    async def bindings(
        self, project: str, owner: str = "", template: str = ""
    ) -> list[ProfileBinding]:
        """Bindings, oldest first: of an owner and to a template, where they are named."""
        ...

    async def unbind(self, project: str, owner: str, template: str = "") -> None:
        """Remove an owner's binding to a template, or all of the owner's. Raises
        ValueError where no owner is given.
        """
        ...
