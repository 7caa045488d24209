"""The job "add": remember messages and the files in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from shared.domain.extraction import Draft
from shared.domain.job_payload import AddPayload
from shared.domain.kinds import KIND_OF_TYPE, KIND_OF_VIEW
from shared.language.fact_views import VIEWS, view_of
from workers.pipeline.echo import without_echo
from workers.pipeline.job_run import JobRun
from workers.pipeline.load_talk import files_of, load_talk
from workers.pipeline.orders.obey import obey
from workers.pipeline.orders.orders_in_talk import take_orders
from workers.pipeline.profiles.fill_profiles import fill_profiles
from workers.pipeline.read_together import one_at_a_time
from workers.pipeline.sequence import read_files, remember
from workers.pipeline.steps.extract import extract


async def add(run: JobRun, payload: AddPayload) -> None:
    """Files and text are remembered alike; what could be read is, even if a file could
    not be. Orders to forget are carried out and not remembered.
    """
    talk, orders = await take_orders(await load_talk(run), run.context.reader)
    passages = await read_files(run, files_of(talk), run.context.limits.pages)
    async with one_at_a_time(run, talk):
        drafts = await obey(run, orders, await extract(run, talk, passages))
        drafts = await without_echo(run, talk, drafts, payload.recalled)
        await remember(run, of_views(drafts, payload.memory_views))
    await fill_profiles(run)


def of_views(drafts: Sequence[Draft], views: Collection[str]) -> list[Draft]:
    """The drafts of the views that the sender names; all of them, where none is named
    that exists.
    """
    kinds = {KIND_OF_VIEW[view] for view in views if view in KIND_OF_VIEW}
    if not kinds.union(view for view in views if view in VIEWS):
        return list(drafts)
    return [
        draft
        for draft in drafts
        if KIND_OF_TYPE[draft.type] in kinds or view_of(draft) in views
    ]
