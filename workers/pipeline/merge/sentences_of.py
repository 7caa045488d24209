"""What of a statement is searched by itself: the sentences of one that tells of several matters
("Bought a dress. Oh, and the speech is 6 minutes now." is near to no speech as a whole), and a
reply without what it replies to.
"""

from __future__ import annotations

from shared.domain.judgement import Span
from shared.domain.memory import Memory
from shared.domain.searched_text import SearchedText
from shared.language.lexical import without_date
from shared.language.search_text import searched_text
from shared.language.sentences import sentence_spans
from shared.language.words import word_count

FEWEST_WORDS = 3
"""Words from which a sentence is looked at."""
MOST = 8
"""Sentences that are looked at; a longer text is a document."""


def sentences_of(memory: Memory) -> list[SearchedText]:
    """Those of a statement with several, or a reply alone; none of too many."""
    text = without_date(memory.text)
    telling = telling_sentences(text)
    if telling:
        return [SearchedText(text[start:end]) for start, end in telling]
    searched = searched_text(memory)
    return [SearchedText(searched.text)] if searched.before and text.strip() else []


def telling_sentences(text: str) -> list[Span]:
    """Where the sentences of a text with several stand that say something; none of too many."""
    spans = sentence_spans(text)
    telling = [span for span in spans if word_count(text[slice(*span)]) >= FEWEST_WORDS]
    return telling if 1 < len(telling) <= MOST else []
