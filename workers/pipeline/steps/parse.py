"""Parse: the bytes of a file into a document, with its pages counted on the way."""

from __future__ import annotations

import asyncio

from shared.domain.job import Step
from workers.pipeline.job_run import JobRun
from workers.pipeline.worker_context import Document

Pages = tuple[int, int]
"""Pages read so far, and pages of the file."""


async def parse(run: JobRun, data: bytes, name: str, max_pages: int) -> Document:
    """A file as its parser read it; `max_pages` is the most that it may have. Parsing
    stops when the job is cancelled or its lease is lost. Raises `FileRejected`,
    `JobCancelled`, `LeaseLost`.
    """
    pages: asyncio.Queue[Pages | None] = asyncio.Queue()
    pages_before = run.figures.pages

    def on_progress(done: int, of: int) -> None:
        pages.put_nowait((done, of))

    parsing = asyncio.ensure_future(
        run.context.parse(data, name, max_pages, on_progress)
    )
    parsing.add_done_callback(lambda _: pages.put_nowait(None))
    try:
        while (latest := await pages.get()) is not None:
            # Only the newest: a parser is faster than the progress bus.
            while latest is not None and not pages.empty():
                latest = pages.get_nowait()
            if latest is None:
                break
            done, of = latest
            await run.progress(
                Step.PARSE,
                file=name,
                pages_done=pages_before + done,
                pages=pages_before + of,
            )
        return await parsing
    finally:
        parsing.cancel()
