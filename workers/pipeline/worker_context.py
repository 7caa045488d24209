"""What the steps of a job need from outside: ports, parser, fetcher, models, limits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from shared.contract import LIMITS
from shared.ports import (
    ChatModel,
    Embedder,
    Extractor,
    Jobs,
    KnowledgeBases,
    Leases,
    Memories,
    MessageReader,
    Messages,
    ProfileTemplates,
    ProgressBus,
    Queue,
    RelationJudge,
    Sources,
    Tallies,
    VectorSpaces,
)
from workers.pipeline.extract.model.known_memories import KnownMemories


class Picture(Protocol):
    """A picture to be described, with its page (from 1; 0 where there are none)."""

    @property
    def jpeg(self) -> bytes: ...
    @property
    def page(self) -> int: ...


class Document(Protocol):
    """A file as its parser read it: `unstructured` elements, and what is known of the
    file. `pages` is 0 where there are none.
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


OnProgress = Callable[[int, int], None]
"""Called with the pages read so far and the pages of the file."""
Parse = Callable[[bytes, str, int, OnProgress], Awaitable[Document]]
"""(bytes, name, most pages, on_progress) -> Document. Raises FileRejected."""
Fetch = Callable[[str], Awaitable[Fetched]]
"""URL -> file. Raises FileRejected."""
InstructionSource = Callable[[str], Awaitable[Sequence[Mapping[str, str]]]]
"""Project -> what holds for all projects, and for it, by what it is about."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much, how often, how long. Times are seconds."""

    attempts: int = 5
    """Tries of a job; then it is dead."""
    files: int = LIMITS.files
    """Files of one message (contract 0.2), as the next three."""
    file_bytes: int = LIMITS.file_bytes
    pages: int = LIMITS.file_pages
    """Pages of a file in a message."""
    document_pages: int = LIMITS.document_pages
    """Pages of a file of a knowledge base."""
    messages_before: int = 6
    """Earlier messages of the conversation that the extractor is shown."""
    lease: float = 15.0
    """How long a job stays without a worker after its worker was killed."""
    lease_wait: float = 60.0
    """How long a job waits for the others of its user to be merged and stored."""
    stall: float = 900.0
    """How long a job may show no sign of getting on before its try is called off. A batch
    of memories takes seconds to merge; the rest is for a starved machine, and for models.
    """
    description: float = 90.0
    """How long the vision model may take for one picture."""
    passage_batch: int = 24
    """Passages of one call of the extractor."""
    draft_batch: int = 32
    """Drafts that are merged and stored at once."""
    back_off: float = 2.0
    """Pause after the first failed try; four times longer after each further one."""
    longest_back_off: float = 60.0
    embed_batch: int = 4
    """Texts that are embedded between two reports of progress: about a second of work of
    an embedder on this machine, one request of another one.
    """
    reindex_turn: float = 120.0
    """Seconds after which a job that embeds everything anew lets others have its worker,
    and goes on behind them.
    """
    embedder_settling: float = 15.0
    """How long every process may take to follow a change of the embedder."""
    waits_for_model: bool = False
    """Whether a job waits for a language model that is away for as long as it takes,
    instead of doing without it in the end.
    """
    model_pauses: Sequence[float] = (15.0, 60.0, 240.0, 600.0)
    """Pauses of a job whose model is away: a quarter of an hour together. One that goes
    on waiting waits `longest_model_pause` from then on.
    """
    longest_model_pause: float = 3600.0
    most_waits: int = 170
    """From which a job that goes on waiting is dead: about a week."""
    turn: float = 5400.0
    """Seconds of a try after which no further language model is asked: the job makes
    room, and goes on with what it has saved.
    """
    calls_at_once: int = 1
    """Groups of passages of one file that are read at a time."""


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """All that the steps of a job need from outside."""

    memories: Memories
    messages: Messages
    jobs: Jobs
    knowledge_bases: KnowledgeBases
    profile_templates: ProfileTemplates
    sources: Sources
    progress_bus: ProgressBus
    leases: Leases
    queue: Queue
    tallies: Tallies
    embedder: Embedder
    extractor: Extractor
    reader: MessageReader
    judge: RelationJudge
    parse: Parse
    fetch: Fetch
    embedder_of_names: Embedder | None = None
    """By which what an order names is compared; None: by that of the store."""
    spaces: VectorSpaces | None = None
    wanted_embedder: Callable[[], Awaitable[Embedder]] | None = None
    """Whose vectors the memories have, and the embedder that the settings name, or else
    the best that comes along; None where the embedder never changes.
    """
    known_memories: KnownMemories | None = None
    """What the extractor shows a language model; None where there is no model."""
    extract_model: ChatModel | None = None
    """The chat model that reads talk and documents, decides on feedback and fills
    profiles; None where none is configured.
    """
    instructions: InstructionSource | None = None
    """What the owner tells it; None where there is no model."""
    vision: ChatModel | None = None
    """The chat model that describes pictures; None where none is configured."""
    redact: tuple[str, ...] = ()
    """Kinds of secrets that are taken out of documents (`shared.language.redaction`)."""
    limits: Limits = field(default_factory=Limits)
