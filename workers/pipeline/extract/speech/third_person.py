"""Turning what a person says of themselves into a statement about them: "I don't like
fish" -> "The user doesn't like fish".

Only where that is certain: what cannot be turned word by word is kept as it was said.
"""

from __future__ import annotations

import re

from shared.language.sentences import sentence_spans
from shared.language.words import is_chinese
from workers.pipeline.extract.speech.announced_words import announces_others
from workers.pipeline.extract.speech.english_person import named_in_english
from workers.pipeline.extract.speech.patterns import (
    ASKS_HELP,
    BEFORE_ME,
    PREFACE,
    RESETS,
)
from workers.pipeline.extract.speech.quotations import quotations

LONGEST = 2000
"""Characters of a statement; in a longer one too many are spoken of."""
_ADDRESSES = re.compile(r"\b(?:you|your|yours|yourself)\b|[你您](?![好们])", re.I)
"""Words to the one who is spoken to: "the user called you" would be nobody's words."""
_BEGINS = re.compile(
    r"(?:i|i['’](?:m|ve|ll|d)|im|my)(?=\s)(?!\s+(?:\w+['’]t|am|do|did|have|can|will|would|not)[.!]*$)"
    r"|(?:我|今年|现在|其实|最近)",
    re.I,
)
"""A statement of a person about themselves, of more than "I do"."""
_FIRST_PERSON = re.compile(r"(?<![\w'’])(?:I|me|my|mine|myself)\b|我", re.I)
_FIRST_PERSON_LOWER = re.compile(r"(?<![\w'’])(?:i|me|my|mine|myself|im|ive)\b", re.I)
_BEGINS_SMALL = re.compile(r"[\W\d]*[a-z]")


def third_person(
    statement: str, subject: str = "The user", subject_zh: str = "用户"
) -> str | None:
    """The statement as one about its speaker: the first "I" becomes `subject`, later
    ones "they" where that can mean nobody else; Chinese 我 becomes `subject_zh`.

    None where its first sentence does not speak of the speaker, and where the words
    cannot be turned with certainty: words of others in the first person, "World War I",
    an unknown verb, another language.
    """
    if len(statement) > LONGEST or _ADDRESSES.search(statement):
        return None
    if announces_others(statement) or RESETS.match(statement):
        return None
    quoted = [statement[start:end] for start, end in quotations(statement)]
    if any(_FIRST_PERSON.search(words) for words in quoted):
        return None
    spelt = well_typed(_introduced(_without_preface(statement)))
    if is_chinese(spelt):
        return _named_in_chinese(spelt, subject_zh)
    if not _is_carefully_written(statement):
        return None
    return named_in_english(spelt, subject)


def _is_carefully_written(statement: str) -> bool:
    """Whether each sentence that speaks of the speaker begins with a capital. In "also
    my back is out lol" what follows is left out, misspelt or joined without a mark,
    and turned word by word it is nobody's English.
    """
    sentences = (statement[start:end] for start, end in sentence_spans(statement))
    return not any(
        _FIRST_PERSON_LOWER.search(sentence) and _BEGINS_SMALL.match(sentence)
        for sentence in sentences
    )


def _without_preface(statement: str) -> str:
    """The statement without words before it that only announce it: "FYI,",
    "As I said,", 大家好.
    """
    preface = PREFACE.match(statement)
    if preface is None or not _BEGINS.match(statement, preface.end()):
        return statement
    said = statement[preface.end() :]
    return said[:1].upper() + said[1:]


_INTRODUCES = re.compile(
    r"(?:^|(?<=[.!?,] ))(?:I am|I['’]m|[Cc]all me) (?P<name>[A-Z][a-zà-ÿ]+(?: [A-Z][a-zà-ÿ]+)?)"
    r"(?=[.!]|$|,? (?:and I\b|from\b|an?\b|the\b|your\b|by the way\b|btw\b))"
)
_NO_NAME = re.compile(
    r".*(?:ish|ese|ist|[a-z]{2}[iec]an)$|(?:Dutch|French|German|Greek|Swiss|Czech|Thai|Turk"
    r"|Arab|Pole|Dane|Swede|Finn|Serb|Croat|Basque|Kurd|Uzbek|Jain|Muslim"
    r"|Hindu|Sikh|Catholic|Orthodox|Vegan|Vegetarian|Aries|Taurus|Gemini|Cancer|Leo|Virgo|Libra"
    r"|Scorpio|Sagittarius|Capricorn|Aquarius|Pisces|Fine"
    r"|Good|Back|Here|Happy|Sorry|Ready|Free|Okay|OK|Team|Gen)\b.*$"
)
_INTRODUCES_ZH = re.compile(
    r"(?<![\u3400-\u9fff])我叫(?!外卖|[了你他她它您人车])(?=[\u3400-\u9fff]{2,4}(?<![了过吧来])(?:[，。！,.!]"
    r"|$))"
)


def _introduced(statement: str) -> str:
    """An introduction says that it tells a name, since people ask for it by that word:
    "I'm Ada" -> "My name is Ada".
    """
    named = _INTRODUCES.sub(_with_name, statement)
    return _INTRODUCES_ZH.sub("我的名字叫", named)


def _with_name(match: re.Match[str]) -> str:
    if _NO_NAME.match(match["name"]):
        return match[0]
    my = "my" if match.string[: match.start()].endswith(", ") else "My"
    return f"{my} name is {match['name']}"


_ME_ZH = re.compile(
    r"(?<![自本死烦急吓忘无唯])我(?![们們追俩倆仨])(?!国(?!庆)|國(?!慶)|军(?!训)|軍(?!訓)|方(?!便)|校(?![对園园服])"
    r"|市(?!区|區)|省(?![钱錢事下了])|行(?![李程])|素(?!食))(?P<of>的)?(?P<kin>爸妈|父母|爸爸?|妈妈?|父亲|母亲|老公|丈夫|先生|老婆"
    r"|妻子|太太|爱人|对象(?!棋|征)|媳妇|闺女|女儿|儿子|孩子|宝宝|孙子|孙女|哥哥?|弟弟?|姐姐?|妹妹?|[表堂][哥弟姐妹]"
    r"|舅舅|叔叔|阿姨|姑姑|姨妈|大伯|伯伯|嫂子|姐夫|妹夫|侄[子女]|外甥女?|爷爷|奶奶|外公|外婆|姥姥|姥爷"
    r"|公公|婆婆|岳父|岳母|男朋友|女朋友|男友|女友|闺蜜|朋友(?!圈)|邻居|房东|室友|同事|同学|导师|老板|领导|家)?"
)
_NO_WORD = re.compile(r"(?:^|\W)$")
_FULL_KIN = {kin: kin * 2 for kin in "爸妈哥弟姐妹"}
"""我妈 is 用户的妈妈: with 的 nobody says 妈."""


def _named_in_chinese(statement: str, subject: str) -> str | None:
    """我 by name, 我妈 as 用户的妈妈: 其 might mean whoever else was named. None where
    the first sentence has no 我, where something else than a subject or an object is said by
    it, and where the assistant is asked for something.
    """
    mentions = list(_ME_ZH.finditer(statement))
    spans = sentence_spans(statement)
    if not mentions or mentions[0].start() >= spans[0][1]:
        return None
    if ASKS_HELP.search(statement):  # 帮用户推荐 would be an order of somebody else
        return None
    if not all(_may_be_named(statement, mention) for mention in mentions):
        return None
    return _ME_ZH.sub(lambda match: _owner_zh(match, subject), statement)


def _may_be_named(statement: str, mention: re.Match[str]) -> bool:
    """Whether 我 begins its clause, or follows what may stand before it."""
    place = mention.start()
    if mention["of"] or mention["kin"] or _NO_WORD.search(statement, 0, place):
        return True
    return bool(BEFORE_ME.search(statement, 0, place))


def _owner_zh(match: re.Match[str], subject: str) -> str:
    kin, of = match["kin"] or "", match["of"] or ""
    if kin:
        of = "" if kin == "家" else "的"  # 用户家附近, 用户家猫
    return f"{subject}{of}{_FULL_KIN.get(kin, kin)}"


_TYPED = (
    (re.compile(r"(?<![\w'’.\-])(?<!\bfor )i(?= [a-z])"), "I"),
    (re.compile(r"(?<![\w'’])i(?=['’](?:m|ve|ll|d)\b)"), "I"),
    (re.compile(r"(?<![\w'’])[iI]m\b(?= [a-z])|^[iI]m\b(?= \d)"), "I'm"),
    (re.compile(r"(?<![\w'’])[iI]ve\b(?= [a-z])"), "I've"),
    (
        re.compile(
            r"\b(do|does|did|is|are|was|were|could|would|should|have|has|ca)nt\b", re.I
        ),
        r"\1n't",
    ),
)


def well_typed(text: str) -> str:
    """The text with the first person and its verbs as they are spelt: "i dont" -> "I don't"."""
    for pattern, spelt in _TYPED:
        text = pattern.sub(spelt, text)
    return text
