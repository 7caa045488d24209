"""The attributes of a person or a thing that are asked for most often, and the ways to
state them that share no word with the question: "Where do I live?" and "The user moved
to Rome".
"""

from __future__ import annotations

import re
from functools import lru_cache

_JOBS = (
    r"nurse|doctor|teacher|engineer|lawyer|designer|manager|accountant|chef|cook|driver|programmer|developer|scientist|student|baker|writer"
    r"|electrician|plumber|farmer|artist|architect|dentist|pharmacist|journalist|consultant|carpenter|pilot"
)
_PATTERNS = {
    "home": (
        r"\bwhere\b[^?]*\b(?:live|lives|living|reside\w*|home|based)\b|\b(?:home|current) (?:address|city|town)\b"
        r"|住(?:在)?(?:哪|什么地方|几)|家(?:住|在)哪|住址|(?:哪个|什么)(?:城市|小区)",
        r"\b(?:lives?|living|lived|moved?|moving|relocated|settled|resides?)\b[^.]{0,40}\b(?:in|to|from|at|near)\b|\bhome is\b"
        r"|住在|住进|搬到|搬去|搬进|家在|定居",
    ),
    "job": (
        r"\bfor (?:a living|work)\b|\bwhere\b[^?]*\bwork|\b(?:job|occupation|profession|employer|career)\b|\bwhat (?:kind of |sort of )?work\b"
        r"|(?:做|干|是)什么(?:工作|的|职业|行业)|职业|(?:在哪|哪里|哪家|什么)[^？]{0,4}(?:工作|上班|公司|单位)",
        rf"\bwork(?:s|ed|ing)? (?:as|at|for|in)\b|\bemployed\b|\bjob (?:is|as|at)\b|\bruns? an?\b"
        rf"|\b(?:is|are|was|became) an? (?:[\w-]+ ){{0,3}}(?:{_JOBS})\b"
        r"|在[^，。]{1,16}(?:工作|上班|任职|当|做)|(?:是|当)(?:一名|一个|一位)?[^，。]{0,6}(?:师|员|医生|护士|经理|律师|司机|学生|工人)",
    ),
    "name": (
        r"\bnames?\b|\bwho (?:am i|is the user)\b|\bcalled\b|叫什么|名字|我是谁|怎么称呼",
        r"\bname(?:s|d)? (?:is |are |was )?\"?[A-Z]|\bcalled \"?[A-Z]|\bThe user is [A-Z][a-z]+\."
        r"|名字(?:叫|是)|[^，。]叫[^，。]{1,6}[，。（]|名叫|取名",
    ),
    "age": (
        r"\bhow old\b|\b(?:age|birthday)\b|\bborn\b|多大|几岁|生日|出生|年龄|年纪",
        r"\b\d+ years? old\b|\bbirthday\b|\bborn\b|\baged? \d|\bturn(?:s|ed|ing)? \d|\d+岁|生日|出生|属[鼠牛虎兔龙蛇马羊猴鸡狗猪]",
    ),
}
"""Attribute -> the pattern of a question for it, the pattern of a statement of it."""
_ASKED = {name: re.compile(asked, re.I) for name, (asked, _) in _PATTERNS.items()}
_STATED = {name: re.compile(stated) for name, (_, stated) in _PATTERNS.items()}


_OF_SUBJECT = {
    "home": frozenset({"home", "home_city", "address", "residence", "city"}),
    "job": frozenset({"job", "employer", "occupation", "profession", "work"}),
    "name": frozenset({"name", "full_name", "nickname"}),
    "age": frozenset({"age", "birthday", "date_of_birth"}),
}
"""Attribute -> the names that a language model gives it."""
_USER = "user."


def of_subject(subject: str) -> frozenset[str]:
    """The attributes that a statement about "user.employer" gives a value of."""
    if not subject.startswith(_USER):
        return frozenset()
    name = subject.removeprefix(_USER)
    return frozenset(
        attribute for attribute, names in _OF_SUBJECT.items() if name in names
    )


@lru_cache(maxsize=1024)
def asked(question: str) -> frozenset[str]:
    """The attributes that a question asks for."""
    return frozenset(
        name for name, pattern in _ASKED.items() if pattern.search(question)
    )


@lru_cache(maxsize=8192)
def stated(text: str) -> frozenset[str]:
    """The attributes of which a statement gives a value."""
    return frozenset(name for name, pattern in _STATED.items() if pattern.search(text))
