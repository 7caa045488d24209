"""Titles and tags: the few words that name what a text is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from shared.language.lexical import without_date
from shared.language.phrases_ja import japanese_tags, japanese_title
from shared.language.phrases_ko import korean_tags, korean_title
from shared.language.phrases_spaced import spaced_tags, spaced_title
from shared.language.phrases_zh import chinese_tags, chinese_title
from shared.language.words import terms

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
_HAN = re.compile(r"[\u3400-\u9fff]")
_FEWEST_KANA = 6
"""Japanese has more than one kana among so many characters; other texts may quote one."""
_EDGE = " ,;:，；：、。"
_LETTERS = 6
"""Letters that say as much as a Chinese character, where both stand in a text."""
_DENSE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_SPEAKER = re.compile(
    r"^(?:User|Assistant|The user (?:says|asks)|用户(?:说|要求)?|助手说?)\s*[:：]\s*"
)
_SALUTATION = re.compile(
    r"^(?:(?:hi|hello|hey|dear|hallo|liebe[rs]?|hola|querid[oa]|estimad[oa]|bonjour|salut|chère?|ciao|caro|cara"
    r"|olá)\s[^,，:：\n!]{1,30}[,!:]|[\u3400-\u9fff]{1,4}(?:[，,]?(?:你好|您好))?[:：]\s*\n)\s*(?=\S)",
    re.I,
)
"""How a letter begins: it names whom it is to, not what it is about."""
_ANSWERED = re.compile(r"^(?:\([^()]*\)\s*|（[^（）]*）)(?=\w)")
"""What was asked, before the answer to it."""
_ROW = re.compile(
    r"(?:^|(?<=[;；\n])\s*)(?P<label>[^\W\d_][^:：;；.。!?！？\n]{0,29})(?P<colon>(?:(?<!\d)[:：]|[:：](?!\d))\s*)(?!//)"
    r"(?P<value>[^;；\n]*[^;；\s])"
)
"""A label with its value; no label ends within a time of day."""
_FEWEST_ROWS = 2
"""Rows from which a text is a form."""
_STOPS = re.compile(r"[.!?](?=\s)|[。！？，]|, ")
_NUMBERED = re.compile(r"^\s*\(?\d{1,3}[.)、]\s*")

_FINDERS: dict[str, tuple[Callable[[str, int], str], Callable[[str], list[str]]]] = {
    "japanese": (japanese_title, japanese_tags),
    "korean": (korean_title, korean_tags),
    "chinese": (chinese_title, chinese_tags),
    "spaced": (spaced_title, spaced_tags),
    "unknown": (lambda text, longest: "", lambda text: []),
}
"""What finds the title and the tags of a text, by the way that it is written."""


def title_of(text: str) -> str:
    """A few words of a text, in its language and order, that name what it is about:
    "Moving to Oslo". Never cut within a word; the text's first words where none of them
    is seen to be telling.
    """
    said = _said(text)
    longest = _longest(said)
    find_title, _ = _FINDERS[_writing(said)]
    title = _labelled(said, longest)
    title = title or find_title(said, longest) or shortened(said, longest)
    return title if title[1:2].isupper() else title[:1].upper() + title[1:]


def tags_of(text: str) -> tuple[str, ...]:
    """At most `MOST_TAGS` names, places and topics of a text, the most telling first;
    small letters except in names.
    """
    said = _said(text)
    rows = list(_ROW.finditer(said))
    if len(rows) >= _FEWEST_ROWS:  # the labels of a form tell nothing of it
        said = "; ".join(row["value"] for row in rows)
    _, find_tags = _FINDERS[_writing(said)]
    return distinct_tags(find_tags(said))[:MOST_TAGS]


def _labelled(said: str, longest: int) -> str:
    """The first row of a form, or the label of an entry with it, where there is room:
    "Groceries: bananas"; "" where the text is no such thing.
    """
    row = _ROW.match(said)
    if row is None or _STOPS.search(row["value"]):
        return ""
    table = _of_table(said, longest)
    if table:
        return table
    is_entry = row.end() == len(said)
    if not is_entry and len(_ROW.findall(said)) < _FEWEST_ROWS:
        return ""
    colon = row["colon"].strip()
    value = _NUMBERED.sub("", row["value"]).strip()
    title = f"{row['label'].strip()}{colon}{' ' * (colon == ':')}{value}"
    return title if len(title) <= longest and "\n" not in title else ""


def _of_table(said: str, longest: int) -> str:
    """The first rows of a table, whose labels come again with each row, without them:
    "Tent 210; stove 45". "" for a form, and where there is no room for a row.
    """
    pairs = [
        (row["label"].strip(), row["value"].strip()) for row in _ROW.finditer(said)
    ]
    heads = [label for label, _ in pairs]
    size = heads.index(heads[0], 1) if heads and heads[0] in heads[1:] else 0
    if not size or heads[:size] * 2 != heads[: 2 * size]:
        return ""
    rows = [
        " ".join(value for _, value in pairs[start : start + size])
        for start in range(0, len(pairs), size)
    ]
    title = rows[0]
    for row in rows[1:]:
        longer = f"{title}; {row}"
        title = longer if len(longer) <= longest else title
    return title if len(title) <= longest else ""


def shortened(text: str, longest: int) -> str:
    """The first words of a text in one line, at most `longest` characters; a word is cut
    only where it is longer than that by itself.
    """
    line = " ".join(text.split())
    if len(line) <= longest or _DENSE.match(line[longest:]):
        return line[:longest].rstrip(_EDGE)
    whole, _, _ = line[: longest + 1].rpartition(" ")
    return (whole or line[:longest]).rstrip(_EDGE)


def _said(text: str) -> str:
    """A memory's text without who says it, what it answers and the day it was said on;
    the beginning of a long one.
    """
    said = _SPEAKER.sub("", without_date(text).strip())[:_READ]
    said = _ANSWERED.sub("", said)
    return _SALUTATION.sub("", said) or said


def _writing(text: str) -> str:
    """In which way most of a text is written, one of `_FINDERS`. A character of the
    languages without spaces says as much as several letters.
    """
    kana, hangul, unknown, han = (
        len(pattern.findall(text)) for pattern in (_KANA, _HANGUL, _UNKNOWN, _HAN)
    )
    letters = sum(map(str.isalpha, text)) - kana - hangul - unknown - han
    if kana * _FEWEST_KANA >= kana + han > letters / _LETTERS:
        return "japanese"
    if hangul > letters / _LETTERS:
        return "korean"
    if unknown > letters:
        return "unknown"
    return "chinese" if han > letters / _LETTERS else "spaced"


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
