"""What waits for workers, by lane and by project."""

from __future__ import annotations

from heapq import nlargest
from itertools import product

from services.gateway.context.request_context import RequestContext
from services.gateway.schemas.console import Backlogs, LaneView, ProjectBacklog
from shared.domain.turn import Lane

QUEUES = ("text", "files")
PROJECTS = 20
"""Projects that are listed, those with the most."""


async def backlogs(context: RequestContext) -> Backlogs:
    """Others' projects, and what waits of all together, are for operators alone.
    Raises `Unavailable`.
    """
    own = context.project
    if not context.key.is_operator:
        backlog = await context.ports.queue.backlog(own)
        waiting = backlog.by_project.get(own, 0)
        return Backlogs(waiting=waiting, lanes=[], projects=[])
    backlog = await context.ports.queue.backlog()
    most = nlargest(
        PROJECTS, backlog.by_project.items(), key=lambda project: project[1]
    )
    return Backlogs(
        waiting=backlog.by_project.get(own, 0),
        lanes=[
            LaneView(
                queue=queue, lane=lane, waiting=backlog.by_lane.get((queue, lane), 0)
            )
            for queue, lane in product(QUEUES, Lane)
        ],
        projects=[
            ProjectBacklog(project=project, waiting=waiting)
            for project, waiting in most
            if waiting
        ],
    )
