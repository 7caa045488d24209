"""The ports that the use cases on jobs need. `shared.wiring.Ports` has all of them, a
worker's context those of `EndPorts` and `CleanupPorts`.
"""

from __future__ import annotations

from typing import Protocol

from shared.ports import (
    InFlight,
    Jobs,
    KnowledgeBases,
    Memories,
    Messages,
    ProgressBus,
    Queue,
    Sources,
)


class EndPorts(Protocol):
    """To write the end of a job where others look for it."""

    @property
    def jobs(self) -> Jobs: ...
    @property
    def knowledge_bases(self) -> KnowledgeBases: ...
    @property
    def progress_bus(self) -> ProgressBus: ...


class CleanupPorts(EndPorts, Protocol):
    """To remove what a cancelled job has left as well."""

    @property
    def memories(self) -> Memories: ...
    @property
    def sources(self) -> Sources: ...


class CancelPorts(CleanupPorts, Protocol):
    """To cancel a job from outside the worker that runs it."""

    @property
    def in_flight(self) -> InFlight: ...


class SourcePorts(Protocol):
    """To delete the bytes that jobs have read."""

    @property
    def jobs(self) -> Jobs: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def sources(self) -> Sources: ...


class ReplayPorts(EndPorts, Protocol):
    """To let a job be tried again."""

    @property
    def memories(self) -> Memories: ...
    @property
    def queue(self) -> Queue: ...
