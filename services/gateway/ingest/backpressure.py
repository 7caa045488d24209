"""Back-pressure: while too many jobs wait, new ones are refused before anything of them
is written. What was accepted is never refused later.
"""

from __future__ import annotations

import logging

from shared.contract import Code
from shared.domain.turn import Backlog, QueueBounds
from shared.errors import Overloaded, SouvenirError, TooMany, Unavailable
from shared.wiring import GatewayPorts

log = logging.getLogger(__name__)

LEAST_RESERVE = 8
"""Jobs that go first for which there is always room beside a backlog of bulk work."""
RETRY_AFTER_S = 10.0
"""What a refused sender is asked to wait. Workers are always busy then, so that room
comes job by job: soon enough for a retry to be worth it.
"""


async def require_queue_space(
    ports: GatewayPorts, project: str, jobs: int = 1, *, goes_first: bool = False
) -> None:
    """Raises `TooMany` where that many more jobs would be too many of the project,
    `Overloaded` where they would be too many in all. For jobs that go before bulk work
    there is some more room: an import that fills its project refuses no single add.

    Nobody is refused while Redis does not answer: the backlog is not known then.
    """
    bounds = ports.bounds
    if bounds == QueueBounds():
        return
    if goes_first:
        bounds = QueueBounds(_extended(bounds.in_all), _extended(bounds.of_project))
    try:
        backlog = await ports.queue.backlog(project)
    except Unavailable as error:
        log.warning("backlog_not_checked", extra={"error": error.message})
        return
    reason = refusal(bounds, backlog, project, jobs)
    if reason is not None:
        raise reason


def refusal(
    bounds: QueueBounds, backlog: Backlog, project: str, jobs: int
) -> SouvenirError | None:
    """Why that many more jobs cannot be accepted; None where they can."""
    own = backlog.by_project.get(project, 0)
    if _is_beyond(bounds.of_project, own, jobs):
        return TooMany(
            f"{own} tasks of this project wait, {bounds.of_project} may: send more when"
            " some are done",
            code=Code.TOO_MANY_CALLS,
            after=RETRY_AFTER_S,
        )
    if _is_beyond(bounds.in_all, backlog.total, jobs):
        return Overloaded(
            "too many tasks wait: send more when some are done", after=RETRY_AFTER_S
        )
    return None


def _extended(bound: int) -> int:
    """A tenth more; no bound stays none."""
    return bound and bound + max(LEAST_RESERVE, bound // 10)


def _is_beyond(bound: int, waiting: int, jobs: int) -> bool:
    """Where nothing waits, a request of many jobs is accepted whatever the bound."""
    return bool(bound and waiting and waiting + jobs > bound)
