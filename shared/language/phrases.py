"""Titles and tags: the few words that name what a text is about."""

from __future__ import annotations

import re
from collections.abc import Iterable

from shared.language.lexical import without_date
from shared.language.phrases_ja import japanese_tags, japanese_title
from shared.language.phrases_ko import korean_tags, korean_title
from shared.language.phrases_spaced import spaced_tags, spaced_title
from shared.language.phrases_zh import chinese_tags, chinese_title
from shared.language.words import is_chinese, terms

LONGEST_TITLE, LONGEST_DENSE_TITLE = 40, 20
"""Characters of a title; the second where a character is a syllable or a word."""
MOST_TAGS = 3
"""Tags that are made of a memory's own words."""
_LONGEST_TAG = 30
_READ = 2000
"""Characters of a text that are looked at."""

_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]")
_UNKNOWN = re.compile(r"[\u0590-\u0fff\u1000-\u109f\u1780-\u17ff]")
"""Scripts of Asia and Africa of whose words nothing is known here."""
_DENSE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_SPEAKER = re.compile(
    r"^(?:User|Assistant|The user (?:says|asks)|用户(?:说|要求)?|助手说?)\s*[:：]\s*"
)


def title_of(text: str) -> str:
    """A few words of a text, in its language and order, that name what it is about:
    "Moving to Oslo". Never cut within a word; the text's first words where none of them
    is seen to be telling.
    """
    said = _said(text)
    longest = _longest(said)
    if _KANA.search(said):
        title = japanese_title(said, longest)
    elif _HANGUL.search(said):
        title = korean_title(said, longest)
    elif _UNKNOWN.search(said):
        title = ""
    elif is_chinese(said):
        title = chinese_title(said, longest)
    else:
        title = spaced_title(said, longest)
    title = title or shortened(said, longest)
    return title[:1].upper() + title[1:]


def tags_of(text: str) -> tuple[str, ...]:
    """At most `MOST_TAGS` names, places and topics of a text, the most telling first;
    small letters except in names.
    """
    said = _said(text)
    if _KANA.search(said):
        tags = japanese_tags(said)
    elif _HANGUL.search(said):
        tags = korean_tags(said)
    elif _UNKNOWN.search(said):
        tags = []
    elif is_chinese(said):
        tags = chinese_tags(said)
    else:
        tags = spaced_tags(said)
    return distinct_tags(tags)[:MOST_TAGS]


def shortened(text: str, longest: int) -> str:
    """The first words of a text in one line, at most `longest` characters; a word is cut
    only where it is longer than that by itself.
    """
    line = " ".join(text.split())
    if len(line) <= longest or _DENSE.match(line[longest:]):
        return line[:longest].rstrip(" ,;:，；：、")
    whole, _, _ = line[: longest + 1].rpartition(" ")
    return (whole or line[:longest]).rstrip(" ,;:，；：、")


def _said(text: str) -> str:
    """A memory's text without who says it and the day it was said on; the beginning of
    a long one.
    """
    return _SPEAKER.sub("", without_date(text).strip())[:_READ]


def _longest(text: str) -> int:
    letters = [letter for letter in text if letter.isalpha()]
    is_dense = 2 * len(_DENSE.findall(text)) > len(letters)
    return LONGEST_DENSE_TITLE if is_dense else LONGEST_TITLE


def distinct_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Each once, whatever its capitals and ending; none without a letter."""
    result: dict[tuple[str, ...], str] = {}
    for tag in tags:
        key = tuple(terms(tag)) or (tag.lower(),)
        if any(letter.isalpha() for letter in tag) and len(tag) <= _LONGEST_TAG:
            result.setdefault(key, tag)
    return tuple(result.values())
