"""What a text is about: the everyday concepts of its words, the same in English and in
Chinese (`concepts.txt` beside this file).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from shared.language.words import terms


@lru_cache(maxsize=8192)
def concepts(text: str) -> frozenset[str]:
    """The concepts that a text names or gives an instance of: "I moved to Rome" is about `home`."""
    known = _by_term()
    return frozenset(concept for term in terms(text) for concept in known.get(term, ()))


@cache
def _by_term() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for line in (
        files(__package__).joinpath("concepts.txt").read_text("utf-8").splitlines()
    ):
        if line and not line.startswith("#"):
            concept, _, words = line.partition(":")
            for term in _indexed(words.replace("/", " ").split()):
                found[term].add(concept)
    return {term: frozenset(of_term) for term, of_term in found.items()}


def _indexed(words: list[str]) -> Iterator[str]:
    """English words by their stems; Chinese ones as they are, since the words of a text
    come out whole.
    """
    for word in words:
        yield from terms(word) if word.isascii() else (word,)
