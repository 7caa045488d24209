"""Words that hold sentences together and name nothing: their classes by language
(`function_words.txt` beside this file), and which language a text is in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from itertools import chain

LANGUAGES = ("en", "de", "es", "fr", "pt", "it", "ru")
"""Those with spaces between words and a table of their own."""

_TIMES = (
    "january february march april may june july august september october november"
    " december monday tuesday wednesday thursday friday saturday sunday"
    " year month week day hour minute am pm"
).split()
_SHORTEST_TIME = 3
"""Letters of an abbreviation of a day or month that is no other word ("So", "Do")."""
_OPEN_CLASSES = frozenset(("verb", "general", "filler", "time"))
"""Classes that tell less of a text's language: there are always more such words."""
_NEARLY = 0.5
"""Share of the likeliest language's words from which a text may be in another."""
_WORD = re.compile(r"(?:i'|[^\W\d_]+n't|[^\W\d_]+)")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


def language_of(text: str) -> str:
    """The language, one of `LANGUAGES`, whose small words occur most often in a text;
    English where none does. A word of several languages counts for less.
    """
    likely = _likelihoods(text)
    return max(likely, key=lambda name: likely[name])


def likely_languages(text: str, beside: str = "") -> set[str]:
    """The languages that a short text may be in: those of which its small words tell at
    least half as much as of the likeliest. Among several the likeliest of `beside`, what
    the same person said, decides.
    """
    likely = _likelihoods(text)
    least = max(likely.values()) * _NEARLY
    names = {name for name in LANGUAGES if likely[name] >= least}
    if len(names) == 1 or not beside:
        return names
    weighed = _likelihoods(beside)
    best = max(weighed[name] for name in names)
    return {name for name in names if weighed[name] == best}


def _likelihoods(text: str) -> dict[str, float]:
    """How much the small words of a text tell of each language."""
    likely = dict.fromkeys(LANGUAGES, 0.0)
    if _CYRILLIC.search(text):
        return {**likely, "ru": 1.0}
    for word in _WORD.findall(text.lower().replace("’", "'")):
        knowing = [name for name in LANGUAGES if word in classes(name)]
        for name in knowing:
            is_common = classes(name)[word] in _OPEN_CLASSES
            likely[name] += (0.5 if is_common else 1.0) / len(knowing)
    return likely


@cache
def classes(language: str) -> Mapping[str, str]:
    """The class of each of a language's small words. A word of several classes has the
    first; names of days and months are of the class "time".
    """
    class_of: dict[str, str] = {}
    table = files(__package__).joinpath("function_words.txt").read_text("utf-8")
    for line in table.splitlines():
        heading, _, words = line.partition(":")
        if heading.split(" ")[0] == language:
            for word in words.split():
                class_of.setdefault(word, heading.split(" ")[1])
    if language == "en":
        class_of["i'"] = "pronoun"  # "I'm"; "i" alone is an Italian article as well
    for word in _words_of_time(language):
        class_of.setdefault(word, "time")
    return class_of


def _words_of_time(language: str) -> set[str]:
    """Days, months and units as dateparser knows them."""
    package = "dateparser.data.date_translation_data"
    info = import_module(f"{package}.{language}").info
    words = chain.from_iterable(info.get(name, ()) for name in _TIMES)
    return {word.lower() for word in words if _is_time(word)}


def _is_time(word: str) -> bool:
    return len(word) >= _SHORTEST_TIME and word.replace("-", "").isalpha()
