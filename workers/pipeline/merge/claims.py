"""The claims of a statement: its clauses, what each is about, and the days, times and
amounts that it gives. Pure functions on words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from shared.language.lexical import without_date
from shared.language.words import terms

_PREFIX = re.compile(
    r"^(?!Correction|Update|更正|其实)(?:[A-Z][\w ]{1,30}|[\u3400-\u9fff]{2,8}):\s|^[\u3400-\u9fff]{2,8}："
)
_ASKED = re.compile(r"\s*[(（](?P<asked>[^()（）]*[?？])[)）]\s*")
_CLAUSE = re.compile(
    r"(?:[^.,;!?|\n，。；！？]|(?<=\d)[.,](?=\d)|[.,](?=\w)|\([^()]*\)|（[^（）]*）)+[?？]?"
)
_AND = re.compile(r"\s(?:and|but|so)\s")
_ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）")
_ASSISTANT = re.compile(r"^(?:Assistant:|The assistant\b|助手)")

_NAME = re.compile(
    r"(?<![.!?] )(?<!^)\b[A-Z][a-zà-ÿ]{2,}\b|\b[A-Z][a-zà-ÿ]{2,}(?=['’]s\b)"
)
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_SPANISH = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_NUMBER_ZH = {
    "一": "1",
    "二": "2",
    "两": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
    "十": "10",
    "十一": "11",
    "十二": "12",
    "日": "7",
    "天": "7",
}
_FEASTS = (
    "Christmas",
    "Easter",
    "Thanksgiving",
    "Halloween",
    "春节",
    "过年",
    "元旦",
    "清明",
    "五一",
    "端午",
    "国庆",
    "中秋",
    "元宵",
    "寒假",
    "暑假",
)
_MONTH = rf"(?:{'|'.join(_MONTHS)}|{'|'.join(_SPANISH)})"
_SURE = "|".join(
    name for name in (*_MONTHS, *_SPANISH) if name not in ("march", "may", "mayo")
)
_PARTS = tuple(
    (kind, re.compile(pattern, re.I))
    for kind, pattern in (
        ("month", rf"\b({_SURE})\b"),
        (
            "month",
            r"(?:\b(?:in|of|mid|early|late|until|till|since|to|de|en) |\d )(march|may"
            r"|mayo)\b|\b(march|may) (?=\d)",
        ),
        (
            "month",
            r"(?<!\d)(\d{1,2}|十[一二]?|[一二三四五六七八九])月(?!份?之?后|以后|前)",
        ),
        ("day", rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)?(?: de)? {_MONTH}\b"),
        ("day", rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)"),
        ("day", r"(?<!\d)(\d{1,2})[日号]"),
        ("day", r"\bthe (\d{1,2})(?:st|nd|rd|th)\b"),
        ("weekday", rf"\b({_DAYS})s?\b"),
        ("weekday", r"(?:周|星期|礼拜)([一二三四五六日天])"),
        ("clock", r"\b(\d{1,2}(?::\d\d)? ?[ap]\.?m\b)"),
        ("clock", r"(?<![\d:])(\d{1,2}:\d\d)(?![\d:])"),
        ("clock", r"(\d{1,2}|十[一二]?|[一二两三四五六七八九])点"),
        ("feast", rf"({'|'.join(_FEASTS)})"),
    )
)
_DATED = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)?(?: de)? {_MONTH}\b|\b{_MONTH} \d{{1,2}}\b|\d+[年月日号点](?:半"
    rf"|\d+分)?"
    r"|\d{1,2}:\d\d|\d{1,2} ?[ap]m\b",
    re.I,
)
_CALENDAR = re.compile(rf"{_DAYS}|{_MONTH}", re.I)
_AMOUNT = re.compile(
    r"(?<![A-Za-z0-9.:/-])[£$€¥]?(\d[\d,]*(?:\.\d+)?)\s?([km]\b|grand\b|万|千|百)?\s?(kg"
    r"|kilos?|pounds?|lbs?|cm|mg|ml|km|miles?|euros?|dollars?|people|guests"
    r"|invitados|personas|hours?|minutes?|days?|weeks?|months?|years?|times|公斤|千克|斤|厘米"
    r"|毫克|公里|元|块|人|个人|小时|分钟|天|周|年|次|岁|%)?"
    r"(?![\d:]|st\b|nd\b|rd\b|th\b|[年月日号点])",
    re.I,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONEY = re.compile(r"^(?:euros?|dollars?|元|块|pounds?)$", re.I)


@dataclass(frozen=True)
class Claim:
    """One clause; `end` is where it ends in the text that it stands in, `asked` what it answers."""

    text: str
    end: int
    asked: str = ""

    @cached_property
    def when(self) -> frozenset[tuple[str, str]]:
        """Parts of dates and times: ("weekday", "friday"), ("day", "3")."""
        parts: set[tuple[str, str]] = set()
        for kind, pattern in _PARTS:
            for match in pattern.finditer(self.text):
                value = next(filter(None, match.groups()))
                parts.add((kind, _one_form(kind, value)))
        return frozenset(parts)

    @cached_property
    def amounts(self) -> frozenset[tuple[str, str]]:
        """Numbers that are no dates, each with its unit or ""."""
        plain = _DATED.sub(" ", _ASIDE.sub(" ", self.text))
        return frozenset(
            (
                match[1].replace(",", "") + (match[2] or "").lower(),
                "money" if _MONEY.match(match[3] or "") else (match[3] or "").lower(),
            )
            for match in _AMOUNT.finditer(plain)
            if not _YEAR.fullmatch(match[1])
        )


def claims(text: str, context: str = "") -> list[Claim]:
    """The clauses of a memory's text, in order; the first also has the question that it
    answers, of the text or else of the context.
    """
    body = without_date(text)
    prefix = _PREFIX.match(body)
    start = prefix.end() if prefix else 0
    asked = _ASKED.match(body, start)
    plain = [
        Claim(*stretch) for stretch in _stretches(body, asked.end() if asked else start)
    ]
    if not plain:
        return []
    before = re.split(r"(?<=[.!?。！？])\s*", context.strip())
    questions = [part for part in before if part.endswith(("?", "？"))]
    question = asked["asked"] if asked else next(reversed(questions), "")
    return [Claim(plain[0].text, plain[0].end, question), *plain[1:]]


def names(text: str) -> set[str]:
    """Names in Latin letters within a text, not those of days and months."""
    return {name for name in _NAME.findall(text) if not _CALENDAR.fullmatch(name)}


def of_assistant(text: str) -> bool:
    """Whether a memory's text is what the assistant said."""
    return bool(_ASSISTANT.match(text))


def _stretches(body: str, start: int) -> list[tuple[str, int]]:
    stretches = []
    for match in _CLAUSE.finditer(body, start):
        at = match.start()
        for end in (
            *(cut.start() for cut in _AND.finditer(body, at, match.end())),
            match.end(),
        ):
            stretch = body[at:end]
            if terms(stretch):
                stretches.append((stretch.strip(), at + len(stretch.rstrip())))
            at = end
    return stretches


def _one_form(kind: str, said: str) -> str:
    said = _NUMBER_ZH.get(said, said.lower().replace(" ", ""))
    if kind == "month":
        return str(
            next(
                (
                    names.index(said) + 1
                    for names in (_MONTHS, _SPANISH)
                    if said in names
                ),
                said,
            )
        )
    if kind == "weekday" and not said.isdigit():
        return str(_DAYS.lower().split("|").index(said) + 1)
    return said
