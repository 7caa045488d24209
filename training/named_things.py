"""Names of things as somebody says them in an order to forget ("my address"), and the statements
that they mean.

Such a name is shorter than a question, shares no word with what it means, and its rivals are
near: the mother's address, the hotel's. The program compares it both as a query with statements
and as a text of its own with other texts (the names of topics): it is learned in both ways.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.language.words import is_chinese
from training.data import DATA, Question, Talk, Turn, lines, read_at, split
from workers.pipeline.orders.telling_words import Named, named
from workers.pipeline.orders.wordings import Language, language_of, languages

KIND, SPEAKER = "named", "memory"
_SCRIPTS = (
    ("ja", re.compile(r"[\u3041-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("ru", re.compile(r"[а-яё]", re.I)),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)


def load_named(root: Path = DATA) -> list[Talk]:
    """All of them, by folder: the statements of one person as turns, each name as a question.
    Raises DataError with file and line.
    """
    return [
        read_at(source, read_named, said) for source, said in lines(root, "named.jsonl")
    ]


def load_unlearned(root: Path = DATA) -> list[Talk]:
    """Those that the embedder does not learn: of the unseen split, and those that were
    written to measure with.
    """
    _, unseen = split(load_named(root))
    written = lines(root, "named_unseen.jsonl")
    return [*unseen, *(read_at(source, read_named, said) for source, said in written)]


def read_named(said: Mapping[str, Any], source: str) -> Talk:
    """One line. Raises KeyError, ValueError or IndexError for one of another form."""
    turns = tuple(Turn(SPEAKER, text) for text in said["said"])
    names = tuple(_name(entry, len(turns)) for entry in said["named"])
    return Talk(said["language"], KIND, turns, names, source)


def _name(entry: Mapping[str, Any], turns: int) -> Question:
    meant = tuple(sorted(set(entry["meant"])))
    if not meant or not 0 <= meant[0] <= meant[-1] < turns:
        raise ValueError(f"{entry['name']!r} means {entry['meant']} of {turns}")
    return Question(entry["name"], meant, "single")


def name_in(name: str, spoken: str) -> Named:
    """What a name names; `spoken`: the language of the statements beside it."""
    return named(name, _language_of(name, spoken))


def _language_of(name: str, spoken: str) -> Language:
    """The language in which a name is most likely written."""
    for code, script in _SCRIPTS:
        if script.search(name):
            return language_of(code)
    if is_chinese(name):
        return language_of("zh")
    words = set(re.findall(r"\w+", name.lower()))
    latin = [language_of(spoken), *(one for one in languages() if one.is_spaced)]
    return next((one for one in latin if words & set(one.mine)), language_of("en"))
