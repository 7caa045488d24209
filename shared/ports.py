"""What Souvenir needs of the world: one protocol for each kind of store or service, with
no type of an SDK in a signature.

What holds for all of them:

- Everything is async but computation. Every async method raises `Unavailable` when its
  service does not answer; the methods name only what they raise besides.
- A write is visible to every reader when it returns.
- Writing the same value again changes nothing: ids are computed, and a value replaces
  the one of the same id. So everything may be tried again.
- A delete of what is not there does nothing.
- Times are epoch milliseconds, durations seconds.
- `project` is a wall: a method returns and changes only what belongs to it. An id of
  another project, or a text that is no id at all, is as one that does not exist.

The same tests run on every adapter and on the fakes: tests/contract.
"""

from __future__ import annotations

from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Mapping,
    Sequence,
)
from typing import Any, Protocol

from shared.domain.api_key import ApiKey
from shared.domain.audit import AuditEntry
from shared.domain.cursor import Cursor
from shared.domain.erasure import ErasureReceipt
from shared.domain.extraction import Draft, Extraction
from shared.domain.filter import Filter, Filters
from shared.domain.heartbeat import Heartbeat
from shared.domain.job import Job, Progress, State
from shared.domain.judgement import Judgement
from shared.domain.knowledge import KnowledgeBase, KnowledgeFile
from shared.domain.memory import (
    Candidate,
    Embedded,
    Kind,
    Memory,
    SparseVector,
    Status,
)
from shared.domain.memory_list import MemoryList
from shared.domain.message import Message
from shared.domain.message_reading import Reading, Utterance
from shared.domain.model_answer import Answer, Usage
from shared.domain.model_call import ModelCall
from shared.domain.passage import Passage, Talk
from shared.domain.profile import ProfileBinding, ProfileTemplate
from shared.domain.project_settings import ProjectSettings
from shared.domain.scope import Label, Reach, Scope
from shared.domain.stored_point import StoredPoint
from shared.domain.turn import Backlog, Taken, Turn
from shared.domain.vector_space import StoredSpaces, VectorSpace
from shared.domain.webhook_endpoint import OutboxEvent, WebhookEndpoint


class MemoryReader(Protocol):
    """Reading memories. Only activated ones that have not expired are found, or those
    that were so at the moment that a reach names; `get` returns all, and `page` where
    they are asked for.
    """

    async def get(self, project: str, ids: Sequence[str]) -> list[Memory]:
        """Memories by id, in the order of the ids, archived ones too; unknown ids are
        left out, an id that is given twice counts once.
        """
        ...

    async def candidates(
        self,
        reach: Reach,
        kinds: Mapping[Kind, int],
        lexical: SparseVector,
        dense: Sequence[float],
        filters: Filters,
    ) -> dict[Kind, list[Candidate]]:
        """What a lexical and a dense search find within a reach, in no order: of each
        kind at most the given number by each search, so at most twice that number. A
        candidate has the raw scores of the searches that found it: BM25 with the
        rarity of words counted over the reach without its filters, and the cosine.

        Without words in `lexical`, or with an empty `dense`, that search is left out.
        Raises `BadRequest` for a filter with a comparison that its field does not have.
        """
        ...

    async def reached(
        self, reach: Reach, ids: Sequence[str], filters: Filters
    ) -> list[Memory]:
        """Those of some memories that `candidates` could find within a reach, in the order
        of the ids. Raises `BadRequest` as it does.
        """
        ...

    async def similar(
        self,
        scope: Scope,
        kind: Kind,
        dense: Sequence[Sequence[float]],
        limit: int,
        knowledge_base: str = "",
    ) -> list[list[Candidate]]:
        """For each vector at most `limit` memories, those with the highest cosine first:
        of the scope's user, but for records, or of the knowledge base where one is named.
        """
        ...

    async def page(
        self,
        project: str,
        user: str | None,
        kind: Kind | None,
        offset: int,
        limit: int,
        filter: Filter | None = None,
        status: Status = Status.ACTIVATED,
        *,
        expired: bool = False,
        as_of: int = 0,
        knowledge_base: str = "",
    ) -> tuple[list[Memory], int]:
        """A user's memories of one status, newest first (`created_at`, then id), and the
        number of all that fit. Without a user those of all users, without a kind those
        of all kinds; those that have expired only where they are asked for. `as_of`:
        not those of a status, but those that held at that moment
        (`shared.domain.validity`). Memories in knowledge bases are not the user's: those
        of one are given where it is named, and no user then. For one page: whoever goes
        through several takes `following`. Raises `BadRequest` as `candidates` does.
        """
        ...

    async def following(
        self, wanted: MemoryList, cursor: Cursor | None, limit: int
    ) -> list[Memory]:
        """At most `limit` memories of a list behind a cursor, from the beginning where it
        is None; fewer only at the end. What is there all the while is given once and none
        is left out, whatever comes and goes meanwhile; what is new comes last, or not at
        all where the newest come first. Raises `BadRequest` as `candidates` does.
        """
        ...

    async def with_vectors(
        self, project: str, user: str, limit: int
    ) -> list[Candidate]:
        """At most `limit` of a user's memories that have a dense vector, with it, in no
        order. Memories in knowledge bases are not the user's.
        """
        ...

    async def labels(self, project: str, label: Label) -> dict[str, int]:
        """The users, agents, apps or conversations that memories of users name, with
        how many; expired memories count.
        """
        ...

    async def users(self, project: str) -> list[str]:
        """Users that have memories of their own, in alphabetical order; expired
        memories count.
        """
        ...

    async def counts(self, project: str) -> dict[str, dict[Kind, int]]:
        """How many memories of their own each user has, by kind; users and kinds that
        have none are missing, expired memories count.
        """
        ...


class MemoryWriter(Protocol):
    """Writing memories, in every index at once."""

    async def put(self, memories: Sequence[Embedded]) -> None:
        """Write memories whole, with their vectors. Raises ValueError for an id that is
        no UUID, `BadRequest` for text that is not valid Unicode.
        """
        ...

    async def archive(self, memories: Sequence[Memory]) -> None:
        """Write `status`, `updated_at`, `replaced`, `valid_until` and `last_change` and
        nothing else; a memory that has been deleted meanwhile stays deleted.
        """
        ...

    async def update_detail(self, memories: Sequence[Memory]) -> None:
        """Write `detail`, `updated_at` and `last_change` and nothing else, the vectors
        stay as they are; a memory that has been deleted meanwhile stays deleted.
        """
        ...

    async def update_thumbs(self, memories: Sequence[Memory]) -> None:
        """Write `thumbs` and nothing else; a memory that has been deleted meanwhile
        stays deleted.
        """
        ...

    async def mark_recalled(self, project: str, ids: Sequence[str], at: int) -> None:
        """Write `recalled_at` (epoch milliseconds) and nothing else; a memory that has
        been deleted meanwhile stays deleted.
        """
        ...

    async def delete(self, project: str, ids: Sequence[str]) -> None:
        """Remove memories by id, archived ones too, with their earlier versions
        (`VERSION_OF`) and the versions of those, as all deletions do.
        """
        ...

    async def delete_forgotten(self, before: int) -> None:
        """Remove the memories of all projects that are forgotten and were last written
        before a moment (epoch milliseconds).
        """
        ...

    async def delete_where(
        self,
        project: str,
        user: str = "",
        filter: Filter | None = None,
        knowledge_base: str = "",
        source: str = "",
        fast_of_job: str = "",
    ) -> None:
        """Remove the memories that fit everything given, archived ones too: of a user,
        that pass a filter, of a knowledge base, that were read in a source (its
        SHA-256), or the fast memories of a job. Earlier versions go with their memory,
        whether or not they fit.

        Raises ValueError where nothing but a project is given, and `BadRequest` as
        `candidates` does.
        """
        ...


class Memories(MemoryReader, MemoryWriter, Protocol):
    """What is remembered."""


class VectorSpaces(Protocol):
    """Whose vectors the memories have, and how those of another embedder take their
    place while the store is searched and written.
    """

    async def read(self) -> StoredSpaces:
        """How it stands now."""
        ...

    async def begin(self, space: VectorSpace) -> StoredSpaces:
        """Make room for the vectors of a space, which is filled from now on. Raises
        `Permanent` where it has vectors of another size.
        """
        ...

    async def switch(self) -> StoredSpaces:
        """Let the space that is being filled be the one in use; nothing to do where none
        is.
        """
        ...

    async def drop_past(self) -> StoredSpaces:
        """Remove the vectors of the space that was used before; a process that still
        writes them is refused from then on, with `Unavailable`.
        """
        ...

    async def counts(self, space: VectorSpace) -> tuple[int, int]:
        """How many memories are to have a vector, of all projects, and how many of them
        lack that of the space.
        """
        ...

    async def lacking(
        self, space: VectorSpace, after: str, limit: int
    ) -> tuple[list[Memory], str]:
        """Memories of all projects that lack the vector of a space, archived ones too,
        and where to go on; "" is the beginning, and the end.
        """
        ...

    async def fill(
        self,
        space: VectorSpace,
        memories: Sequence[Memory],
        vectors: Sequence[Sequence[float]],
    ) -> None:
        """Give memories their vectors in a space; one that was written or deleted since
        it was read gets none.
        """
        ...

    def memories(self, space: VectorSpace) -> Memories:
        """The memories, searched and written by the vectors of a space."""
        ...


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


class Jobs(Protocol):
    """The truth about every job, kept until its user is deleted."""

    async def put(self, job: Job) -> None:
        """Write a job whole; of two writers the last one wins. Raises ValueError for an
        id that is no UUID, `BadRequest` for text that is not valid Unicode.
        """
        ...

    async def get(self, project: str | None, id: str) -> Job | None:
        """A job by id, of one project or, with None, of any; None when there is none."""
        ...

    async def unfinished(
        self, older_than: int, limit: int, since: int = 0
    ) -> list[Job]:
        """Jobs of all projects that have not ended and were last written before
        `older_than`, and not before `since`, the one written longest ago first.
        """
        ...

    async def extractions(self, older_than: int, limit: int) -> list[Job]:
        """Jobs of all projects that only extract (`ExtractPayload`) and were last touched
        before `older_than`, the longest untouched first.
        """
        ...

    async def dead(self, project: str, limit: int) -> list[Job]:
        """Jobs that ran out of attempts, the last to do so first."""
        ...

    async def remarked(self, project: str, limit: int) -> list[Job]:
        """Completed jobs with remarks, the last to end first."""
        ...

    async def of_user(
        self, project: str, user: str, limit: int, states: Collection[State] = ()
    ) -> list[Job]:
        """A user's jobs, newest first (`created_at`, then id); where `states` are
        given, only jobs in one of them.
        """
        ...

    async def latest(
        self, project: str, limit: int, states: Collection[State] = ()
    ) -> list[Job]:
        """The jobs of all users of a project, newest first (`created_at`, then id);
        where `states` are given, only jobs in one of them.
        """
        ...

    async def of_documents(
        self,
        project: str,
        knowledge_base: str,
        files: Sequence[str] = (),
        memories: Sequence[str] = (),
    ) -> list[Job]:
        """The jobs that read documents of a knowledge base, oldest first (`created_at`,
        then id): of some files only, where any are given, and only those whose receipts
        name one of the memories, where any are given.
        """
        ...

    async def naming_memories(
        self, project: str, user: str, memories: Collection[str]
    ) -> list[Job]:
        """A user's jobs whose receipts name one of the memories, in no order."""
        ...

    async def with_files_to_read(self) -> list[Job]:
        """The jobs of all projects in the queue of files that have not ended, or that
        may be run again (`Job.is_replayable`), in no order.
        """
        ...

    async def of_completed_documents(self, sources: Collection[str]) -> list[Job]:
        """The completed jobs of all projects that read a document of a knowledge base in
        one of these Sources, in no order.
        """
        ...

    async def due_deliveries(self, at: int, limit: int) -> list[Job]:
        """Jobs of all projects with a webhook delivery due at `at` or before, the
        longest due first.
        """
        ...

    async def update_delivery(self, job: Job) -> None:
        """Write `delivery` and nothing else, and only if the stored job has the same
        `updated_at`: one that was replayed or deleted meanwhile stays as it is.
        """
        ...

    async def delete(self, project: str, ids: Sequence[str]) -> None:
        """Remove jobs by id."""
        ...

    async def delete_where(self, project: str, user: str) -> None:
        """Remove all jobs of a user. Raises ValueError when either is empty."""
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


class Keys(Protocol):
    """API keys, stored as hashes; a key belongs to one project."""

    async def find(self, secret: str) -> ApiKey | None:
        """The key with that secret, an expired one too; None for an unknown one."""
        ...

    async def put(self, key: ApiKey) -> None:
        """Write a key. There is one for each hash."""
        ...

    async def of_project(self, project: str) -> list[ApiKey]:
        """The keys of a project, oldest first (`created_at`, then id)."""
        ...

    async def delete(self, project: str, id: str) -> None:
        """Remove a key: it opens nothing any more."""
        ...

    async def expire(self, project: str, id: str, at: int) -> None:
        """Write `expires_at` and nothing else; a key that has been removed meanwhile
        stays removed.
        """
        ...

    async def mark_used(self, project: str, id: str, at: int) -> None:
        """Write `last_used_at` and nothing else; a key that has been removed meanwhile
        stays removed.
        """
        ...


class AuditTrail(Protocol):
    """What was done with the keys of each project, and what was refused them."""

    async def put(self, entries: Sequence[AuditEntry]) -> None:
        """Write entries. Raises ValueError for an id that is no UUID."""
        ...

    async def latest(
        self, project: str, limit: int, before: int = 0, user: str = "", key: str = ""
    ) -> list[AuditEntry]:
        """At most `limit` entries, newest first (`at`, then id): those before a moment,
        about a user, of a key, where they are given.
        """
        ...

    async def trim(self, project: str, most: int) -> None:
        """Remove all but the newest entries of a project, so that at most so many stay."""
        ...

    async def rename(self, project: str, user: str, alias: str) -> None:
        """Write `alias` wherever a user's id stands in the entries of a project."""
        ...

    async def forget(self, project: str, until: int) -> None:
        """Remove the entries of a project up to a moment, that one included."""
        ...


class Projects(Protocol):
    """What the owners of projects have set."""

    async def get(self, project: str) -> ProjectSettings:
        """The settings of a project; empty ones where nothing is set."""
        ...

    async def put(self, settings: ProjectSettings) -> None:
        """Write them whole. Raises `BadRequest` for text that is not valid Unicode."""
        ...


class Erasures(Protocol):
    """Receipts of deletions, which are all that is left of what was deleted."""

    async def put(self, receipt: ErasureReceipt) -> None:
        """Write a receipt."""
        ...

    async def latest(
        self, project: str, limit: int, subject: str = ""
    ) -> list[ErasureReceipt]:
        """Those of a project, newest first (`at`, then id); of one subject, where it is
        named.
        """
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


class Points(Protocol):
    """Everything that lasts but the Sources, point by point, to be copied whole."""

    @property
    def collections(self) -> Sequence[str]:
        """Their names: in this order a copy of each after the other is complete, though
        work goes on. The jobs come after all that they write, the messages, which jobs
        read, after the jobs.
        """
        ...

    async def count(self, collection: str) -> int:
        """How many points it has."""
        ...

    def pages(self, collection: str, vector: str) -> AsyncIterator[list[StoredPoint]]:
        """All points, some at a time; of their dense vectors those of this name."""
        ...

    async def put(
        self, collection: str, points: Sequence[StoredPoint], vector: str
    ) -> None:
        """Write points whole; their dense vectors under this name."""
        ...

    async def clear(self, collection: str) -> None:
        """Remove all points."""
        ...

    async def delete_project(self, project: str) -> dict[str, int]:
        """Remove all that belongs to a project; how many points, by collection."""
        ...

    async def counts(
        self, project: str, user: str = "", knowledge_base: str = ""
    ) -> dict[str, int]:
        """How many points a user, or a knowledge base, has in each collection, archived
        ones too; collections without any are missing.
        """
        ...

    def job(self, point: StoredPoint) -> Job:
        """The job that a point of the jobs is."""
        ...

    def memory(self, point: StoredPoint) -> Memory:
        """The memory that a point of the memories is."""
        ...

    def reopened(self, job: StoredPoint, since: int) -> StoredPoint:
        """The job to be done again, where it ended at `since` (epoch milliseconds) or
        later; else as it is.
        """
        ...

    def key(self, hashed: str, project: str) -> StoredPoint:
        """An API key that opens a project, by its SHA-256."""
        ...


class StoreState(Protocol):
    """What a store says of itself."""

    async def schema(self) -> int:
        """The number of the last migration that it has been through; 0 for one that was
        never given a number.
        """
        ...

    async def set_schema(self, number: int) -> None:
        """Write it."""
        ...

    async def restore_under_way(self) -> tuple[str, bool]:
        """Which backup is being restored, by the digest of its manifest, and whether
        what had been stored before is removed; "" and False where none is.
        """
        ...

    async def begin_restore(self, digest: str, is_cleared: bool) -> None:
        """From here on, until `end_restore`, the store is not whole."""
        ...

    async def end_restore(self) -> None:
        """The store is whole."""
        ...


class Queue(Protocol):
    """Lets jobs wait for a worker, and says whose turn it is: by lane, then round by
    projects, within a project round by users. Each is handed out at least once: the same
    id may come again.

    A worker is sent messages, each of which it exchanges for the job whose turn it is.
    """

    async def enqueue(self, job: str, queue: str, turn: Turn = Turn()) -> None:
        """Let a job wait in the queue "text" or "files"; one that waits there already
        goes on waiting where it is. When it raises, the job may have been enqueued all
        the same.
        """
        ...

    async def take(self, message: str, job: str, queue: str) -> Taken | None:
        """What a worker does for a message that names `job`: the job whose turn it is,
        the same for the same message until it is done; None where nothing waits.
        """
        ...

    async def done(self, message: str, queue: str) -> None:
        """The worker needs a message no more."""
        ...

    async def put_back(self, message: str, queue: str, seconds: float) -> None:
        """The job of a message waits again, and can be taken after `seconds`, before the
        others of its user.
        """
        ...

    async def waiting_in(self, queue: str) -> frozenset[str]:
        """The ids that no worker has taken yet, in all lanes."""
        ...

    async def backlog(self, project: str | None = None) -> Backlog:
        """How many wait in all queues; with a project named, of the projects only that."""
        ...

    async def top_up(self, queue: str) -> int:
        """Send the messages that are missing where more jobs wait than messages: one
        that could not be sent leaves a job that nobody asks for. How many.
        """
        ...


class ProgressBus(Protocol):
    """How far running jobs are, and requests to cancel them. What is published may be
    lost; the truth about a job is in `Jobs`.
    """

    async def publish(self, progress: Progress) -> None:
        """Store the latest figures of a job for some hours and send them to those who
        watch.
        """
        ...

    async def report(self, progress: Progress) -> bool:
        """`publish`, and whether the job was asked to stop, in one round trip."""
        ...

    async def read(self, job: str) -> Progress | None:
        """The latest figures; None where none are stored (any more)."""
        ...

    def watch(self, job: str) -> AsyncIterator[Progress]:
        """The latest figures, where there are any, then every change until the job has
        ended; the same figures may come twice. Waits forever where nothing is
        published: give it a time limit.
        """
        ...

    async def cancel(self, job: str) -> None:
        """Ask whoever works on a job to stop; the request expires after a day."""
        ...

    async def take_back_cancel(self, job: str) -> None:
        """Take the request to stop back, if there is one."""
        ...

    async def cancelled(self, job: str) -> bool:
        """Whether a job was asked to stop."""
        ...

    async def forget(self, jobs: Collection[str]) -> None:
        """Remove the figures of jobs, which name files."""
        ...


class Leases(Protocol):
    """Locks that expire by themselves, each with a fencing token: a number that grows
    with every new holder of the same name, so that a late holder can be recognised.
    """

    async def acquire(self, name: str, seconds: float) -> int | None:
        """The token of a lease that was free, for `seconds`; None when it is held. Does
        not wait. Not idempotent: the holder itself gets None.
        """
        ...

    async def renew(self, name: str, token: int, seconds: float) -> bool:
        """Hold it for `seconds` from now; False when the token does not hold it any
        more.
        """
        ...

    async def release(self, name: str, token: int) -> None:
        """Free it, if the token still holds it."""
        ...

    async def held(self, name: str) -> bool:
        """Whether anybody holds it now."""
        ...


class InFlight(Protocol):
    """Requests accepted lately, by fingerprint, so that a repeated request is answered
    with the job of the first one.
    """

    async def claim(self, fingerprint: str, job: str, seconds: float) -> str:
        """The id of the job that has the fingerprint: the given one when it was free,
        which then has it for `seconds`; else the earlier one. Of several callers at
        once exactly one gets it.
        """
        ...

    async def forget(self, fingerprint: str) -> None:
        """Free a fingerprint before its time."""
        ...


class Rates(Protocol):
    """Amounts used per minute, by name, counted over a sliding window."""

    async def take(self, name: str, amount: int, limit: int) -> float:
        """Use an amount if all of the last minute together stays within `limit`:
        returns 0, or the seconds after which it would, and then nothing is used. An
        amount larger than the limit fits where nothing was used. Not idempotent.
        """
        ...

    async def give_back(self, name: str, amount: int) -> None:
        """Return an amount that was taken and not used. Not idempotent."""
        ...


class ModelUsage(Protocol):
    """What language models cost: figures that may be lost with Redis."""

    async def record(
        self, project: str, role: str, outcome: str, usage: Usage, model: str = ""
    ) -> None:
        """Count a call of a model and how it ended. Not idempotent."""
        ...

    async def latest(self, project: str, limit: int) -> list[ModelCall]:
        """The latest calls of a project, at most 200, the latest first."""
        ...

    async def tokens(self, project: str) -> tuple[int, int]:
        """The tokens that a project has used today and this month (UTC)."""
        ...

    async def forget(self, project: str) -> None:
        """Remove the figures of a project; those of all projects together stay."""
        ...

    async def totals(self) -> Mapping[tuple[str, str], Usage]:
        """What all projects have used, by role and outcome, since the figures began."""
        ...


class Tallies(Protocol):
    """Counters that processes share: figures that may be lost with Redis."""

    async def add(self, amounts: Mapping[str, int]) -> None:
        """Count amounts, by name. Not idempotent."""
        ...

    async def totals(self) -> Mapping[str, int]:
        """All that was counted, by name, since the figures began."""
        ...


class Heartbeats(Protocol):
    """Which worker processes run: what may be lost with Redis, and comes back by itself."""

    async def write(self, heartbeat: Heartbeat) -> None:
        """Say that a process runs; forgotten where it is not said again for a while."""
        ...

    async def stop(self, heartbeat: Heartbeat) -> None:
        """Say that a process ends; nothing happens where nobody knew of it."""
        ...

    async def running(self) -> Sequence[Heartbeat]:
        """Those that have said so lately, by queue, the oldest first."""
        ...


class Webhooks(Protocol):
    """Posts messages, signed, to URLs that users name."""

    async def check(self, url: str, field: str = "webhook_url") -> None:
        """Raises `BadRequest` for a URL that can never be delivered to: it is no
        http(s) URL, or leads to an address that is not to be reached. `field`: of the
        request, to be named.
        """
        ...

    async def deliver(self, url: str, id: str, body: bytes, secret: str = "") -> None:
        """Post a JSON body; returns when the receiver has answered 2xx. `id` is the
        same for every attempt at the same message, for the receiver to recognise it.
        `secret` signs it where it is given, as each does of several separated by spaces.

        Raises `Permanent` when it must not be tried again (an address that is not to be
        reached, or the answer 410), `Unavailable` when it may.
        """
        ...


class WebhookEndpoints(Protocol):
    """The URLs that projects registered for events of their memories."""

    async def put(self, endpoint: WebhookEndpoint) -> None:
        """Write one whole. Raises `BadRequest` for text that is not valid Unicode."""
        ...

    async def get(self, project: str | None, id: str) -> WebhookEndpoint | None:
        """One by id, of one project or, with None, of any; None when there is none."""
        ...

    async def of_project(self, project: str) -> list[WebhookEndpoint]:
        """All of a project, the oldest first (`created_at`, then id)."""
        ...

    async def update_state(self, endpoint: WebhookEndpoint) -> None:
        """Write `is_active`, `error`, `failures` and `retry_at` and nothing else, and
        only if the stored one has the same `updated_at`.
        """
        ...

    async def update_settings(self, endpoint: WebhookEndpoint) -> None:
        """Write everything but its secrets, if it is there."""
        ...

    async def replace_secret(self, endpoint: WebhookEndpoint, before: str) -> bool:
        """Write `secret`, `old_secrets` and `updated_at` and nothing else, and only if
        the stored secret is `before`; whether it was.
        """
        ...

    async def delete(self, project: str, id: str) -> None:
        """Remove one."""
        ...


class Outbox(Protocol):
    """Events that wait to be delivered to webhooks of projects."""

    async def put(self, events: Sequence[OutboxEvent]) -> None:
        """Write events whole."""
        ...

    async def due_endpoints(self, at: int) -> list[str]:
        """The ids of endpoints with events that are due at `at` or before."""
        ...

    async def due(self, endpoint: str, at: int, limit: int) -> list[OutboxEvent]:
        """Events of an endpoint that are due at `at` or before, the longest due first."""
        ...

    async def waiting(self, project: str) -> dict[str, int]:
        """How many events wait, by endpoint; those without any are missing."""
        ...

    async def delete(self, ids: Sequence[str]) -> None:
        """Remove events by id."""
        ...

    async def delete_of(self, endpoint: str) -> None:
        """Remove all events of an endpoint."""
        ...


class Embedder(Protocol):
    """Dense vectors of unit length."""

    name: str
    """Which model: stored calibrations belong to it."""
    size: int
    """Numbers in a vector."""

    async def passages(self, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """One vector a text, in order, for texts to be found. What is longer than the
        model reads is cut off.
        """
        ...

    async def query(self, text: str) -> tuple[float, ...]:
        """The vector of a text to find others by. Soon raises `Unavailable` where there
        is none to be had.
        """
        ...


class Reranker(Protocol):
    """A model that reads a query together with each text."""

    name: str
    """Which model."""

    async def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """How relevant each text is, in their order: 0..1, the higher the better; only
        the order of the numbers is the same with every model.
        """
        ...


class MessageReader(Protocol):
    """Says of messages what they are and which words of them are worth keeping."""

    async def read(
        self, messages: Sequence[Utterance], *, urgent: bool = False
    ) -> list[Reading]:
        """One reading a message, in order; of a long one only the beginning is read."""
        ...


class RelationJudge(Protocol):
    """Says how what is said later bears on a remembered statement."""

    @property
    def archive_from(self) -> float:
        """Probability of a change (update, ended, correction, instruction_replaced) from
        which the older statement may be archived.
        """
        ...

    @property
    def mark_from(self) -> float:
        """Probability of a change from which the older statement is marked."""
        ...

    @property
    def mark_simple_from(self) -> float:
        """The same for an older statement that says one thing."""
        ...

    @property
    def likely_from(self) -> float:
        """Probability of a change from which what was said later is noted beside the
        older statement.
        """
        ...

    async def judge(
        self, pairs: Sequence[tuple[str, str]], *, urgent: bool = False
    ) -> list[Judgement]:
        """Of each (old, new), in order."""
        ...


ExtractorCall = Callable[[Sequence[Draft]], Awaitable[Extraction]]
"""A part of an extraction that is saved by itself; it is given the drafts of the parts
before it. Raises `Transient` where a service that it needs does not answer.
"""


class Extractor(Protocol):
    """Finds what is worth remembering. Never fails for what a text says: what could not
    be done as intended stands in the remarks of the result.
    """

    @property
    def is_cheap(self) -> bool:
        """Whether asking again costs little, and says the same."""
        ...

    def talk_calls(self, talk: Talk) -> Sequence[ExtractorCall]:
        """The parts of `from_talk`, in order; always as many for the same talk."""
        ...

    async def from_talk(self, talk: Talk) -> Extraction:
        """Drafts from messages, in the order in which they were said."""
        ...

    async def from_passages(self, passages: Sequence[Passage]) -> Extraction:
        """Drafts from parts of documents, in their order."""
        ...


class ChatModel(Protocol):
    """A language model that answers messages (`{"role": ..., "content": ...}`).

    `options` may hold `temperature`, `top_p` and `max_tokens`; others, and those that
    the model does not take, are left out.

    Both methods raise `ModelUnavailable` when it may answer later, `ModelRefused` when
    it does not do this (`ModelTooLong` when a shorter request may help),
    `ModelMisconfigured` when its owner has to act, and `BudgetExhausted` where the tokens of
    a project are counted.
    """

    name: str
    """What users call it."""
    calls: int
    """How many it takes at a time in one process; more wait."""

    async def complete(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        schema: Mapping[str, Any] | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Answer:
        """The whole answer. With a JSON `schema` the model is asked for JSON of that
        form; the answer is not checked and may be no JSON, or half of it (`is_cut`).
        """
        ...

    def stream(
        self,
        messages: Sequence[Mapping[str, Any]],
        options: Mapping[str, Any] | None = None,
        on_usage: Callable[[Usage], None] | None = None,
    ) -> AsyncGenerator[tuple[str, str], None]:
        """The answer in pieces as they come: ("text" | "reasoning", characters).
        `on_usage` is called once, at the end, where the endpoint counts tokens.
        """
        ...
