"""Work that is waiting, being done, or done."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from typing import Protocol

from shared.domain.job import Job, Progress, State
from shared.domain.turn import Backlog, Taken, Turn


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
