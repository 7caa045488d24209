"""What a job is worked on with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from shared.ports import (
    ChatModel,
    Embedder,
    Extractor,
    Jobs,
    KnowledgeBases,
    Leases,
    Memories,
    Messages,
    ProgressBus,
    Sources,
)


class Picture(Protocol):
    """A picture to be described, and its page."""

    @property
    def jpeg(self) -> bytes: ...
    @property
    def page(self) -> int: ...


class Document(Protocol):
    """A file as its parser read it: `unstructured` elements, and what is known of the
    whole. `pages` is 0 where there are none.
    """

    @property
    def elements(self) -> Sequence[Any]: ...
    @property
    def media_type(self) -> str: ...
    @property
    def pages(self) -> int: ...
    @property
    def tags(self) -> Sequence[str]: ...
    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def pictures(self) -> Sequence[Picture]: ...


class Fetched(Protocol):
    """A file as its server gave it."""

    @property
    def data(self) -> bytes: ...
    @property
    def name(self) -> str: ...


Parse = Callable[[bytes, str, int, Callable[[int, int], None]], Awaitable[Document]]
"""(bytes, name, pages at most, told of pages done and pages in all) -> Document. Raises
FileRejected.
"""
Fetch = Callable[[str], Awaitable[Fetched]]
"""URL -> file. Raises FileRejected."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much, how often, how long (seconds). File limits are the contract's (0.2).

    `lease` is how long a job stays unworked after its worker was killed; it is renewed
    at a third of that. `patience` is how long a job waits for the others of its user to
    be stored, `look` how long the vision model may take for one picture. `passages` are
    read by the extractor at once, `drafts` merged and stored at once.
    """

    attempts: int = 5
    files: int = 20
    file_bytes: int = 100 * 1024 * 1024
    pages: int = 200
    shelf_pages: int = 500
    before: int = 6
    lease: float = 15.0
    patience: float = 60.0
    look: float = 90.0
    passages: int = 24
    drafts: int = 32
    back_off: float = 2.0
    longest_back_off: float = 60.0


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """Ports, extractor, the ways into files, and the limits. `model` is the chat model
    for work that needs one, `vision` the one that describes pictures; None without.
    """

    memories: Memories
    messages: Messages
    jobs: Jobs
    knowledge_bases: KnowledgeBases
    sources: Sources
    progress_bus: ProgressBus
    leases: Leases
    embedder: Embedder
    extractor: Extractor
    parse: Parse
    fetch: Fetch
    model: ChatModel | None = None
    vision: ChatModel | None = None
    limits: Limits = field(default_factory=Limits)
