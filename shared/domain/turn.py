"""Whose turn it is: what the order of waiting jobs is made of, and how many may wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Lane(StrEnum):
    """What goes first: while something waits in a lane, nothing of a later one is taken.
    Within a lane it goes round by projects, and within a project by users.
    """

    SYNC = "sync"
    """Somebody waits for the end."""
    FEEDBACK = "feedback"
    """A correction by hand."""
    BULK = "bulk"
    """All that is asked for without waiting."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a job stands among those that wait."""

    lane: Lane = Lane.BULK
    project: str = ""
    user: str = ""
    """Who gets a share of the project's turns: a user, or a knowledge base."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A job that a worker has been given."""

    job: str
    trace: str = ""
    """The trace of the request that asked for it (W3C `traceparent`), or empty."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many jobs wait, those that wait for another try included."""

    by_lane: Mapping[tuple[str, Lane], int] = field(default_factory=dict)
    """By queue and lane."""
    by_project: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_lane.values())


@dataclass(frozen=True, slots=True)
class QueueBounds:
    """How many jobs may wait; 0 is any number."""

    in_all: int = 0
    of_project: int = 0
