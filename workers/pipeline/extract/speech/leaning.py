"""Whether a sentence leans on the one before it. Its words are read in the languages that it
may be in: "He dejado el azúcar" has no English "he", "Il mio medico" no French "il".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from shared.language.function_words import LANGUAGES, likely_languages
from workers.pipeline.extract.speech.patterns import LEANS, POINTS_BACK, TELLS_IN


def points_back(said: str, before: str = "") -> bool:
    """Whether a sentence begins with a pronoun of somebody who was named before; `before`:
    what the same person said, in the same language most likely.
    """
    return _begins(POINTS_BACK, said, before)


def leans_back(said: str, before: str = "") -> bool:
    """Whether a sentence says nothing without the one before it, by how it begins."""
    return _begins(LEANS, said, before)


def _begins(patterns: Mapping[str, re.Pattern[str]], said: str, before: str) -> bool:
    matching = {name for name, pattern in patterns.items() if pattern.match(said)}
    if not matching & set(LANGUAGES):
        return bool(matching)  # a script of its own tells the language
    likely = likely_languages(said, before)
    others = likely - matching
    tells = any(TELLS_IN[name].match(said) for name in others if name in TELLS_IN)
    return bool(matching & likely) and not tells
