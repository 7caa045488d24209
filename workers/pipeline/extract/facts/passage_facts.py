"""Facts of documents, by rules: one memory a passage, with its heading, file and page."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shared.domain.extraction import Draft
from shared.domain.memory import Origin, Type
from shared.domain.passage import Passage
from shared.jobs.clock import milliseconds
from shared.language.phrases import key_phrases
from shared.language.words import terms

FEWEST = 2
"""Index terms below which a passage says nothing: page numbers, rules, stray characters."""

_WORD = re.compile(r"[^\W\d_]")


def facts_of_passages(passages: Iterable[Passage]) -> list[Draft]:
    """One draft a passage that says something."""
    return [_draft(passage) for passage in passages if says_something(passage.text)]


def says_something(text: str) -> bool:
    """Whether there is enough in a passage to be worth finding."""
    return (
        len(set(terms(text))) >= FEWEST
        and len(_WORD.findall(text)) >= len(text.strip()) * 0.2
    )


def _draft(passage: Passage) -> Draft:
    heading = passage.heading.strip()
    text = passage.text.strip()
    return Draft(
        type=Type.LONG_TERM,
        text=text if not heading or text.startswith(heading) else f"{heading}\n{text}",
        title=(heading or ", ".join(key_phrases(text, 2)) or passage.file)[:60],
        tags=tuple(dict.fromkeys([*key_phrases(text, 3), *passage.tags])),
        confidence=0.9,
        context=passage.file,
        origins=(Origin(file=passage.file, source=passage.source, page=passage.page),),
        happened_at=milliseconds(passage.spoken_at) if passage.spoken_at else 0,
    )
