"""Facts of documents, by rules: one memory a passage, with its heading, file and page."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shared.domain.extraction import Draft
from shared.domain.memory import Origin, Type
from shared.domain.passage import Passage
from shared.jobs.clock import milliseconds
from shared.language.phrases import shortened, tags_of, title_of
from shared.language.words import terms

FEWEST = 2
"""Index terms below which a passage says nothing: page numbers, rules, stray characters."""

LONGEST_TITLE = 60
"""Characters of the title of a passage."""

_WORD = re.compile(r"[^\W\d_]")
_INTRODUCTION = re.compile(
    r"^A picture\b[^\n]*?(?:The text in it follows|No text was found in it)\.\s*"
)
"""What the parser of pictures says of one, in English whatever its text is in."""
_PATH = " > "


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
    words = _INTRODUCTION.sub("", text)
    return Draft(
        type=Type.LONG_TERM,
        text=_under(heading, text),
        title=_title(heading, words) or passage.file,
        tags=tuple(dict.fromkeys([*tags_of(words), *passage.tags])),
        confidence=0.9,
        context=passage.file,
        origins=(Origin(file=passage.file, source=passage.source, page=passage.page),),
        happened_at=milliseconds(passage.spoken_at) if passage.spoken_at else 0,
    )


def _under(heading: str, text: str) -> str:
    """The text below its heading, without the headings that it begins with and that
    stand there already.
    """
    if not heading or text.startswith(heading):
        return text
    names = heading.split(_PATH)
    first, break_, rest = text.partition("\n\n")
    while break_ and " ".join(first.split()) in names:
        text = rest
        first, break_, rest = text.partition("\n\n")
    return f"{heading}\n{text}"


def _title(heading: str, words: str) -> str:
    """The heading, without those above it where it is too long with them; what the words
    are about where there is none.
    """
    if not heading:
        return title_of(words) if words else ""
    while len(heading) > LONGEST_TITLE and _PATH in heading:
        _, _, heading = heading.partition(_PATH)
    return shortened(heading, LONGEST_TITLE)
