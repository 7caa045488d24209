"""Lexical vectors: the BM25 weights of a text's terms, for an engine that knows the
inverse document frequencies.

A document carries the term-frequency part of BM25, a query a 1 for each of its terms;
the engine multiplies by the IDF among the memories that the question may see (Qdrant's
`idf` modifier) and sums up. BM25: Robertson and Zaragoza, The Probabilistic Relevance
Framework, 2009, equation 3.15.
"""

from __future__ import annotations

import re
from collections import Counter
from zlib import crc32

from shared.domain.memory import SparseVector
from shared.language.words import terms

K1 = 0.9
B = 0.4
"""BM25's constants: how soon repeats of a term count no more, and how much length counts."""
AVERAGE = 14.0
"""Terms of an average memory: fixed, so that a memory's weights never depend on its neighbours."""
CONTEXT = 0.6
"""What an occurrence in the context counts beside one in the text itself."""

_MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November"
    "|December)"
)
_DAY = (
    rf"(?:\d{{1,2}} {_MONTH} (?:19|20)\d{{2}}|(?:19|20)\d{{2}}年\d{{1,2}}月\d{{1,2}}日)"
)
_SAID_ON = re.compile(rf"\s*[(（]{_DAY}[)）]\s*$")
WRITTEN_DATE = re.compile(
    r"\s*[(（](?=[^()（）]*(?:19|20)\d{2})"
    rf"(?:{_MONTH}|the (?:week|weekend) before|[\d\s:,–-]|[年月日至〜底初周一二三四五六]){{2,}}[)）]"
)


def weigh(text: str, context: str = "") -> SparseVector:
    """The vector of a memory: terms of its text, and at a discount those of the context
    that helps to find it.
    """
    counts = {term: float(times) for term, times in Counter(index_terms(text)).items()}
    length = sum(counts.values())
    for term, times in Counter(index_terms(context)).items():
        counts[term] = counts.get(term, 0.0) + CONTEXT * times
    norm = K1 * (1 - B + B * length / AVERAGE)
    return _vector(
        {term: times * (K1 + 1) / (times + norm) for term, times in counts.items()}
    )


def ask(text: str) -> SparseVector:
    """The vector of a query: each of its terms once."""
    return _vector(dict.fromkeys(index_terms(text), 1.0))


def index_terms(text: str) -> list[str]:
    """The terms of a text with numbers in one form: 07 and 7 are the same day."""
    return [term.lstrip("0") or "0" if term.isdigit() else term for term in terms(text)]


def without_date(text: str) -> str:
    """A memory's text without the day it was said, where that stands in brackets at its
    end: what is compared when it is said again.
    """
    return _SAID_ON.sub("", text)


def without_written_dates(text: str) -> str:
    """A memory's text as it was said: without the day at its end and without the dates
    that were written beside relative ones (`shared.language.dates`).
    """
    return WRITTEN_DATE.sub("", without_date(text))


def term_id(term: str) -> int:
    """A term's place in the vector: the same in every process and release."""
    return crc32(term.encode("utf-8", "replace"))


def _vector(weights: dict[str, float]) -> SparseVector:
    """Ascending ids; of two terms that share one (about 1 in 4 billion pairs) the heavier counts."""
    by_id: dict[int, float] = {}
    for term, weight in weights.items():
        id = term_id(term)
        by_id[id] = max(weight, by_id.get(id, 0.0))
    ids = sorted(by_id)
    return SparseVector(tuple(ids), tuple(by_id[id] for id in ids))
