"""What a statement says has ended, been put off or been said wrongly: the ways in which
people take back what they said. Pure functions.

Each finds the thing concerned and asks whether a known statement is about that thing
and little else. A statement of another person's thing takes nothing back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.language.words import is_chinese, terms

BRIEF, BRIEF_ZH = 14, 24
"""Words (in Chinese, words and pairs of characters) up to which a known statement is
about one thing: a longer one would be lost with it.
"""
BESIDE, BESIDE_ZH = 2, 5
"""Words (in Chinese, characters) that a known statement may hold beside the thing, its
day and what the new one says too.
"""
KEPT = 0.6
"""Share of the words of a known statement that its correction repeats."""

_ENDED = re.compile(
    r"\b(?:cancell?ed|called off|sold|got rid of|gave away|returned|threw out|broke up "
    r"with|split up with|divorced|dropped out of|unsubscribed from)"
    r" (?P<en1>[^.,;(]+?)(?= (?:and|but|because|since|for|last|this|that|so|to pay)\b|[.,;(]|$)"
    r"|\bdecided (?:not to \w+|against(?: \w+ing)?) (?P<en3>[^.,;(]+)"
    r"|(?P<en2>\b[A-Z]\w+) and (?:the user|I|they) (?:broke up|split up|separated)"
    r"|(?:取消|退掉|卖掉|停掉)了?(?P<zh1>[^，。；（]{1,14}?)(?:的(?:计划|安排|预订|行程))?了?(?=[，。；（]|$)"
    r"|[把将](?P<zh2>[^，。；（]{1,10}?)(?:卖|退|扔|送人|取消|停)掉?了"
    r"|戒掉?了?(?P<zh3>[^，。；（了]{1,3})了?"
    r"|[和跟与](?P<zh4>[^，。；（]{1,6}?)(?:分手|离婚|绝交)"
)
_DENIED = re.compile(
    r"(?:\b(?:not|never|without|cannot)|n['’]t) (?:\w+ ){0,2}?(?:cancell?|sell|sold|quit"
    r"|g[ia]ve|drop|turn"
    r"|pa(?:y|id) off|shut|call|return|break|broke)\w*"
    r"|(?:不会|不能|没有?|别|绝不|不想)(?:轻易)?(?:取消|放弃|卖|退|戒|停|关)",
    re.I,
)
_MOVED = re.compile(
    r"(?P<en1>[^.,;:(]+?) (?:has been|have been|was|were|is|got|had to be) (?:moved|rescheduled"
    r"|postponed|pushed|brought|delayed|changed)"
    r"(?: back| forward)? (?:to|until|till)\b"
    r"|\b(?:moved|rescheduled|postponed|pushed|raised|increased|lowered|reduced|changed"
    r"|switched) (?!from\b)(?P<en2>[^.,;(]+?)"
    r"(?: back| up| down| forward)? (?:to|until|till)\b"
    r"|(?P<zh1>[^，。；：（]{1,14}?)(?:已经|已|被|又|临时)?(?:改到|改成"
    r"|改为|改在|推迟到|推到|提前到|延期到|延到|挪到|调到|涨到|降到)"
    r"|换了?(?P<zh2>[^，。；：（了]{1,6})了?[，,]?新的?",
    re.I,
)
_BEST = re.compile(
    r"\bfavou?rite (?P<en>[\w ]{2,30}?) (?:is|are)\b|最喜欢的(?P<zh>\w{1,6}?)是", re.I
)
_NEW = re.compile(
    r"\bnew (?P<en>[\w ]{2,20}?) (?:is|are)\b|新的?(?P<zh>\w{1,5}?)(?:是|叫)", re.I
)
_WRONG = re.compile(
    r",? (?:and |but )?not (?P<en1>[^.,;()]+)|not (?P<en2>[^.,;()]+?), "
    r"but\b|(?:，|而)不是(?P<zh1>[^，。；（）]+)",
    re.I,
)
_MISTAKEN = re.compile(
    r"\b(?:correction|i misspoke|i was wrong|got (?:it|that) wrong|made a mistake|typo)\b"
    r"|(?:说|记|搞|写|弄)错了|更正",
    re.I,
)
_VALUE = re.compile(
    r"\d|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|周[一二三四五六日天末]"
    r"|星期|[一二两三四五六七八九十]点|月|明天|下周",
    re.I,
)
_DATED = re.compile(
    r"\d+|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:jan|feb|march|april|may"
    r"|june|july|aug|sept?|oct|nov|dec)\w*\b|[ap]m\b"
    r"|周[一二三四五六日天末]|星期|上午|下午|晚上|早上|月|日|号|点",
    re.I,
)
_PERSON = re.compile(
    r"\b(?:friend|brother|sister|mother|mom|mum|father|dad|parents?|son|daughter|aunt"
    r"|uncle|cousin|colleague|boss|neighbou?r|grandm\w+|grandf\w+)\b"
    r"|(?<![男女])朋友|同事|哥哥|弟弟|姐姐|妹妹|妈妈|爸爸|父亲|母亲|爷爷"
    r"|奶奶|叔叔|阿姨|老板|邻居|表[哥弟姐妹]|儿子|女儿",
    re.I,
)
_ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）")
_SENTENCE = re.compile(r"[.!?。！？](?=\s*\S)")
_SMALL = frozenset("的了去到们个这那用户我你他她")


def takes_back(new: str, existing: str) -> bool:
    """Whether `new` says that what `known` states has ended, is at another time or
    value by now, or was said wrongly.
    """
    if (
        len(terms(_ASIDE.sub(" ", existing)))
        > (BRIEF_ZH if is_chinese(existing) else BRIEF)
        or _SENTENCE.search(existing)
        or people(new) != people(existing)
    ):
        return False
    # What has ended, unless the known statement is of an end too, and what has moved,
    # where the known one gives a value.
    over: list[str] = [] if _ENDED.search(existing) else [*ended(new)]
    if _VALUE.search(existing):
        over += moved(new)
    return (
        any(
            about(thing, existing) and _little_else(thing, new, existing)
            for thing in over
        )
        or _corrects(new, existing)
        or _names_another(new, existing)
    )


def tells_end(text: str) -> bool:
    """Whether a text takes anything back: worth a look at memories of other kinds too."""
    return any(
        pattern.search(text) for pattern in (_ENDED, _MOVED, _MISTAKEN, _BEST, _NEW)
    )


def _corrects(new: str, existing: str) -> bool:
    """ "It is on the 13th, not on the 3rd" of "It is on the 3rd"; "the 13th, I got it
    wrong" as well.
    """
    said, repeated = set(terms(existing)), set(terms(new))
    plain = {word for word in said if not word.isdigit()}
    if not plain or len(plain & repeated) < KEPT * len(plain):
        return False
    return bool(_MISTAKEN.search(new) and not said <= repeated) or any(
        about(thing, existing) for thing in _things(_WRONG, new)
    )


def _names_another(new: str, existing: str) -> bool:
    """There is one favourite colour at a time, and a new manager comes after the one before."""
    best = set(_things(_BEST, new))
    if best:
        return best == set(_things(_BEST, existing))
    return any(
        re.search(rf"(?<!new ){re.escape(thing)} ?(?:is|are|是|叫)", existing, re.I)
        for thing in _things(_NEW, new)
    )


def _things(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for match in pattern.finditer(text):
        things = filter(None, match.groupdict().values())
        yield from (thing.strip().lower() for thing in things if thing.strip())


def ended(text: str) -> Iterator[str]:
    """The things that a text says have ended, or that somebody has no longer."""
    return _things(_ENDED, without_denied(text))


def without_denied(text: str) -> str:
    """The text without the ends that it denies: "won't quit", 没取消."""
    return _DENIED.sub(" ", text)


def moved(text: str) -> Iterator[str]:
    """The things that a text says are at another time or value by now."""
    return _things(_MOVED, text)


def about(thing: str, existing: str) -> bool:
    """Whether all that names the thing stands in the statement. Chinese is compared by
    characters: words are cut differently in other contexts.
    """
    if is_chinese(thing):
        characters = {character for character in thing if character.isalnum()} - _SMALL
        return bool(characters) and characters <= set(existing)
    named = set(terms(thing))
    return bool(named) and named <= set(terms(existing))


def _little_else(thing: str, new: str, existing: str) -> bool:
    """Whether nothing would be lost with the known statement: who comes, and where, is
    not said again when only the day has changed.
    """
    said = _DATED.sub(" ", _ASIDE.sub(" ", existing))
    if is_chinese(said):
        return (
            len(
                {character for character in said if character.isalnum()}
                - set(thing)
                - set(new)
                - _SMALL
            )
            <= BESIDE_ZH
        )
    return (
        len(set(terms(said)) - set(terms(thing)) - set(terms(new)) - {"user", "plan"})
        <= BESIDE
    )


def people(text: str) -> set[str]:
    """The kin, friends and colleagues that a text speaks of."""
    return {person.lower() for person in _PERSON.findall(text)}
