"""What a choice tells: the user took one of the options that the assistant had offered,
and perhaps said why not the others.
"""

from __future__ import annotations

import re
from dataclasses import replace

from shared.domain.extraction import Draft
from shared.domain.memory import Origin, Type
from shared.domain.message import Message
from shared.jobs.clock import milliseconds
from shared.language.sentences import sentences
from shared.language.words import is_chinese, terms, word_count
from workers.pipeline.extract.speech.patterns import (
    AGAINST,
    CHOOSES,
    OPTION_NUMBER,
)
from workers.pipeline.extract.speech.third_person import third_person
from workers.pipeline.orders.orders_in_talk import is_aside

LONGEST = 45
"""Words of an answer that settles a choice; a longer one, or one that asks on, is talk
about the options.
"""

ONLY_CHOICE = 8
"""Words up to which an answer that chooses says nothing else in its clause."""

LONGEST_QUESTION = 300
"""Characters of what had been asked for that are kept with a choice."""

_PLACES = (
    ("one", "first", "一", "1", "a"),
    ("two", "second", "二", "2", "b"),
    ("three", "third", "三", "3", "c"),
    ("four", "fourth", "四", "4", "d"),
    ("five", "fifth", "五", "5", "e"),
)
_LISTED = re.compile(
    r"(?:^|\n|\s)(?:\(?\d{1,2}[.)、:]|[-*•]|[A-E][.)])\s*([^\n]+?)(?=(?:\s\(?\d{1,2}[.)]\s)|\n|$)"
)
_INLINE = re.compile(
    r"\s*(?=[①-⑨])|(?<=[；;：:])\s*(?=\d[.)、](?!\d))|\s+(?=Option \d:|\d\)\s)"
    r"|(?<=[；;：:，,。\s])\s*(?=(?:方案|选项)[一二三四五\d][：:])"
)
_MARK = re.compile(
    r"[①-⑨]|\bOption (?=\d:)|(?<![\u3400-\u9fff])(?:方案|选项)[一二三四五\d][：:]"
)
_CLAUSE = re.compile(r"[^,;.!，；。！、]+")
_DECIDES = re.compile(r"[^，,。；]*(?:吧|选|就要|就[第这那]|要第)[^，,。；]*")
_PLACE: dict[str, int] = {}
for _index, _words in enumerate(_PLACES):
    _PLACE |= dict.fromkeys(_words, _index)


def chosen(message: Message, before: Message | None, asked: str = "") -> Draft | None:
    """The implicit preference behind a choice, or None when the message before offered
    nothing or nothing was taken.

    `asked`: what the user had asked for; people will ask for such a thing again.
    """
    answer = message.text
    settles = word_count(answer) <= LONGEST and CHOOSES.search(answer)
    if not settles or answer.rstrip().endswith(("?", "？")):
        return None
    if before is None or before.role != "assistant":
        return None
    options = offered(before.text)
    if len(options) < 2:
        return None
    option = _taken(answer, options)
    if option is None:
        return None
    return replace(
        _draft(message, option, [other for other in options if other != option]),
        context=asked[:LONGEST_QUESTION],
    )


def only_chooses(answer: str) -> bool:
    """Whether a short answer says nothing but what is chosen: "I'd take the second one,
    thanks", and not "the second one, bought two tins already".
    """
    if word_count(answer) > ONLY_CHOICE:
        return False
    clauses = [part.strip() for part in _CLAUSE.findall(answer)]
    return all(
        _is_aside(part) or CHOOSES.search(part) or AGAINST.search(part)
        for part in clauses[1:]
    )


def _is_aside(clause: str) -> bool:
    """Whether a clause beside a choice is hardly more than a word: "thanks", 快就好."""
    return is_aside(clause) if is_chinese(clause) else len(set(terms(clause))) < 2


def offered(text: str) -> list[str]:
    """The options of a numbered or bulleted list, in order; the list may stand within a
    line (①... ②..., 1. ...；2. ...).
    """
    lines = _MARK.sub(
        lambda mark: "" if mark[0].startswith("Option") else "- ",
        _INLINE.sub("\n", text),
    )
    return [
        option.strip().rstrip(".。；;")
        for option in _LISTED.findall(lines)
        if 1 < len(option.strip()) < 300
    ]


def _taken(answer: str, options: list[str]) -> str | None:
    decides = _DECIDES.search(answer)
    number = OPTION_NUMBER.search(decides[0] if decides else answer)
    if number is not None:
        word = next(group for group in number.groups() if group).lower()
        place = len(options) - 1 if word == "last" else _PLACE.get(word, -1)
        if 0 <= place < len(options):
            return options[place]
    parts = sentences(answer)
    in_favour = [
        part
        for part in parts
        if CHOOSES.search(part) and not re.match(r"the other|其他", part, re.I)
    ]
    said = set(terms(" ".join(in_favour) or parts[0]))
    scored = [
        (len(said & set(terms(option))) / (len(set(terms(option))) ** 0.5 or 1), option)
        for option in options
    ]
    best = max(scored)
    return best[1] if best[0] > 0 else None


def _draft(message: Message, option: str, others: list[str]) -> Draft:
    zh = is_chinese(message.text)
    against = [part for part in sentences(message.text) if AGAINST.search(part)]
    why = " ".join(third_person(part) or part for part in against[:2])
    text = f"用户选择了：{option}。{why}" if zh else f"The user chose: {option}. {why}"
    listed = (
        "；".join(others[:3]) if zh else "; ".join(other[:80] for other in others[:3])
    )
    return Draft(
        type=Type.IMPLICIT,
        text=text.strip(),
        title=option[:40],
        confidence=0.8,
        reasoning=f"在几个选项中选了它，没有选：{listed}"
        if zh
        else f"Chosen among options; not taken: {listed}",
        origins=(Origin(message_ids=(message.id,)),),
        speaker=message.speaker,
        happened_at=milliseconds(message.spoken_at),
    )
