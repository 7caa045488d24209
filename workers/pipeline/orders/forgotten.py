"""Which memories of a user an order to forget means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.domain.memory import Memory
from shared.language.lexical import without_date
from workers.pipeline.job_run import JobRun
from workers.pipeline.merge.clauses import clauses
from workers.pipeline.orders.candidates import (
    LATEST,
    NEAREST,
    candidates_for,
    pointed_to,
)
from workers.pipeline.orders.clause_forms import is_dense
from workers.pipeline.orders.former_or_current import (
    CURRENT,
    FORMER,
    Statement,
    former_ones,
)
from workers.pipeline.orders.history import history, says_no_more, with_versions
from workers.pipeline.orders.matching import is_meant, matcher_for, plain, shares_topic
from workers.pipeline.orders.meant_clauses import meant_clauses
from workers.pipeline.orders.orders_in_talk import Order, is_aside
from workers.pipeline.orders.remainder import remaining_text
from workers.pipeline.orders.telling_words import Named, named
from workers.pipeline.orders.wordings import language_of
from workers.pipeline.worker_context import WorkerContext

SEVERAL = 2
"""Clauses, without short additions, from which a memory tells of several matters."""
LEAST_DENSE = 4
"""Characters from which a Chinese clause is a matter of its own: 月薪两万."""
SEVERAL_MATTERS = (
    "unclear: the memory that may be meant tells of other things too and has none of"
    " these words; it stays. Say the words that it has, or call delete/memory"
)
NO_FORMER = (
    "unclear: what was so before is asked for, and the memory that may be meant may tell"
    " what is so now; it stays. Say what it says, or call delete/memory"
)


@dataclass(slots=True)
class Meant:
    """What an order means, by the ids of memories."""

    goes: dict[str, Memory] = field(default_factory=dict)
    stays: dict[str, str] = field(default_factory=dict)
    """Why a memory that may be meant stays."""
    clauses: set[str] = field(default_factory=set)
    """Clauses that are meant by their meaning, of memories that tell of other things, too."""


async def about_named(
    context: WorkerContext, thing: Named, texts: Sequence[str]
) -> list[bool]:
    """For each text, oldest first, whether it is about what is named, and of the time
    that is meant.
    """
    matcher = matcher_for(context)
    likely = await matcher.likelihoods(thing, texts)
    near = list(map(is_meant, likely))
    if not thing.when:
        return near
    said = [Statement(text, place, near[place]) for place, text in enumerate(texts)]
    places = [place for place in range(len(texts)) if shares_topic(likely[place])]
    of_time = await _of_time(context, thing, [said[place] for place in places])
    meant = {place for place, is_meant in zip(places, of_time, strict=True) if is_meant}
    return [place in meant for place in range(len(texts))]


async def meant_by(run: JobRun, order: Order, later: Sequence[str]) -> Meant:
    """What an order means. `later`: what is said in the same job beside it."""
    meant = Meant()
    viewed = await pointed_to(run, order)
    if viewed is not None:
        meant.goes = {memory.id: memory for memory in viewed}
    else:
        language = language_of(order.language)
        for name in order.named:
            await _add_named(meant, run, named(name, language), later)
    meant.goes = await with_versions(run, meant.goes)
    return meant


async def _add_named(
    meant: Meant, run: JobRun, thing: Named, later: Sequence[str]
) -> None:
    """Enter the memories about one thing that is named."""
    candidates = await candidates_for(run, thing)
    memories, is_near = await _about(run, thing, candidates)
    if not thing.when:
        pairs = zip(memories, is_near, strict=True)
        about_it = [memory for memory, is_meant in pairs if is_meant]
        in_part = await _meant_in_part(run, thing, about_it, candidates)
        for memory, said_of_it in in_part:
            meant.goes[memory.id] = memory
            meant.clauses.update(said_of_it)
    said = [
        Statement(plain(memory.text), memory.said_at or memory.created_at, near)
        for memory, near in zip(memories, is_near, strict=True)
    ]
    of_time = await _of_time(run.context, thing, said, later)
    for memory, is_of_time, near in zip(memories, of_time, is_near, strict=True):
        if memory.id in meant.goes:
            continue
        is_clear = is_clearly_meant(memory, thing)
        if is_of_time and is_clear:
            meant.goes[memory.id] = memory
        elif is_of_time or (near and not any(of_time)):
            meant.stays[memory.id] = NO_FORMER if is_clear else SEVERAL_MATTERS
    if thing.when != FORMER:
        await _add_earlier(meant, run, thing, candidates)


async def _meant_in_part(
    run: JobRun, thing: Named, near: Sequence[Memory], candidates: Sequence[Memory]
) -> list[tuple[Memory, tuple[str, ...]]]:
    """The memories of several clauses of which some are about what is named, with these:
    among those that are near as a whole, and the nearest others.
    """
    asked = {memory.id: memory for memory in (*near, *candidates[: 2 * NEAREST])}
    texts = [plain(memory.text) for memory in asked.values()]
    matcher = matcher_for(run.context)
    chosen = await meant_clauses(matcher, thing, texts)
    pairs = zip(asked.values(), chosen, strict=True)
    return [(memory, said_of_it) for memory, said_of_it in pairs if said_of_it]


async def _add_earlier(
    meant: Meant, run: JobRun, thing: Named, candidates: Sequence[Memory]
) -> None:
    """Enter what was said before about one thing, and superseded: by what goes, or by
    others, if it has one of the words. Where the current one is meant what was otherwise
    before stays.
    """
    going = [memory for memory in candidates if memory.id in meant.goes]
    earlier = {memory.id: memory for memory in await history(run, going)}
    staying = [memory for memory in candidates if memory.id not in meant.goes]
    for memory in await history(run, staying):
        if thing.shares_words(memory.text):
            earlier[memory.id] = memory
    if not earlier:
        return
    # Beside what goes: what is farther than that is not meant.
    texts = [memory.text for memory in (*going, *earlier.values())]
    matcher = matcher_for(run.context)
    is_near = (await matcher.about(thing, texts))[len(going) :]
    for memory, near in zip(earlier.values(), is_near, strict=True):
        is_other = thing.when == CURRENT and not says_no_more(memory, going, thing)
        if not near or is_other:
            continue
        if is_clearly_meant(memory, thing):
            meant.goes[memory.id] = memory
        else:
            meant.stays[memory.id] = SEVERAL_MATTERS


async def _of_time(
    context: WorkerContext,
    thing: Named,
    said: Sequence[Statement],
    later: Sequence[str] = (),
) -> list[bool]:
    """For each statement about a thing whether it is of the time that is meant. Where no
    former one is known the current ones are all, and of the former ones there is none.
    """
    is_near = [statement.is_near for statement in said]
    if not thing.when or not any(is_near):
        return is_near
    is_former, has_changed = await former_ones(context.judge, said, later)
    for place, statement in enumerate(said):
        calls_so = thing.times.calls_former(thing.core, statement.text)
        calls_so = calls_so and is_near[place] and not has_changed[place]
        is_former[place] = is_former[place] or calls_so
    if thing.when != FORMER:
        pairs = zip(is_near, is_former, strict=True)
        return [near and not former for near, former in pairs]
    matcher = matcher_for(context)
    if thing.own and await matcher.is_of_person(thing):
        has_changed = [False] * len(said)  # of "my ex Ada" newer words go as well
    has_name = [
        near and thing.tells_apart(s.text)
        for near, s in zip(is_near, said, strict=True)
    ]
    return [
        former or (is_apart and not changed)
        for former, changed, is_apart in zip(
            is_former, has_changed, has_name, strict=True
        )
    ]


async def said_in(run: JobRun, order: Order) -> list[Memory]:
    """The memories that an order may mean: of the things it names, or of the message
    that it points to; or those that the user was looking at.
    """
    viewed = await pointed_to(run, order)
    if viewed is not None:
        return viewed
    language = language_of(order.language)
    memories: dict[str, Memory] = {}
    for name in order.named:
        thing = named(name, language)
        candidates = await candidates_for(run, thing)
        about, is_near = await _about(run, thing, candidates)
        pairs = zip(about, is_near, strict=True)
        memories |= {memory.id: memory for memory, near in pairs if near}
    return list(memories.values())


async def _about(
    run: JobRun, thing: Named, candidates: Sequence[Memory]
) -> tuple[list[Memory], list[bool]]:
    """The memories about what is named, and where the former one is meant those that share
    its topic, archived ones too; whether each is about it.
    """
    if thing.when == FORMER:
        earlier = await history(run, candidates)
        candidates = [*candidates, *earlier[:LATEST]]
    matcher = matcher_for(run.context)
    texts = [memory.text for memory in candidates]
    likely = await matcher.likelihoods(thing, texts)
    chosen = shares_topic if thing.when else is_meant
    places = [place for place in range(len(texts)) if chosen(likely[place])]
    near = [is_meant(likely[place]) for place in places]
    return [candidates[place] for place in places], near


def is_clearly_meant(memory: Memory, thing: Named) -> bool:
    """Whether it is clear what of a memory goes: all of one that tells of one matter, and of
    one that tells of several those that have words of what is named.
    """
    text = without_date(memory.text)
    matters = [text[start:end] for start, end in clauses(text)]
    if sum(map(_is_matter, matters)) < SEVERAL:
        return True
    return remaining_text(text, thing) is not None


def _is_matter(clause: str) -> bool:
    """Whether a clause tells something: in Chinese four characters do."""
    if is_dense(clause):
        return len(clause) >= LEAST_DENSE
    return not is_aside(clause)
