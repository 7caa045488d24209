"""A Queue in memory."""

from __future__ import annotations

import copy
import time
from collections import Counter, deque
from dataclasses import dataclass, field

from shared.domain.turn import Backlog, Lane, Taken, Turn

TURN = 1_000_000
"""How far one whose turn it was stands behind those who come meanwhile."""


@dataclass
class Line:
    """The jobs of a user; the one with the lowest place has the next turn."""

    place: int
    jobs: deque[str] = field(default_factory=deque)


@dataclass
class Project:
    """Its users that have something."""

    place: int
    users: dict[str, Line] = field(default_factory=dict)


class FakeQueue:
    """The Queue port. `waiting` holds (job, queue) in the order in which workers would
    take them; `messages` counts what was sent; `wipe` loses it all.
    """

    def __init__(self) -> None:
        self.wipe()
        self.messages = 0

    def wipe(self) -> None:
        self._lanes: dict[tuple[str, Lane], dict[str, Project]] = {}
        self._clock = 0
        self._turns: dict[tuple[str, str], Turn] = {}
        self._later: dict[tuple[str, str], float] = {}
        self._taken: dict[str, tuple[str, str, Turn]] = {}

    @property
    def waiting(self) -> list[tuple[str, str]]:
        rest = copy.deepcopy(self)
        taken = []
        for queue in ("text", "files"):
            while job := rest._next(queue):
                taken.append((job, queue))
        return taken

    async def enqueue(self, job: str, queue: str, turn: Turn = Turn()) -> None:
        if (queue, job) not in self._turns:
            self._turns[queue, job] = turn
            self._line(queue, turn).append(job)
            self.messages += 1

    async def take(self, message: str, job: str, queue: str) -> Taken | None:
        if message in self._taken:
            return Taken(self._taken[message][0])
        for (name, late), due in list(self._later.items()):
            if name == queue and due <= time.monotonic():
                del self._later[name, late]
                self._line(queue, self._turns[queue, late]).appendleft(late)
        found = self._next(queue, message)
        if not found and (queue, job) in self._later:
            del self._later[queue, job]
            self._taken[message] = (job, queue, self._turns.pop((queue, job)))
            found = job
        return Taken(found) if found else None

    async def done(self, message: str, queue: str) -> None:
        self._taken.pop(message, None)

    async def put_back(self, message: str, queue: str, seconds: float) -> None:
        if message in self._taken:
            job, queue, turn = self._taken.pop(message)
            if (queue, job) not in self._turns:
                self._turns[queue, job] = turn
                self._later[queue, job] = time.monotonic() + seconds

    async def waiting_in(self, queue: str) -> frozenset[str]:
        return frozenset(job for name, job in self._turns if name == queue)

    async def backlog(self, project: str | None = None) -> Backlog:
        turns = self._turns.items()
        lanes = Counter((queue, turn.lane) for (queue, _), turn in turns)
        projects = Counter(turn.project for _, turn in turns)
        if project is not None:
            projects = Counter({project: projects[project]})
        return Backlog(lanes, projects)

    async def top_up(self, queue: str) -> int:
        return 0

    def _line(self, queue: str, turn: Turn) -> deque[str]:
        self._clock += 1
        lane = self._lanes.setdefault((queue, turn.lane), {})
        project = lane.setdefault(turn.project, Project(self._clock))
        return project.users.setdefault(turn.user, Line(self._clock)).jobs

    def _next(self, queue: str, message: str = "") -> str:
        for lane in Lane:
            projects = self._lanes.get((queue, lane), {})
            if not projects:
                continue
            self._clock += 1
            name, project = min(projects.items(), key=lambda item: item[1].place)
            user, line = min(project.users.items(), key=lambda item: item[1].place)
            project.place = line.place = self._clock + TURN
            job = line.jobs.popleft()
            if not line.jobs:
                del project.users[user]
            if not project.users:
                del projects[name]
            turn = self._turns.pop((queue, job))
            if message:
                self._taken[message] = (job, queue, turn)
            return job
        return ""
