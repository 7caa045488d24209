"""What an order takes out of what is said in the same job, before it is stored: in earlier
messages, and in its own message before it ("My address is 12 Elm Row and I've two cats. Forget
my address": the cats stay).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.domain.extraction import Draft
from shared.domain.memory import message_ids_of
from shared.domain.memory_detail import NOTES_OF_MODEL, SUBJECT
from shared.language.lexical import without_date
from shared.language.phrases import tags_of, title_of
from shared.language.words import terms
from workers.pipeline.orders.forgotten import about_named
from workers.pipeline.orders.matching import matcher_for, plain
from workers.pipeline.orders.meant_clauses import meant_clauses
from workers.pipeline.orders.orders_in_talk import Order
from workers.pipeline.orders.remainder import remaining_text
from workers.pipeline.orders.telling_words import Named, named
from workers.pipeline.orders.wordings import language_of
from workers.pipeline.worker_context import WorkerContext


async def without_named(
    context: WorkerContext, order: Order, drafts: Sequence[Draft]
) -> list[Draft]:
    """The drafts without what an order names in those that were said before it."""
    language = language_of(order.language)
    remaining = list(drafts)
    for name in order.named:
        thing = named(name, language)
        said = [draft for draft in remaining if _is_before(draft, order)]
        texts = [plain(draft.text) for draft in said]
        whole = await about_named(context, thing, texts)
        parts: list[tuple[str, ...]] = [() for _ in texts]
        if not thing.when:
            matcher = matcher_for(context)
            parts = await meant_clauses(matcher, thing, texts)
        rest = {
            id(draft): _rest(draft, thing, clauses)
            for draft, is_meant, clauses in zip(said, whole, parts, strict=True)
            if is_meant or clauses
        }
        stays = [rest.get(id(draft), draft) for draft in remaining]
        remaining = [draft for draft in stays if draft is not None]
    return remaining


def _is_before(draft: Draft, order: Order) -> bool:
    """Whether a draft was said before an order: in its own message where it has more of the
    words before it than of those behind it ("Forget my PIN. My PIN is 9920.").
    """
    ids = set(message_ids_of(draft.origins))
    if ids & set(order.earlier):
        return True
    said = frozenset(terms(without_date(draft.text)))
    before, behind = frozenset(terms(order.own)), frozenset(terms(order.behind))
    return order.sent in ids and len(said & before) > len(said & behind)


def _rest(draft: Draft, thing: Named, clauses: Sequence[str]) -> Draft | None:
    """The draft without what is named; None where nothing else stands alone in it."""
    text = without_date(draft.text)
    said = remaining_text(text, thing, clauses)
    if not said:
        return None
    detail = {
        key: value
        for key, value in draft.detail.items()
        if key not in (*NOTES_OF_MODEL, SUBJECT)
    }
    return replace(
        draft,
        text=said + draft.text[len(text) :],
        title=title_of(said),
        tags=tags_of(said),
        context="",
        reasoning="",
        subject="",
        detail=detail,
    )
