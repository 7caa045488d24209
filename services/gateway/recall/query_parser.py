"""A query taken apart: chatter before the question cut off, several questions apart, a
description apart from what is asked of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from shared.language.words import is_chinese, terms

MAX_HEAD = 500
MAX_TAIL = 1500
"""Characters of a long query that are read: the beginning and, mostly, the end, where
the question stands.
"""
MAX_QUESTIONS = 3
"""Questions of one query that are searched, each for itself."""

_REAL_QUESTION = re.compile(
    r"(?:[^，。？！：,.?!:\s]{0,12}(?:想|要)(?:问|说|知道|了解|搞清楚|弄清楚|弄明白|确认|请教)[^，。？！：]{0,8}"
    r"|等等，[^，]{0,3}，等等|问题[^，。？！：]{0,4}是[^，。？！：]{0,3})[，：:]"
    r"|\b(?:what i (?:really |actually )?(?:want(?:ed)?|meant?|need(?:ed)?)"
    r" to (?:ask|know|say|find out)\b[^,:.?!]{0,20}"
    r"|my (?:real |actual )?question is)[,:]?\s",
    re.I,
)
_NEXT_QUESTION = re.compile(
    r"[？?。.]?\s*(?:另外|还有一个问题|还想问一下|顺便问一下)[，,：:]"
    r"|(?<=\?)\s+(?:also|and|by the way|another question)[,:]?\s",
    re.I,
)
_DESCRIPTION = re.compile(
    r"(?:那个|那位|这个|那|这)?.{2,80}?的(?:那个|那位)?"
    r"(?:(?:人|家伙|朋友|同事|活动|地方)[，,]?|\w{1,4}[，,])\s*(?P<rest>.{2,40})"
)
_QUESTION_WORDS = re.compile(
    r"什么来着|叫什么名字|是什么|是多少|是啥|什么|哪儿|哪里|哪个|哪些|哪种"
    r"|来着|多少|几个|怎么样|怎样|如何|吗|呢|呀|啊|谁|那个|这个"
)
_REQUEST = re.compile(
    r"\b(?:recommend|suggest|should i|(?:can|could|would|will) you|help me|plan"
    r"|any (?:ideas|tips|advice)|ideas for|advice|book me|find me"
    r"|write|draft|choose|pick|order|what to)\b|推荐|建议|帮我|给我|应该|怎么|安排|写|订|选|适合|有什么",
    re.I,
)
_PUNCTUATION = "?？。. "


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a query."""

    text: str
    """What is searched by meaning."""
    search_words: str
    """What is searched by words: the text without the words that only ask."""
    chinese: bool
    rest: str = ""
    """What is asked of the thing that the question describes, if it describes one: "the
    one whose phone is 123, what is their job?".
    """
    is_request: bool = False
    """Something is to be done, with regard to what the user likes."""


def parse_query(query: str) -> list[Question]:
    """The questions of a query, at least one unless there is nothing in it."""
    text = " ".join(query.replace("\0", " ").split())
    if len(text) > MAX_HEAD + MAX_TAIL:
        text = f"{text[:MAX_HEAD]} {text[-MAX_TAIL:]}"
    questions = []
    for part in _NEXT_QUESTION.split(text):
        asked = whole = part.strip()
        for marker in _REAL_QUESTION.finditer(part):
            asked = part[marker.end() :].strip()
        if not asked.strip(_PUNCTUATION) and not whole.strip(_PUNCTUATION):
            continue
        asked = asked or whole
        chinese = is_chinese(asked)
        description = (
            _DESCRIPTION.fullmatch(asked.rstrip("?？。 ")) if chinese else None
        )
        question = Question(
            text=asked,
            search_words=without_question_words(asked, chinese),
            chinese=chinese,
            rest=description["rest"] if description else "",
            is_request=bool(_REQUEST.search(asked)),
        )
        questions.append(question)
    if text and not questions:  # "???": no words, and a query all the same
        questions = [Question(text, text, is_chinese(text))]
    return questions[:MAX_QUESTIONS]


def without_question_words(text: str, chinese: bool) -> str:
    """A question without the words that only ask: no answer holds them. All of it where
    nothing else is there ("what am I called?").
    """
    rest = _QUESTION_WORDS.sub(" ", text).strip() if chinese else text
    return rest if terms(rest) else text


def is_named(person: str, text: str) -> bool:
    """Whether a text names a person, by the whole name or a part of it; Latin names as
    whole words only.
    """
    for name in (person, *person.split()):
        pattern = re.escape(name)
        if name.isascii():
            pattern = rf"(?<![^\W\d_]){pattern}(?![^\W\d_])"
        if len(name) > 1 and re.search(pattern, text, re.I):
            return True
    return False
