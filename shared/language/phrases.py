"""Key phrases: the few words that name what a text is about, for titles and tags."""

from __future__ import annotations

import re

import rjieba

from shared.language.words import STOP, STOP_ZH, is_chinese, terms

_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-Z][\w'-]+(?:\s+[A-Z][\w'-]+)*")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['-]){2,}")
_COMMON = frozenset(
    """
    make made want need like love good great really know think time today yesterday
    tomorrow week month year going went come came take took thing things something
    lot much many well new old little big feel felt look looks even still always
    never maybe sure day days way say said see saw tell told got let back first last
    next one two people bit now ago since been while because though around through
    """.split()
)
_TAGS_ZH = frozenset(("n", "nr", "ns", "nt", "nz", "vn", "l", "i", "j", "eng"))


def key_phrases(text: str, most: int) -> list[str]:
    """At most `most` phrases, the most telling first: names, then the longest rare
    words (English), nouns (Chinese).
    """
    phrases = _chinese(text) if is_chinese(text) else _english(text)
    return list(dict.fromkeys(phrase for phrase in phrases if terms(phrase)))[:most]


def _english(text: str) -> list[str]:
    names = [name for name in _NAME.findall(text) if name.lower() not in STOP]
    words = [word.lower() for word in _WORD.findall(text)]
    named = set(names[0].lower().split()) if names else set[str]()
    rare = [
        word
        for word in dict.fromkeys(words)
        if word not in named
        and word not in STOP
        and word not in _COMMON
        and "'" not in word
    ]
    return names[:1] + sorted(
        rare, key=lambda word: (-min(len(word), 9), words.index(word))
    )


def _chinese(text: str) -> list[str]:
    tagged = [
        (word, tag)
        for word, tag in rjieba.tag(text)
        if word not in STOP_ZH and len(word) > 1
    ]
    nouns = [word for word, tag in tagged if tag in _TAGS_ZH]
    return sorted(
        dict.fromkeys(nouns or [word for word, _ in tagged]),
        key=lambda word: -len(word),
    )
