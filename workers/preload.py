"""What a worker loads before it forks, so that its processes share it."""

from __future__ import annotations

import asyncio
import contextlib
import gc

from billiard.util import get_pdeathsig

from shared.settings import Settings
from shared.wiring import import_adapters, models_to_share
from workers.pipeline.warm_up import warm_up


def load_before_fork(settings: Settings) -> None:
    """Load what every process of a worker of text needs, once for all of them: one that
    takes the place of another is ready at once. Nothing is connected, and neither a
    thread nor a loop is left, which a forked process could not use.
    """

    async def load() -> None:
        await import_adapters(settings)
        models = models_to_share(settings)
        if models is not None:
            await warm_up(models.reader, models.judge, models.embedder)

    with contextlib.suppress(Exception):  # each process finds it out too, and says so
        asyncio.run(load())


def freeze_loaded() -> None:
    """What was imported and loaded stays in pages that forked processes share: the
    collector of neither writes into it.
    """
    with contextlib.suppress(OSError):
        get_pdeathsig()  # billiard's parser of C: 6 MB that each process would load
    gc.collect()
    gc.freeze()
