"""What a correction corrects that does not say so, "Sorry, 8:40 not 7:40.": the older statement
that it changes. That stands in front of it, in brackets: alone it would take the place of a
statement that is found and be found by no question.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from shared.domain.memory import EVERY_ANSWER, Memory
from shared.language.lexical import without_date, without_written_dates
from shared.language.search_text import searched_text
from shared.ports import Embedder
from workers.pipeline.merge.clauses import question_span
from workers.pipeline.merge.encounter import Known
from workers.pipeline.merge.pairs import older_and_newer
from workers.pipeline.merge.telling import NUMBER, telling_terms
from workers.pipeline.orders.subject import with_subject

_UNIT = re.compile(r"\.?\s?([\u3400-\u9fff]|[^\W\d_]+)")
_IN_FRONT = re.compile(r"[(（]([^()（）]+)[)）]\s*(?=\S)")


async def with_corrected(
    candidates: Sequence[Memory],
    correcting: Collection[str],
    met: Known,
    embedder: Embedder,
) -> tuple[list[Memory], Known]:
    """The candidates, those of the ids `correcting` with what they change in front of them
    where the judge has found that, and what they meet with their new vectors.
    """
    whole_by_id: dict[str, Memory] = {}
    for memory in candidates:
        changed = _changed(memory, met) if memory.id in correcting else None
        if changed is not None:
            whole_by_id[memory.id] = _telling(memory, changed)
    if not whole_by_id:
        return list(candidates), met
    dense = await embedder.passages(list(map(searched_text, whole_by_id.values())))
    vectors = {**met.vectors, **dict(zip(whole_by_id, dense, strict=True))}
    whole = [whole_by_id.get(memory.id, memory) for memory in candidates]
    return whole, replace(met, vectors=vectors)


def _changed(memory: Memory, met: Known) -> Memory | None:
    """The older memory that one most likely changes, and surely enough to be marked."""
    likely: dict[float, Memory] = {}
    for existing in met.near.get(memory.id, ()):
        older, newer = older_and_newer(existing, memory)
        bearing = met.bearings.get((older.id, newer.id))
        if newer is memory and bearing is not None and bearing.marks:
            likely.setdefault(bearing.change, older)
    return likely[max(likely)] if likely else None


def _telling(memory: Memory, changed: Memory) -> Memory:
    """A correction behind what it corrects, found by the tags of that as well."""
    said = without_date(memory.text)
    if _says_of_what(said, changed.text):
        return memory
    start = question_span(said)[0]
    correction = said[start:]
    whole = with_subject(correction, [_subject(changed)])
    front = whole.removesuffix(correction)
    if not front:
        return memory
    front = _without_old_numbers(front, correction)
    text = said[:start] + front + memory.text[start:]
    shared = [tag for tag in changed.tags if tag != EVERY_ANSWER]
    tags = tuple(dict.fromkeys((*memory.tags, *shared)))
    return replace(memory, text=text, tags=tags)


def _says_of_what(correction: str, changed: str) -> bool:
    """Whether a correction names most of what the other one does."""
    named = telling_terms(changed)
    return 2 * len(named & telling_terms(correction)) > len(named)


def _subject(changed: Memory) -> str:
    """What a memory is about: the question that it answers, or what it corrects itself."""
    said = without_written_dates(changed.text)
    said = said[question_span(said)[0] :]
    in_front = _IN_FRONT.match(said)
    return in_front[1] if in_front else said


def _without_old_numbers(front: str, correction: str) -> str:
    """What is corrected without the number that holds no more: an answer that has both must
    say which is right, and only a correction that denies the old one does. Of several the
    one that is measured alike is replaced: "5 mg for 10 days" by "2.5 mg".
    """
    old, new = list(NUMBER.finditer(front)), list(NUMBER.finditer(correction))
    if {match[0] for match in old} & {match[0] for match in new}:
        return front
    measures = set(map(_measure, new))
    alike = [match for match in old if _measure(match) in measures]
    replaced = alike or old
    if len(replaced) != 1 or not new:
        return front
    [match] = replaced
    return f"{front[: match.start()]}…{front[match.end() :]}"


def _measure(number: re.Match[str]) -> tuple[bool, str]:
    """What a number is of, by its form: whether it is a time, and the unit behind it."""
    is_time = ":" in number[0]
    unit = _UNIT.match(number.string, number.end())
    return is_time, unit[1].lower() if unit and not is_time else ""
