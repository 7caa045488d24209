"""One accepted piece of work: its life, its progress, what became of each memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from shared.contract import FileStatus
from shared.domain.expiry import NEVER
from shared.domain.identity import computed_id
from shared.domain.job_payload import AddPayload, Payload, Queue
from shared.domain.memory import Type
from shared.domain.model_answer import Usage
from shared.domain.scope import Scope

_LEFT_OUT = "left out"


class State(StrEnum):
    """Every job ends: completed, failed, dead (out of tries, can be replayed) or cancelled."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    DEAD = "dead"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Whether the job has ended."""
        return self not in (State.QUEUED, State.RUNNING)


class Step(StrEnum):
    """The steps of a job, in the order in which they are shown. A job may skip some and
    never goes back to an earlier one within a try: files are parsed, split and described
    one by one while `parse` is shown, and memories are embedded, merged and stored batch
    by batch, all batches but the first one while `store` is shown.
    """

    QUEUED = "queued"
    PARSE = "parse"
    SPLIT = "split"
    EXTRACT = "extract"
    EMBED = "embed"
    MERGE = "merge"
    STORE = "store"
    DONE = "done"


class Outcome(StrEnum):
    """What became of one extracted memory, or of one that an order was about."""

    STORED = "stored"
    MERGED = "merged"
    SUPERSEDED = "superseded"
    DROPPED = "dropped"
    ARCHIVED = "archived"
    """Was known, and is forgotten by the user's order."""
    RESTORED = "restored"
    """Had been forgotten, and is known again by the user's order."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one extracted memory, and why."""

    memory: str
    """Its id; empty for feedback of which no memory came."""
    outcome: Outcome
    kind: str = ""
    reason: str = ""
    """For people."""
    other: str = ""
    """The memory that it was merged into or that it superseded."""
    view: str = ""
    """Of a fact: "profile" or "event", where it is in that view."""


@dataclass(frozen=True, slots=True)
class FileReport:
    """How one file of a job fared."""

    name: str
    source: str = ""
    """Name of its bytes in Sources; empty until a file behind a URL has been fetched."""
    media_type: str = ""
    pages: int = 0
    """0 where there are none."""
    size: int = 0
    """Bytes."""
    status: str = "waiting"
    """waiting, completed or failed."""
    code: int = 0
    """0, or the contract's code of why it failed."""
    message: str = ""
    """Why it failed, or what of it could not be done, for people."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the sender wants the memories of a job to be kept."""

    tags: tuple[str, ...] = ()
    """Candidates: a memory gets those that fit it."""
    info: Mapping[str, Any] = field(default_factory=dict)
    """Attached to every memory; filters may ask for its keys."""
    public: bool = False
    """Whether every user of the project may recall them."""
    knowledge_bases: tuple[str, ...] = ()
    """Ids of those that the memories are put into as well."""
    instructions: Mapping[str, str] = field(default_factory=dict)
    """Instructions to a language model for this job, by what they are about; see
    `ProjectSettings.instructions`.
    """
    expires_at: int = NEVER
    """From when on the memories are hidden, epoch milliseconds; 0 for never."""


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """How far the delivery of the job's webhook is. Times are epoch milliseconds."""

    due_at: int = 0
    """When to send it next; 0 when there is nothing (more) to send."""
    attempts: int = 0
    delivered_at: int = 0
    """0 until the receiver has accepted it."""
    error: str = ""
    """Why the last attempt failed."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the tries before have done already, so that the next one need not do it
    again. Empty once the job is done, but for what is still to be replaced.
    """

    extractions: tuple[str, ...] = ()
    """Names in Sources of what the extractor found, one for each of its calls, in
    their order.
    """
    described: Mapping[str, str] = field(default_factory=dict)
    """What a picture shows, by the SHA-256 of the picture."""
    stored: int = 0
    """How many drafts, from the first, are merged and stored."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """What a model answered that was asked beside the extractor, by what it was asked for."""
    replies: Mapping[str, str] = field(default_factory=dict)
    """Names in Sources of what language models answered, by the digest of what they
    were asked: a further try asks for none of it again.
    """
    replaces: tuple[str, ...] = ()
    """Ids of what the job stored before it was replayed: removed when it has been read
    anew. What comes from a file that could not be read stays here.
    """


@dataclass(frozen=True, slots=True)
class ExtractedMemory:
    """What a job "extract" found: a memory that is shown and not kept."""

    type: Type
    text: str
    title: str = ""
    tags: tuple[str, ...] = ()
    reasoning: str = ""


@dataclass(frozen=True, slots=True)
class LeftMemory:
    """A memory of a job that is undone which stays as it is."""

    memory: str
    """Its id."""
    reason: str
    """For people."""


@dataclass(frozen=True, slots=True)
class Undo:
    """What undoing a job does, written down before anything is touched: a further try
    does the same.
    """

    removed: tuple[str, ...] = ()
    """Ids of the memories that it had added."""
    restored: tuple[str, ...] = ()
    """Ids of those that it had archived, forgotten or changed."""
    left: tuple[LeftMemory, ...] = ()
    done_at: int = 0
    """Epoch milliseconds; 0 while it goes on."""


@dataclass(frozen=True, slots=True)
class Job:
    """One accepted piece of work. Times are epoch milliseconds."""

    id: str
    scope: Scope
    payload: Payload = field(default_factory=AddPayload)
    """What to do, with what is particular to that kind of work."""
    queue: Queue = Queue.TEXT
    state: State = State.QUEUED
    options: Options = field(default_factory=Options)
    message_ids: tuple[str, ...] = ()
    fingerprint: str = ""
    """Hash of the request: the same when the same request is sent again."""
    companions: tuple[str, ...] = ()
    """The jobs of the other participants of a group chat: together with this one they
    are the wire's one task.
    """
    checkpoint: Checkpoint = Checkpoint()
    extracted: tuple[ExtractedMemory, ...] = ()
    """The result of a job "extract"."""
    created_at: int = 0
    updated_at: int = 0
    attempts: int = 0
    """Tries begun, but for those that ended because a language model was away."""
    waits: int = 0
    """Those."""
    usage: Usage = field(default_factory=Usage)
    """What its calls of language models cost."""
    error_code: int = 0
    error_message: str = ""
    files: tuple[FileReport, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    remarks: tuple[str, ...] = ()
    """What went less well than it could have, for people: a model failed, and the
    built-in extractor read instead.
    """
    redacted: tuple[str, ...] = ()
    """Which secrets were taken out of what it reads before it was stored, for people."""
    legacy_status: bool = False
    """Whether get/status answers a list of one element."""
    webhook: str = ""
    """URL to be called when the job ends; empty for none."""
    delivery: WebhookDelivery = WebhookDelivery()
    undo: Undo | None = None
    """None until somebody undoes it."""
    left_out: tuple[str, ...] = ()
    """The memories that another run does not store: they were deleted, or changed by
    others, after it had stored them. Ids of their ids, since nothing names what was deleted.
    """

    @property
    def work(self) -> str:
        """The name of the kind of work: a `Work`, or a name of a newer release."""
        return str(self.payload.work)

    def without_checkpoint(self) -> Job:
        """The same job without what its tries have saved, or the names of it; what it
        could not replace is replaced by another run.
        """
        return replace(self, checkpoint=Checkpoint(replaces=self.checkpoint.replaces))

    def ended(self, state: State, at: int, *, code: int = 0, message: str = "") -> Job:
        """The same job, ended at `at`, with its webhook due. Raises ValueError when it
        had ended in another way, or `state` is not an end.
        """
        if not state.final:
            raise ValueError(f"{state} is not an end")
        if self.state.final and self.state is not state:
            raise ValueError(
                f"job {self.id} has ended as {self.state} and cannot become {state}"
            )
        delivery = self.delivery
        if self.webhook and not self.state.final:
            delivery = WebhookDelivery(due_at=at)
        return replace(
            self,
            state=state,
            updated_at=at,
            error_code=code,
            error_message=message,
            delivery=delivery,
        )

    @property
    def is_replayable(self) -> bool:
        """Whether another run may end better: it failed, or its remarks say that
        something went less well than it could have.
        """
        if self.state is State.COMPLETED:
            return bool(self.remarks)
        return self.state in (State.FAILED, State.DEAD)

    @property
    def stored_memories(self) -> tuple[str, ...]:
        """The ids of the memories that it has stored."""
        return tuple(
            receipt.memory
            for receipt in self.receipts
            if receipt.outcome in (Outcome.STORED, Outcome.SUPERSEDED)
        )

    @property
    def named_memories(self) -> frozenset[str]:
        """The ids of all memories that its receipts name."""
        ids = {receipt.memory for receipt in self.receipts}
        ids |= {receipt.other for receipt in self.receipts}
        return frozenset(ids - {""})

    def leaving_out(self, memories: Iterable[str]) -> Job:
        """The same job, of which another run does not store these memories."""
        ids = [computed_id(_LEFT_OUT, memory) for memory in memories]
        return replace(self, left_out=tuple(dict.fromkeys((*self.left_out, *ids))))

    def leaves_out(self, memory: str) -> bool:
        """Whether another run does not store the memory of this id."""
        return computed_id(_LEFT_OUT, memory) in self.left_out

    def replayed(self, at: int) -> Job:
        """The same job, queued again with all its tries; a dead one goes on where it
        was, others begin anew, and what a completed one stored is replaced. Raises
        ValueError for a job that is not replayable.
        """
        if not self.is_replayable:
            raise ValueError(
                f"job {self.id} is {self.state}: only a failed or a dead one can be"
                " replayed, or a completed one with remarks"
            )
        if self.state is State.DEAD:
            return self._queued(at)
        return self.reopened(at)

    def reopened(self, at: int) -> Job:
        """The same job, to be done again from the beginning; what it has stored is
        replaced. It reads the bytes again that it has read. A cancelled one stays as it is.
        """
        if self.state is State.CANCELLED:
            return self
        stored = self.stored_memories if self.state is State.COMPLETED else ()
        replaces = dict.fromkeys((*self.checkpoint.replaces, *stored))
        return replace(
            self._queued(at),
            files=tuple(map(_to_be_read, self.files)),
            receipts=(),
            remarks=(),
            checkpoint=Checkpoint(replaces=tuple(replaces)),
        )

    def _queued(self, at: int) -> Job:
        return replace(
            self,
            state=State.QUEUED,
            updated_at=at,
            attempts=0,
            waits=0,
            error_code=0,
            error_message="",
            delivery=WebhookDelivery(),
            undo=None,
        )


def _to_be_read(report: FileReport) -> FileReport:
    """What could not be read is fetched anew, where it comes from a URL."""
    is_read = report.status == FileStatus.COMPLETED
    return FileReport(report.name, report.source if is_read else "")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running job is: figures that may be lost. The truth about its end is in
    the job's record only.
    """

    job: str
    state: State = State.QUEUED
    step: Step = Step.QUEUED
    files: int = 0
    files_done: int = 0
    pages: int = 0
    pages_done: int = 0
    passages: int = 0
    passages_done: int = 0
    memories: int = 0
    memories_done: int = 0
    file: str = ""
    """Name of the file that is being read."""
