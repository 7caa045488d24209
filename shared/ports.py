"""What Souvenir needs of the world, as nouns of this world: one screen, no SDK type in
a signature.

Everything here is async but computation. Adapters raise `Unavailable` when their
service does not answer.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Collection, Mapping, Sequence
from typing import Any, Protocol

from shared.domain.extraction import Extraction
from shared.domain.filter import Filter, Filters
from shared.domain.job import Job, Progress, State
from shared.domain.knowledge import KnowledgeBase, KnowledgeFile
from shared.domain.memory import Candidate, Embedded, Kind, Memory, SparseVector
from shared.domain.message import Message
from shared.domain.passage import Passage, Talk
from shared.domain.scope import Reach, Scope


class Memories(Protocol):
    """What is remembered, in every index at once. A write is visible to searches when it returns."""

    async def put(self, memories: Sequence[Embedded]) -> None: ...
    async def get(self, project: str, ids: Sequence[str]) -> list[Memory]: ...
    async def archive(self, memories: Sequence[Memory]) -> None: ...
    async def update_detail(self, memories: Sequence[Memory]) -> None: ...
    async def delete(self, project: str, ids: Sequence[str]) -> None: ...
    async def delete_where(
        self,
        project: str,
        user: str = "",
        filter: Filter | None = None,
        knowledge_base: str = "",
        source: str = "",
        fast_of_job: str = "",
    ) -> None: ...
    async def candidates(
        self,
        reach: Reach,
        kinds: Mapping[Kind, int],
        lexical: SparseVector,
        dense: Sequence[float],
        filters: Filters,
    ) -> dict[Kind, list[Candidate]]: ...
    async def similar(
        self,
        scope: Scope,
        kind: Kind,
        dense: Sequence[Sequence[float]],
        limit: int,
        knowledge_base: str = "",
    ) -> list[list[Candidate]]: ...
    async def page(
        self,
        project: str,
        user: str,
        kind: Kind,
        offset: int,
        limit: int,
        filter: Filter | None = None,
    ) -> tuple[list[Memory], int]: ...
    async def users(self, project: str) -> list[str]: ...


class Messages(Protocol):
    """What was said, word for word."""

    async def put(self, messages: Sequence[Message]) -> None: ...
    async def get(self, project: str, ids: Sequence[str]) -> list[Message]: ...
    async def latest(
        self,
        project: str,
        user: str,
        conversation: str | None,
        limit: int,
        before: int | None = None,
    ) -> list[Message]: ...
    async def page(
        self, project: str, user: str, offset: int, limit: int
    ) -> list[Message]: ...
    async def users(self, project: str) -> list[str]: ...
    async def delete_where(self, project: str, user: str) -> None: ...


class Jobs(Protocol):
    """The truth about every job; survives everything but the deletion of its user."""

    async def put(self, job: Job) -> None: ...
    async def get(self, project: str | None, id: str) -> Job | None: ...
    async def unfinished(self, older_than: int, limit: int) -> list[Job]: ...
    async def dead(self, project: str, limit: int) -> list[Job]: ...
    async def of_user(
        self, project: str, user: str, limit: int, states: Collection[State] = ()
    ) -> list[Job]: ...
    async def due_deliveries(self, at: int, limit: int) -> list[Job]: ...
    async def update_delivery(self, job: Job) -> None: ...
    async def delete_where(self, project: str, user: str) -> None: ...


class KnowledgeBases(Protocol):
    """A project's shelves and the files on them."""

    async def put(self, knowledge_base: KnowledgeBase) -> None: ...
    async def get(self, project: str, id: str) -> KnowledgeBase | None: ...
    async def all(self, project: str) -> list[KnowledgeBase]: ...
    async def delete(self, project: str, id: str) -> None: ...
    async def put_file(self, file: KnowledgeFile) -> None: ...
    async def files(
        self, project: str, ids: Sequence[str] = (), knowledge_base: str = ""
    ) -> list[KnowledgeFile]: ...
    async def delete_files(self, project: str, ids: Sequence[str]) -> None: ...


class Keys(Protocol):
    """API keys, kept as hashes; a key belongs to one project."""

    async def project_of(self, key: str) -> str | None: ...
    async def put(self, key: str, project: str) -> None: ...


class Sources(Protocol):
    """Raw bytes that wait to be read, named by their SHA-256."""

    async def put(self, data: bytes) -> str: ...
    async def get(self, name: str) -> bytes: ...
    async def delete(self, name: str) -> None: ...


class Queue(Protocol):
    """Hands job ids to the workers. `urgent` goes to the front: somebody waits."""

    async def enqueue(self, job: str, queue: str, *, urgent: bool = False) -> None: ...


class ProgressBus(Protocol):
    """Progress for those who watch: may be lost, never blocks the work."""

    async def publish(self, progress: Progress) -> None: ...
    async def read(self, job: str) -> Progress | None: ...
    def watch(self, job: str) -> AsyncIterator[Progress]: ...
    async def cancel(self, job: str) -> None: ...
    async def cancelled(self, job: str) -> bool: ...


class Leases(Protocol):
    """One at a time, with an expiry (seconds) and a fencing token that grows."""

    async def acquire(self, name: str, seconds: float) -> int | None: ...
    async def renew(self, name: str, token: int, seconds: float) -> bool: ...
    async def release(self, name: str, token: int) -> None: ...
    async def held(self, name: str) -> bool: ...


class InFlight(Protocol):
    """Requests lately accepted, by fingerprint: returns the job id that owns it (the
    given one when it was free).
    """

    async def claim(self, fingerprint: str, job: str, seconds: float) -> str: ...
    async def forget(self, fingerprint: str) -> None: ...


class Rates(Protocol):
    """What is used up in a minute, by name."""

    async def take(self, name: str, amount: int, limit: int) -> float: ...
    async def give_back(self, name: str, amount: int) -> None: ...


class Webhooks(Protocol):
    """Tells others over HTTP what has happened. `check` raises BadRequest for a URL
    that can never be told; `tell` raises `Permanent` when it must not or need not be
    tried again, `Unavailable` when it may.
    """

    def check(self, url: str) -> None: ...
    async def tell(self, url: str, id: str, body: bytes) -> None: ...


class Embedder(Protocol):
    """Dense vectors of unit length. `name` goes with stored calibrations."""

    name: str
    size: int

    async def passages(self, texts: Sequence[str]) -> list[tuple[float, ...]]: ...
    async def query(self, text: str) -> tuple[float, ...]: ...


class Extractor(Protocol):
    """Finds what is worth remembering."""

    async def from_talk(self, talk: Talk) -> Extraction: ...
    async def from_passages(self, passages: Sequence[Passage]) -> Extraction: ...


class ChatModel(Protocol):
    """Any model that talks. `options`: temperature, top_p, max_tokens. A piece is
    ("text" | "reasoning", words).
    """

    name: str

    async def complete(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        schema: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> str: ...
    def stream(
        self,
        messages: Sequence[Mapping[str, Any]],
        options: Mapping[str, Any] | None = None,
    ) -> AsyncGenerator[tuple[str, str], None]: ...
