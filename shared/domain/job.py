"""One accepted add: its life, its progress, what became of each memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from shared.domain.scope import Scope

COMPANIONS, SAVED, DESCRIBED = "companions", "extraction", "described"
"""Names in a job's body: the jobs of the other participants of a group chat; Sources
that hold what the extractor found; what pictures show, by their hash.
"""


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
    """The named stages of a job, in order."""

    QUEUED = "queued"
    PARSE = "parse"
    SPLIT = "split"
    EXTRACT = "extract"
    MERGE = "merge"
    EMBED = "embed"
    STORE = "store"
    DONE = "done"


class Outcome(StrEnum):
    """What became of one extracted memory."""

    STORED = "stored"
    MERGED = "merged"
    SUPERSEDED = "superseded"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one extracted memory, and why. `other` is the memory it was merged
    into or that it superseded.
    """

    memory: str
    outcome: Outcome
    kind: str = ""
    reason: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class FileReport:
    """How one file of a job fared: `code` is 0 or the contract's error code."""

    name: str
    source: str = ""
    media_type: str = ""
    pages: int = 0
    size: int = 0
    status: str = "waiting"
    code: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """How the sender wants the memories of a job to be kept."""

    tags: tuple[str, ...] = ()
    info: Mapping[str, Any] = field(default_factory=dict)
    public: bool = False
    knowledge_bases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """How far the job's webhook is told of its end. Times are epoch milliseconds:
    `due_at` is when to tell it next, 0 when there is nothing (more) to tell; `told_at`
    is 0 until it has taken the news. `error` is what the last try ran into.
    """

    due_at: int = 0
    attempts: int = 0
    delivered_at: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One accepted piece of work. Times are epoch milliseconds.

    `work` says what to do: "add" (remember messages), "document" (a knowledge base's
    file) or "feedback"; `body` holds what is particular to it. `remarks` say what went
    less well than it could have (a model failed, and the rules read instead).
    `legacy_status` asks for the one-element list of get/status (contract 1.6).
    `webhook` is a URL to be told of the end.
    """

    id: str
    scope: Scope
    work: str = "add"
    queue: str = "text"
    state: State = State.QUEUED
    options: Options = field(default_factory=Options)
    message_ids: tuple[str, ...] = ()
    body: Mapping[str, Any] = field(default_factory=dict)
    created_at: int = 0
    updated_at: int = 0
    attempts: int = 0
    error_code: int = 0
    error_message: str = ""
    files: tuple[FileReport, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    remarks: tuple[str, ...] = ()
    legacy_status: bool = False
    webhook: str = ""
    delivery: WebhookDelivery = WebhookDelivery()

    @property
    def companions(self) -> tuple[str, ...]:
        """The jobs of the other participants of a group chat: together with this one
        they are the wire's one task.
        """
        return tuple(self.body.get(COMPANIONS) or ())

    @property
    def saved(self) -> tuple[str, ...]:
        """Sources that hold what the extractor found, reading by reading, until the job is done."""
        return tuple(self.body.get(SAVED) or ())

    def unsaved(self) -> Job:
        """The same job without what was saved on the way, or its name: for whoever deletes it."""
        return replace(
            self,
            body={
                key: value
                for key, value in self.body.items()
                if key not in (SAVED, DESCRIBED)
            },
        )

    def ended(self, state: State, at: int, *, code: int = 0, message: str = "") -> Job:
        """The same job, ended, and its webhook to be told. Raises ValueError when it
        had ended in another way, or `state` is not an end.
        """
        if not state.final:
            raise ValueError(f"{state} is not an end")
        if self.state.final and self.state is not state:
            raise ValueError(
                f"job {self.id} has ended as {self.state} and cannot become {state}"
            )
        delivery = (
            WebhookDelivery(due_at=at)
            if self.webhook and not self.state.final
            else self.delivery
        )
        return replace(
            self,
            state=state,
            updated_at=at,
            error_code=code,
            error_message=message,
            delivery=delivery,
        )

    def replayed(self, at: int) -> Job:
        """The same job, waiting again with all its tries; a failed one begins anew, a
        dead one goes on where it was.

        Raises ValueError for a job that is neither.
        """
        if self.state not in (State.FAILED, State.DEAD):
            raise ValueError(
                f"job {self.id} is {self.state}: only a failed or a dead one can be replayed"
            )
        again = replace(
            self,
            state=State.QUEUED,
            updated_at=at,
            attempts=0,
            error_code=0,
            error_message="",
            delivery=WebhookDelivery(),
        )
        return (
            again
            if self.state is State.DEAD
            else replace(again, files=(), receipts=(), remarks=())
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running job is: figures that may be lost, never the truth about its end."""

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
