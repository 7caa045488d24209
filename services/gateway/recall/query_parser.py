"""What a query asks, taken apart: chatter cut off, several questions told apart, a
description told from what is asked of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shared.language.words import is_chinese, terms

LONGEST = 2000
"""Characters of a query that are read: of a longer one its beginning and, mostly, its
end, where the question stands.
"""
MOST = 3
"""Questions of one query that are looked up each."""

_MEANT = re.compile(
    r"(?:[^，。？！：,.?!:\s]{0,12}(?:想|要)(?:问|说|知道|了解|搞清楚|弄清楚|弄明白|确认|请教)[^，。？！：]{0,8}"
    r"|等等，[^，]{0,3}，等等|问题[^，。？！：]{0,4}是[^，。？！：]{0,3})[，：:]"
    r"|\b(?:what i (?:really |actually )?(?:want(?:ed)?|meant?|need(?:ed)?) to (?:ask|know|say|find out)\b[^,:.?!]{0,20}"
    r"|my (?:real |actual )?question is)[,:]?\s",
    re.I,
)
_ANOTHER = re.compile(
    r"[？?。.]?\s*(?:另外|还有一个问题|还想问一下|顺便问一下)[，,：:]|(?<=\?)\s+(?:also|and|by the way|another question)[,:]?\s",
    re.I,
)
_DESCRIBED = re.compile(
    r"(?:那个|那位|这个|那|这)?.{2,80}?的(?:那个|那位)?(?:(?:人|家伙|朋友|同事|活动|地方)[，,]?|\w{1,4}[，,])\s*(?P<asked>.{2,40})"
)
_ASKING = re.compile(
    r"什么来着|叫什么名字|是什么|是多少|是啥|什么|哪儿|哪里|哪个|哪些|哪种|来着|多少|几个|怎么样|怎样|如何|吗|呢|呀|啊|谁|那个|这个"
)
_REQUEST = re.compile(
    r"\b(?:recommend|suggest|should i|(?:can|could|would|will) you|help me|plan|any (?:ideas|tips|advice)|ideas for|advice|book me|find me"
    r"|write|draft|choose|pick|order|what to)\b|推荐|建议|帮我|给我|应该|怎么|安排|写|订|选|适合|有什么",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `text` is searched by meaning, `words` by words; `rest` is what is
    asked of the thing that the question describes, if it does ("the one whose phone is
    123, what is their job?"). A `request` wants something done, with regard to what the
    user likes.
    """

    text: str
    words: str
    chinese: bool
    rest: str = ""
    request: bool = False


def read(query: str) -> list[Asked]:
    """The questions of a query, at least one unless there is nothing in it."""
    text = _shortened(" ".join(query.replace("\0", " ").split()))
    asked = [_asked(part) for part in _parts(text)]
    return asked[:MOST]


def words_of(text: str, chinese: bool) -> str:
    """A question without the words that only ask: no answer holds them. All of it where
    nothing else is asked by ("what am I called?").
    """
    rest = _ASKING.sub(" ", text).strip() if chinese else text
    return rest if terms(rest) else text


def _parts(text: str) -> Iterator[str]:
    for part in _ANOTHER.split(text):
        markers = list(_MEANT.finditer(part))
        meant = part[markers[-1].end() :].strip() if markers else part.strip()
        if meant.strip("?？。. ") or part.strip("?？。. "):
            yield meant or part.strip()


def _asked(text: str) -> Asked:
    chinese = is_chinese(text)
    described = _DESCRIBED.fullmatch(text.rstrip("?？。 ")) if chinese else None
    return Asked(
        text,
        words_of(text, chinese),
        chinese,
        described["asked"] if described else "",
        bool(_REQUEST.search(text)),
    )


def _shortened(text: str) -> str:
    return (
        text
        if len(text) <= LONGEST
        else f"{text[: LONGEST // 4]} {text[-3 * LONGEST // 4 :]}"
    )
