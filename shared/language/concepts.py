"""What a text is about: the everyday concepts of its words, the same in English and in
Chinese (`concepts.txt` beside this file).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

from shared.language.words import terms


@lru_cache(maxsize=8192)
def concepts(text: str) -> frozenset[str]:
    """The concepts that a text names or gives an instance of: "I moved to Rome" is about `home`."""
    concepts_of = _by_term()
    return frozenset[str]().union(*(concepts_of.get(term, ()) for term in terms(text)))


@cache
def _by_term() -> Mapping[str, frozenset[str]]:
    """English words by their stems; Chinese ones as they are, since the words of a text
    come out whole.
    """
    table = files(__package__).joinpath("concepts.txt").read_text("utf-8")
    by_term: dict[str, set[str]] = defaultdict(set)
    for line in table.splitlines():
        if not line or line.startswith("#"):
            continue
        concept, _, words = line.partition(":")
        for word in words.replace("/", " ").split():
            for term in terms(word) if word.isascii() else [word]:
                by_term[term].add(concept)
    return {term: frozenset(names) for term, names in by_term.items()}
