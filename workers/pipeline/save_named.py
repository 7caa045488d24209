"""What a job saves in Sources on the way, named by its checkpoint."""

from __future__ import annotations

from collections.abc import Callable

from shared.domain.job import Checkpoint
from workers.pipeline.job_run import JobRun


async def save_named(
    run: JobRun, data: bytes, with_name: Callable[[Checkpoint, str], Checkpoint]
) -> None:
    """Put bytes into Sources, and their name into the job's checkpoint. They are deleted
    where that cannot be written down: nothing else would ever find them, and a try that
    misses them makes them anew. Raises as `JobRun.save`.
    """
    sources = run.context.sources
    name = await sources.put(data)
    try:
        await run.update_checkpoint(lambda checkpoint: with_name(checkpoint, name))
    except BaseException:  # also where a call beside it has seen that it is cancelled
        saved = run.job.checkpoint
        if name not in (*saved.extractions, *saved.replies.values()):
            await sources.delete(name)
        raise
